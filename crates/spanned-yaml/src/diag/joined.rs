//! Puts the items of a list into one text.

use std::fmt::{Display, Write as _};

/// The items with a text between each two.
pub fn joined(items: impl IntoIterator<Item = impl Display>, between: &str) -> String {
    let mut out = String::new();
    for (at, item) in items.into_iter().enumerate() {
        let between = if at > 0 { between } else { "" };
        // Writing to a String cannot fail.
        let _ = write!(out, "{between}{item}");
    }
    out
}
