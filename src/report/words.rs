//! Numbers with their nouns, lists of parts, and lines that are not too long.

use textwrap::Options;

/// `1 link`, `2 links`.
pub fn count<N: Copy + PartialEq + From<u8> + std::fmt::Display>(number: N, noun: &str) -> String {
    if number == N::from(1) {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// The parts that are not zero, such as `2 to create, 1 to move`; empty when all are.
pub(super) fn parts(parts: &[(u32, &str)]) -> String {
    let told: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    told.join(", ")
}

/// A moment of a plan for a person, such as `2026-02-03 04:05 UTC`; what is no moment is left as it stands.
pub(super) fn moment(text: &str) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(moment) => moment.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => text.to_owned(),
    }
}

/// A text in lines of so many columns at most, all of them behind an indent and those after the first behind two blanks
/// more; styles have no width. A word that is longer than a line is broken; nothing is left out.
pub(super) fn wrapped(text: &str, columns: u16, indent: &str) -> String {
    let further = format!("{indent}  ");
    let options = Options::new(usize::from(columns))
        .initial_indent(indent)
        .subsequent_indent(&further);
    textwrap::fill(text, options)
}

/// Lines that keep their indents, none of them wider than that; as they are where there is no bound.
pub(super) fn fitted(text: &str, columns: Option<u16>) -> String {
    let Some(columns) = columns else {
        return text.to_owned();
    };
    let lines = text.lines().map(|line| {
        let words = line.trim_start();
        wrapped(words, columns, &line[..line.len() - words.len()]) + "\n"
    });
    lines.collect()
}
