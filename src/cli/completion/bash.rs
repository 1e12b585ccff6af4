//! Completes a word as bash wants it: bash splits words at `=` and leaves quotation marks in them.

use super::names::Names;

/// A word of a command line that takes a name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The names that it takes.
    pub names: Names,
    /// The words of the line before it, without quotation marks.
    pub words: Vec<String>,
    /// The beginning of the word that bash leaves as it is.
    before: String,
    /// The part of the word that bash replaces.
    typed: String,
    /// The quotation mark that is open.
    quote: Option<char>,
}

impl Asked {
    /// What the last word of a line asks for; `None` if it takes no name. `word` is the part of it that bash replaces;
    /// `pieces` are the words of the line as bash splits them.
    pub(crate) fn of(word: &str, pieces: &[String]) -> Option<Self> {
        let mut words = joined(pieces);
        let last = words.pop()?;
        let (names, value) = match last.split_once('=') {
            Some((name, value)) if option(name).is_some() => (option(name)?, value),
            _ => (option(words.last()?)?, last.as_str()),
        };
        // After `=` the sign itself may count as the word.
        let word = word.trim_start_matches('=');
        let before = value.strip_suffix(word)?;
        Some(Self {
            names,
            words: words.iter().map(|word| unquoted(word)).collect(),
            before: unquoted(before),
            typed: unquoted(word),
            quote: before.chars().next_back().filter(|c| matches!(c, '"' | '\'')),
        })
    }

    /// The texts that may stand in place of the word, for each name that fits.
    pub(crate) fn replies(&self, known: &[String]) -> Vec<String> {
        let whole = format!("{}{}", self.before, self.typed);
        // Several targets stand behind each other, with commas between them.
        let listed = match whole.rfind(',') {
            Some(at) if self.names == Names::Targets => &whole[..=at],
            _ => "",
        };
        let fitting = known.iter().filter_map(|name| {
            let full = format!("{listed}{name}");
            let rest = full.strip_prefix(&self.before)?;
            if full.starts_with(&whole) {
                quoted(rest, self.quote)
            } else {
                None
            }
        });
        fitting.collect()
    }
}

/// The names that an option takes.
fn option(text: &str) -> Option<Names> {
    let long = text.strip_prefix("--")?;
    let mut options = Names::OPTIONS.iter();
    options
        .find(|(_, option)| *option == long)
        .map(|(names, _)| *names)
}

/// The words of a line: the pieces beside a piece of `=` or `:` belong to one word.
fn joined(pieces: &[String]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for piece in pieces {
        let joins = !piece.is_empty() && piece.chars().all(|c| matches!(c, '=' | ':'));
        match words.last_mut() {
            Some(last) if joins || open => last.push_str(piece),
            _ => words.push(piece.clone()),
        }
        open = joins;
    }
    words
}

/// The text that a shell makes of a word, perhaps with a quotation mark that is still open.
fn unquoted(word: &str) -> String {
    let mut text = String::new();
    let mut quote = None;
    let mut chars = word.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => text.extend(chars.next()),
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (c, _) => text.push(c),
        }
    }
    text
}

/// A text as it stands in a line, behind that quotation mark; `None` if it cannot stand there.
fn quoted(text: &str, quote: Option<char>) -> Option<String> {
    let is_special = |c: char| match quote {
        Some('\'') => false,
        Some(_) => matches!(c, '"' | '\\' | '$' | '`'),
        None => c.is_ascii() && !c.is_ascii_alphanumeric() && !"-_./,=:+@%".contains(c),
    };
    if quote == Some('\'') && text.contains('\'') {
        return None;
    }
    let mut line = String::new();
    for c in text.chars() {
        if is_special(c) {
            line.push('\\');
        }
        line.push(c);
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::{Asked, unquoted};
    use crate::cli::completion::names::Names;

    const STOCKS: [&str; 3] = ["Europe Stock", "Europe's $ Outlet", "North America Stock"];

    fn replies(word: &str, pieces: &[&str], known: &[&str]) -> Option<Vec<String>> {
        let pieces: Vec<String> = pieces.iter().map(|piece| (*piece).to_owned()).collect();
        let known: Vec<String> = known.iter().map(|name| (*name).to_owned()).collect();
        Asked::of(word, &pieces).map(|asked| asked.replies(&known))
    }

    #[test]
    fn a_stock_is_quoted_as_the_word_is() {
        for (word, piece, wanted) in [
            ("Eu", "Eu", vec![r"Europe\ Stock", r"Europe\'s\ \$\ Outlet"]),
            (r"Europe\ S", r"Europe\ S", vec![r"Europe\ Stock"]),
            ("Europe S", "'Europe S", vec!["Europe Stock"]),
            ("Eu", "'Eu", vec!["Europe Stock"]),
            ("Eu", "\"Eu", vec!["Europe Stock", r"Europe's \$ Outlet"]),
            ("x", "x", vec![]),
        ] {
            let found = replies(word, &["plan", "--stock", piece], &STOCKS);
            assert_eq!(
                found.as_deref(),
                Some(&wanted.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()[..]),
                "{piece}"
            );
        }
    }

    #[test]
    fn a_word_that_bash_splits_is_one() {
        let guards = ["deletes", "empty-stock=Europe Stock"];
        for (word, pieces, wanted) in [
            ("emp", vec!["--allow", "emp"], r"empty-stock=Europe\ Stock"),
            ("Eu", vec!["--allow", "empty-stock", "=", "Eu"], r"Europe\ Stock"),
            ("", vec!["--allow", "empty-stock", "="], r"Europe\ Stock"),
            ("=", vec!["--allow", "empty-stock", "="], r"Europe\ Stock"),
            (
                "Eu",
                vec!["--allow", "=", "empty-stock", "=", "Eu"],
                r"Europe\ Stock",
            ),
            ("d", vec!["--allow", "=", "d"], "deletes"),
        ] {
            let found = replies(word, &pieces, &guards);
            assert_eq!(found, Some(vec![wanted.to_owned()]), "{pieces:?}");
        }
    }

    #[test]
    fn targets_stand_behind_each_other() {
        let found = replies("eu,u", &["plan", "--target", "eu,u"], &["eu", "us"]);
        assert_eq!(found, Some(vec!["eu,us".to_owned()]));
    }

    #[test]
    fn other_words_take_no_name() {
        assert_eq!(replies("te", &["plan", "--format", "te"], &["text"]), None);
        assert_eq!(replies("--st", &["plan", "--st"], &[]), None);
        assert_eq!(replies("", &[], &[]), None);
    }

    #[test]
    fn the_words_before_it_may_name_files() {
        let pieces = ["-f", "my\\ files", "--targets", "=", "'a b.yaml'", "--target", ""];
        let asked = Asked::of("", &pieces.map(str::to_owned)).unwrap();
        assert_eq!(asked.names, Names::Targets);
        assert_eq!(asked.words, ["-f", "my files", "--targets=a b.yaml", "--target"]);
        assert_eq!(unquoted("\"a\\\"b\" 'c\\d"), "a\"b c\\d");
    }
}
