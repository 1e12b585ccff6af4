//! Numbers with their nouns, lists of counts, time stamps and wrapped lines.

use spanned_yaml::diag::joined;
use textwrap::Options;

/// `1 link`, `2 links`.
pub fn count<N: Copy + PartialEq + From<u8> + std::fmt::Display>(number: N, noun: &str) -> String {
    if number == N::from(1) {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// The parts that are not zero, such as `2 to create, 1 to delete`; empty when all are.
pub(super) fn parts(parts: &[(u32, &str)]) -> String {
    let shown = parts.iter().filter(|(number, _)| *number > 0);
    joined(shown.map(|(number, word)| format!("{number} {word}")), ", ")
}

/// A time stamp for people, such as `2026-02-03 04:05 UTC`. A text that is no time stamp stays as it is.
pub(super) fn moment(text: &str) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(moment) => moment.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => text.to_owned(),
    }
}

/// A time stamp without the fraction of its second. A text that is no time stamp stays as it is.
pub fn whole_second(text: &str) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(time) => format!("{time:.0}"),
        Err(_) => text.to_owned(),
    }
}

/// Wraps a text to so many columns. Every line has the indent, those after the first two more blanks. Styles have no
/// width. A word that is longer than a line is broken.
pub(super) fn wrapped(text: &str, columns: u16, indent: &str) -> String {
    let further = format!("{indent}  ");
    let options = Options::new(usize::from(columns))
        .initial_indent(indent)
        .subsequent_indent(&further);
    textwrap::fill(text, options)
}

/// Wraps each line and keeps its indent. Without a number of columns the text stays as it is.
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
