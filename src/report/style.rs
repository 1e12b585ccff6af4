//! The few styles of the text output; none carries a meaning alone, each stands beside a rune or a word.

use anstyle::{AnsiColor, Style};

/// What goes away, and errors.
pub(super) const DELETE: Style = AnsiColor::Red.on_default();
/// What comes, and success.
pub(super) const CREATE: Style = AnsiColor::Green.on_default();
/// What moves, and warnings.
pub(super) const MOVE: Style = AnsiColor::Yellow.on_default();
/// Headings.
pub(super) const HEADING: Style = Style::new().bold();
/// What is there for orientation.
pub(super) const FAINT: Style = Style::new().dimmed();
