//! Troubleshooting quotes messages: each of them stands in the code of the program, or in that of the shop.

use super::page::{markdown, pages, root, sources_below};

const PAGE: &str = "docs/how-to/troubleshooting.md";

/// The messages in the first column of the page's tables.
fn quoted(text: &str) -> Vec<&str> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split_once("` |"))
        .map(|(message, _)| message)
        .collect()
}

/// Code with its strings in one piece: a literal may go on in the next line.
fn joined(code: &str) -> String {
    let mut parts = code.split("\\\n");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.trim_start())
}

/// Whether one file has all parts of a message. `…` stands for what is filled in.
fn is_printed(message: &str, code: &[String]) -> bool {
    let parts: Vec<&str> = message
        .split('…')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    !parts.is_empty()
        && code
            .iter()
            .any(|file| parts.iter().all(|part| file.contains(part)))
}

fn code() -> Vec<String> {
    let files = ["src", "crates"].map(|folder| sources_below(&root().join(folder)));
    files.iter().flatten().map(|(_, text)| joined(text)).collect()
}

#[test]
fn every_message_is_one_that_is_printed() {
    let (text, code) = (markdown(PAGE), code());
    let messages = quoted(&text);
    assert!(messages.len() > 30, "only {} messages were found", messages.len());
    let wrong: Vec<&str> = messages
        .into_iter()
        .filter(|message| !is_printed(message, &code))
        .collect();
    assert!(
        wrong.is_empty(),
        "{PAGE} quotes what nothing prints:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn a_message_that_nothing_prints_is_found() {
    let code = [joined("say(\"the shop \\\n     is {away} now\")")];
    assert!(is_printed("the shop is … now", &code));
    assert!(!is_printed("the shop was … now", &code));
    assert!(!is_printed("…", &code));
    assert_eq!(quoted("| `a` | b |\n| c | `d` |\n"), ["a"]);
    assert!(pages().iter().any(|page| page.name == PAGE));
}
