//! Reads what a step prints about indexes, line by line (recordings 07, 07b, 11b). Pure.

use std::collections::BTreeSet;

/// How a rebuilt index is told, after its title.
const REBUILT: &str = " index has been rebuilt successfully in ";

/// How an index is told that another run holds. Before it stands the title, in 2.4.1 after `exception: `.
const HELD: &str = " index is locked by another reindex process";

/// How a fault is told whose message stands on the next line, after a title or alone: by 2.4.1 and since 2.4.3.
const WITH_NEXT_LINE: [&str; 2] = [
    "process unknown error:",
    "process error during indexation process:",
];

/// How a fault is told whose message stands on the same line, after a title.
const EXCEPTION: &str = " index exception: ";

/// The most indexes, and the most faults, that are kept; a shop has fewer than twenty indexers.
const MOST: usize = 100;

/// What a step has printed about indexes. The last word on an index counts: a script may try again by itself.
#[derive(Debug, Default)]
pub(super) struct Printed {
    successes: BTreeSet<String>,
    faults: Vec<Fault>,
    /// True if the next line is the message of the last fault.
    is_open: bool,
    other: Option<String>,
}

/// An index that was not rebuilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The title of the index, where it is named.
    pub title: Option<String>,
    /// True if another run holds it.
    pub is_held: bool,
    /// What was printed.
    pub message: String,
}

impl Printed {
    /// Reads one line more.
    pub(super) fn take(&mut self, line: &str) {
        let line = line.trim();
        if line.is_empty() {
            return;
        }
        let is_message = std::mem::take(&mut self.is_open);
        if let Some((title, _)) = line.split_once(REBUILT) {
            self.faults.retain(|fault| fault.title.as_deref() != Some(title));
            if self.successes.len() < MOST {
                self.successes.insert(title.to_owned());
            }
        } else if let Some((title, _)) = line.split_once(HELD) {
            if is_message {
                self.faults.pop();
            }
            let title = title.strip_prefix("exception: ").unwrap_or(title);
            self.fails(Some(title), true, line);
        } else if let (true, Some(fault)) = (is_message, self.faults.last_mut()) {
            fault.message.push(' ');
            fault.message.push_str(line);
        } else if let Some((title, _)) = line.split_once(EXCEPTION) {
            self.fails(Some(title), false, line);
        } else if let Some(before) = WITH_NEXT_LINE.iter().find_map(|words| line.strip_suffix(words)) {
            match before.strip_suffix(" index ") {
                Some(title) => self.fails(Some(title), false, line),
                None if before.is_empty() => self.fails(None, false, line),
                None => return self.says(line),
            }
            self.is_open = true;
        } else {
            self.says(line);
        }
    }

    /// True if an index of that title was rebuilt, and nothing was said against it later.
    pub(super) fn is_rebuilt(&self, title: &str) -> bool {
        let mut faults = self.faults.iter();
        self.successes.contains(title) && !faults.any(|fault| fault.title.as_deref() == Some(title))
    }

    /// The number of indexes that were rebuilt.
    pub(super) fn successes(&self) -> usize {
        self.successes.len()
    }

    /// The indexes that were not rebuilt, in the order in which they were told.
    pub(super) fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// The first line that tells of no index.
    pub(super) fn other(&self) -> Option<&str> {
        self.other.as_deref()
    }

    fn fails(&mut self, title: Option<&str>, is_held: bool, line: &str) {
        self.faults
            .retain(|fault| title.is_none() || fault.title.as_deref() != title);
        if self.faults.len() < MOST {
            self.faults.push(Fault {
                title: title.map(ToOwned::to_owned),
                is_held,
                message: line.to_owned(),
            });
        }
    }

    fn says(&mut self, line: &str) {
        self.other.get_or_insert_with(|| line.to_owned());
    }
}

