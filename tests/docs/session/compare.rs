//! What a command printed against what the page shows: what differs from run to run is masked in both.

use regex::Regex;
use snapbox::assert::{Action, Assert};
use snapbox::data::Data;
use snapbox::report::Palette;

/// What differs from run to run.
const MASKS: [(&str, &str); 5] = [
    (
        "[ID]",
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    ),
    (
        "[TIME]",
        r"\d{4}-\d\d-\d\d[T ]\d\d:?\d\d(:?\d\d(\.\d+)?)?(Z| UTC)?",
    ),
    ("[TIME]", r"\d{8}T\d{6}(\.\d+)?Z?"),
    ("[HASH]", r"\b[0-9a-f]{8,64}\b"),
    ("[DURATION]", r"\b\d+(\.\d+)? ?m?s\b"),
];

fn masked(text: &str) -> String {
    MASKS.iter().fold(text.to_owned(), |text, (mask, pattern)| {
        let pattern = Regex::new(pattern).expect("a pattern");
        pattern.replace_all(&text, *mask).into_owned()
    })
}

/// The difference between what a page shows and what was printed, if there is one. A line `…` on the page stands for any lines.
pub fn difference(shown: &str, printed: &str) -> Option<String> {
    let lines = shown
        .lines()
        .map(|line| if line.trim() == "…" { "..." } else { line });
    let shown: String = lines.flat_map(|line| [line, "\n"]).collect();
    let compared = Assert::new()
        .palette(Palette::plain())
        .action(Action::Verify)
        .try_eq(
            Some(&"what it printed"),
            Data::text(masked(printed)),
            Data::text(masked(&shown)),
        );
    compared.err().map(|difference| difference.to_string())
}

#[test]
fn only_what_differs_from_run_to_run_is_masked() {
    let shown = "a\nvalid until 2026-11-24T09:00:00Z\n…\nin 0.2 s\n";
    let printed = "a\nvalid until 2027-01-02T03:04:05.678Z\nb\nc\nin 1.7 s\n";
    assert_eq!(difference(shown, printed), None);
    assert!(difference(shown, &printed.replace('a', "b")).is_some());
    assert!(difference("a\n", "a\nb\n").is_some());
    assert!(difference("priority 9\n", "priority 8\n").is_some());
    assert!(difference("", "a\n").is_some());
    assert_eq!(difference("…\n", ""), None);
}
