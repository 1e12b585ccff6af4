//! The choices of a canonical layout.

/// The choices besides indentation and quotes.
#[derive(Debug, Clone, Copy)]
pub struct FormatStyle {
    /// The order of keys; others keep theirs behind these.
    pub keys: &'static [&'static str],
    /// Mappings in a list that have one of these keys stand in braces, one a line.
    pub in_braces: &'static [&'static str],
    /// The widest line that brackets and braces may fill.
    pub width: usize,
}