impl<'a> FromIterator<&'a str> for Printed {
    fn from_iter<T: IntoIterator<Item = &'a str>>(lines: T) -> Self {
        let mut printed = Self::default();
        lines.into_iter().for_each(|line| printed.take(line));
        printed
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Printed};

    fn printed(text: &str) -> Printed {
        text.lines().collect()
    }

    fn fault(title: Option<&str>, is_held: bool, message: &str) -> Fault {
        Fault {
            title: title.map(ToOwned::to_owned),
            is_held,
            message: message.to_owned(),
        }
    }

    #[test]
    fn a_held_index_is_known_in_every_generation() {
        let held = "Inventory index is locked by another reindex process. Skipping.";
        // 2.4.1/07-235
        let old = format!(
            "exception: {held}\n\
             Product Price index has been rebuilt successfully in 00:00:00\n\
             Catalog Search index has been rebuilt successfully in 00:00:02\n"
        );
        // 2.4.7/07-235
        let middle = format!(
            "process error during indexation process:\n{held}\n\
             Product Price index has been rebuilt successfully in 00:00:00\n\
             Catalog Search index has been rebuilt successfully in 00:00:02\n"
        );
        // 2.4.8/07-235, 2.4.8/18b-006
        let new = format!("process error during indexation process:\n{held}\n");
        for (text, message, successes) in [
            (old, format!("exception: {held}"), 2),
            (middle, held.to_owned(), 2),
            (new, held.to_owned(), 0),
        ] {
            let printed = printed(&text);
            assert_eq!(
                printed.faults(),
                [fault(Some("Inventory"), true, &message)],
                "{text}"
            );
            assert_eq!(printed.successes(), successes, "{text}");
            assert!(!printed.is_rebuilt("Inventory"));
        }
    }

    #[test]
    fn a_fault_is_told_with_its_message() {
        let missing = "SQLSTATE[42S02]: Base table or view not found: 1146 Table 'magento.inventory_stock_4' doesn't exist";
        for (text, expected) in [
            // 2.4.1/07b-012, shortened
            (
                format!("Inventory index process unknown error:\n{missing}\n INNER JOIN `catalog_product_entity`\n"),
                fault(
                    Some("Inventory"),
                    false,
                    &format!("Inventory index process unknown error: {missing}"),
                ),
            ),
            // 2.4.8/07-169, shortened
            (
                format!("Inventory index process error during indexation process:\n{missing}\n"),
                fault(
                    Some("Inventory"),
                    false,
                    &format!("Inventory index process error during indexation process: {missing}"),
                ),
            ),
            // 2.4.1/11b-001
            (
                "Catalog Search index exception: Could not ping search engine: No alive nodes found in your cluster"
                    .to_owned(),
                fault(
                    Some("Catalog Search"),
                    false,
                    "Catalog Search index exception: Could not ping search engine: No alive nodes found in your cluster",
                ),
            ),
            // In the shape of 2.4.8/18b-006, with another message.
            (
                "process error during indexation process:\n\nNo space left on device\nbye\n".to_owned(),
                fault(
                    None,
                    false,
                    "process error during indexation process: No space left on device",
                ),
            ),
        ] {
            assert_eq!(printed(&text).faults(), [expected], "{text}");
        }
    }

    #[test]
    fn the_last_word_on_an_index_counts() {
        let held = "Inventory index is locked by another reindex process. Skipping.\n";
        let success = "Inventory index has been rebuilt successfully in 00:00:01\n";
        let again = printed(&format!("{held}{held}waiting\n{success}"));
        assert!(
            again.faults().is_empty() && again.is_rebuilt("Inventory"),
            "{again:?}"
        );
        let later = printed(&format!("{success}{held}"));
        assert!(
            later.faults().len() == 1 && !later.is_rebuilt("Inventory"),
            "{later:?}"
        );
        let other = printed(&format!("Catalog Search index exception: x\n{success}"));
        assert_eq!(other.faults().len(), 1, "{other:?}");
    }

    #[test]
    fn other_lines_tell_of_no_index() {
        for line in [
            "Inventory indexer has been invalidated.",
            "the last process unknown error: none",
            "an exception: none",
            "Skipping.",
            "| inventory | Inventory | Processing | Save | | |",
        ] {
            let printed = printed(line);
            assert!(
                printed.faults().is_empty() && printed.successes() == 0,
                "{printed:?}"
            );
            assert_eq!(printed.other(), Some(line));
        }
    }

    #[test]
    fn what_is_kept_has_a_bound() {
        let mut printed = Printed::default();
        for number in 0..1_000 {
            printed.take(&format!(
                "N{number} index has been rebuilt successfully in 00:00:01"
            ));
            printed.take(&format!("F{number} index exception: x"));
        }
        assert_eq!(
            (printed.successes(), printed.faults().len()),
            (super::MOST, super::MOST)
        );
    }
}
