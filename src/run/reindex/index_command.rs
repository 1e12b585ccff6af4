//! Finds the indexes that a command line requests. Pure.

const GROUP: &str = "indexer";
const COMMAND: &str = "reindex";

/// The characters between two commands of a shell line.
const BETWEEN_COMMANDS: [char; 7] = [';', '&', '|', '\n', '(', ')', '`'];
const QUOTES: [char; 3] = ['"', '\'', '\\'];

/// True if a command visibly rebuilds the inventory index.
pub(super) fn rebuilds_inventory(words: Vec<&str>) -> bool {
    requested_indexes(words).is_some_and(|requested| requested.contains(&"inventory"))
}

/// The indexes that a command line requests; without names, at least the inventory index. `None` for a command that is not
/// an index run.
pub(super) fn requested_indexes(words: Vec<&str>) -> Option<Vec<&str>> {
    let mut requested: Option<Vec<&str>> = None;
    let mut collecting = false;
    for word in words {
        for (at, command) in word.split(BETWEEN_COMMANDS).enumerate() {
            // An argument continues the command before it; the part behind a `;` or `&&` in it does not.
            collecting &= at == 0;
            for word in command.split_whitespace().map(|word| word.trim_matches(QUOTES)) {
                if is_index_run(word) {
                    requested.get_or_insert_default();
                    collecting = true;
                } else if word.contains(['>', '<']) || word.starts_with('#') {
                    collecting = false;
                } else if collecting && !word.starts_with('-') && !word.is_empty() {
                    let requested = requested.get_or_insert_default();
                    if !requested.contains(&word) {
                        requested.push(word);
                    }
                }
            }
        }
    }
    let mut requested = requested?;
    if requested.is_empty() {
        requested.push("inventory");
    }
    Some(requested)
}

/// True if a word is the command, in full or shortened as the shop's console allows: `i:rei` is the command, `i:re` could be
/// another.
fn is_index_run(word: &str) -> bool {
    let Some((group, command)) = word.split_once(':') else {
        return false;
    };
    !group.is_empty() && GROUP.starts_with(group) && command.len() >= 3 && COMMAND.starts_with(command)
}
