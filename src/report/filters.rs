//! What the templates of pages and pictures apply to texts.

#![expect(
    clippy::inline_always,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "askama makes a filter of a function in this way"
)]

use std::borrow::Cow;
use std::fmt::Display;

/// A text from outside with its hidden characters spelt out.
#[askama::filter_fn]
pub(super) fn visible(text: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
    Ok(spanned_yaml::diag::visible(&text.to_string()).into_owned())
}

/// The beginning of a text that fits into so many characters. The tooltip shows all of it.
#[askama::filter_fn]
pub(super) fn fitting(text: String, _: &dyn askama::Values, characters: usize) -> askama::Result<String> {
    Ok(match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    })
}

/// The same for a message of ours, which quotes code as programmers do.
#[askama::filter_fn]
pub(super) fn plain(text: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
    let text = text.to_string();
    Ok(spanned_yaml::diag::visible(&unquoted(&text)).into_owned())
}

/// A message with quotation marks in place of backticks. Without a partner for each, they stay.
pub(super) fn unquoted(message: &str) -> Cow<'_, str> {
    let parts: Vec<&str> = message.split('`').collect();
    if parts.len() == 1 || parts.len().is_multiple_of(2) {
        return message.into();
    }
    let marks = ["“", "”"].into_iter().cycle();
    let mut marked = String::new();
    for (part, mark) in parts.iter().zip(marks) {
        marked += part;
        marked += mark;
    }
    // The last part ends the message.
    marked.truncate(marked.len() - "“".len());
    marked.into()
}
