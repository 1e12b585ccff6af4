//! The one comparison of codes and names: without case and accents, as the server's database compares them.

use unicode_normalization::UnicodeNormalization;

/// Characters that the database's collation (`utf8_general_ci`) keeps or maps against the rule of [`fold`].
const EXCEPTIONS: [(char, char); 3] = [
    ('ß', 'S'), // a sharp s equals one s, not two
    ('й', 'Й'), // a letter of its own, not an accented и
    ('Й', 'Й'),
];

/// Folds a code or name to the form in which the server's database compares it.
///
/// The rule is that of `utf8_general_ci`, character by character: take the base letter of the canonical decomposition
/// and its capital, when that is one character; [`EXCEPTIONS`] first. Characters beyond the basic plane are stored as
/// `?` by the server (recordings 02, "emoji") and fold to it.
///
/// ```
/// assert_eq!(stocktake::model::fold("zürich"), stocktake::model::fold("ZURICH"));
/// assert_ne!(stocktake::model::fold("ne_wh"), stocktake::model::fold("ne-wh"));
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    text.nfc().map(fold_char).collect()
}

fn fold_char(c: char) -> char {
    if let Some((_, to)) = EXCEPTIONS.iter().find(|(from, _)| *from == c) {
        return *to;
    }
    if u32::from(c) > 0xFFFF {
        return '?';
    }
    let base = std::iter::once(c).nfd().next().unwrap_or(c);
    let mut capital = base.to_uppercase();
    match (capital.next(), capital.next()) {
        (Some(one), None) => one,
        _ => base,
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_and_accents_do_not_count() {
        assert_eq!(fold("Brooklyn"), fold("BROOKLYN"));
        assert_eq!(fold("zürich"), fold("ZURICH"));
        assert_eq!(fold("straße"), fold("STRASE"));
        assert_eq!(fold("e\u{301}cole"), fold("école"));
    }

    #[test]
    fn letters_of_their_own_count() {
        assert_ne!(fold("й"), fold("и"));
        assert_ne!(fold("ø"), fold("o"));
        assert_ne!(fold("ne_wh"), fold("newh"));
    }
}
