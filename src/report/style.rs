//! The styles of the text output. A style never carries a meaning alone: a symbol or a word stands beside it.

use anstyle::{AnsiColor, Style};

/// Deletes and errors.
pub(super) const DELETE: Style = AnsiColor::Red.on_default();
/// Creates and success.
pub(super) const CREATE: Style = AnsiColor::Green.on_default();
/// Moves and warnings.
pub(super) const MOVE: Style = AnsiColor::Yellow.on_default();
/// Headings.
pub(super) const HEADING: Style = Style::new().bold();
/// Less important details.
pub(super) const FAINT: Style = Style::new().dimmed();
