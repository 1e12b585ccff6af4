//! What the templates of pages and pictures apply to texts.

#![expect(
    clippy::inline_always,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "askama makes a filter of a function in this way"
)]

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
