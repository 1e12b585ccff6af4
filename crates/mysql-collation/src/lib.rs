//! Text as MySQL and MariaDB compare it under `utf8_general_ci`: without case and accents, by the measured table.

// Tests may panic.
#![warn(clippy::unwrap_used, clippy::expect_used)]

use unicode_normalization::UnicodeNormalization;

/// The blocks of 256 characters in which the database folds. Elsewhere each character equals only itself: Korean
/// syllables, kana and ideographs are all distinct.
const FOLDED_BLOCKS: [u32; 11] = [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x1E, 0x1F, 0x21, 0x24, 0xFF];

/// Characters within those blocks that the database does not fold: mostly letters that are newer than its table. First
/// and last of each range.
const NOT_FOLDED: [(u32, u32); 33] = [
    (0x0180, 0x0180),
    (0x019A, 0x019E),
    (0x023C, 0x024F),
    (0x0289, 0x0289),
    (0x028C, 0x028C),
    (0x0340, 0x0344),
    (0x0371, 0x0385),
    (0x0387, 0x0387),
    (0x03D7, 0x03D9),
    (0x03F3, 0x03FB),
    (0x0419, 0x0419), // Й, a letter of its own, not an accented И
    (0x048B, 0x048B),
    (0x04C6, 0x04C6),
    (0x04CA, 0x04CA),
    (0x04CE, 0x04CF),
    (0x04F7, 0x04F7),
    (0x04FB, 0x052F),
    (0x1EFB, 0x1EFF),
    (0x1FBB, 0x1FBB),
    (0x1FC1, 0x1FC1),
    (0x1FC9, 0x1FC9),
    (0x1FCB, 0x1FCB),
    (0x1FCD, 0x1FCF),
    (0x1FD3, 0x1FD3),
    (0x1FDB, 0x1FDF),
    (0x1FE3, 0x1FE3),
    (0x1FEB, 0x1FEB),
    (0x1FED, 0x1FEF),
    (0x1FF9, 0x1FF9),
    (0x1FFB, 0x1FFB),
    (0x1FFD, 0x1FFD),
    (0x2126, 0x214E),
    (0x2184, 0x21CF),
];

/// Characters that the database folds to something else than the rule of [`fold`] gives.
const ODD: [(char, char); 10] = [
    ('ß', 'S'), // a sharp s equals one s, not two
    ('\u{3F2}', 'Σ'),
    ('й', 'Й'),
    ('\u{1F71}', '\u{1FBB}'),
    ('\u{1F73}', '\u{1FC9}'),
    ('\u{1F75}', '\u{1FCB}'),
    ('\u{1F77}', '\u{1FDB}'),
    ('\u{1F79}', '\u{1FF9}'),
    ('\u{1F7B}', '\u{1FEB}'),
    ('\u{1F7D}', '\u{1FFB}'),
];

/// The text that the server stores for a character beyond the basic plane (recording 02, step 02-094).
const BEYOND: &str = "????";

/// Folds a code or name to the form in which the server's database compares it.
///
/// The rule is that of `utf8_general_ci` (and, for the basic plane, `utf8mb4_general_ci`), character by character: the base
/// letter of the canonical decomposition and its capital, when that is one character, but only from and to
/// `FOLDED_BLOCKS` and with the exceptions of `NOT_FOLDED` and `ODD`. A combining accent is a character of its own.
/// Characters beyond the basic plane fold to the text that the server stores for them.
///
/// ```
/// assert_eq!(mysql_collation::fold("zürich"), mysql_collation::fold("ZURICH"));
/// assert_ne!(mysql_collation::fold("ne_wh"), mysql_collation::fold("ne-wh"));
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if u32::from(c) > 0xFFFF {
            folded.push_str(BEYOND);
        } else {
            folded.push(fold_char(c));
        }
    }
    folded
}

fn fold_char(c: char) -> char {
    let number = u32::from(c);
    if let Some((_, to)) = ODD.iter().find(|(from, _)| *from == c) {
        return *to;
    }
    if !folds(c) || is_not_folded(number) {
        return c;
    }
    let base = std::iter::once(c).nfd().next().unwrap_or(c);
    let mut capital = base.to_uppercase();
    match (capital.next(), capital.next()) {
        (Some(one), None) if folds(one) => one,
        _ => base,
    }
}

fn folds(c: char) -> bool {
    FOLDED_BLOCKS.contains(&(u32::from(c) >> 8))
}

fn is_not_folded(number: u32) -> bool {
    let at = NOT_FOLDED.partition_point(|(_, last)| *last < number);
    NOT_FOLDED.get(at).is_some_and(|(first, _)| *first <= number)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use sha2::{Digest, Sha256};

    use super::fold;

    #[test]
    fn case_and_accents_do_not_count() {
        assert_eq!(fold("Brooklyn"), fold("BROOKLYN"));
        assert_eq!(fold("zürich"), fold("ZURICH"));
        assert_eq!(fold("straße"), fold("STRASE"));
        assert_eq!(fold("Łódź"), fold("łODZ"));
    }

    #[test]
    fn letters_of_their_own_count() {
        assert_ne!(fold("й"), fold("и"));
        assert_ne!(fold("ø"), fold("o"));
        assert_ne!(fold("ne_wh"), fold("newh"));
        assert_ne!(fold("가게"), fold("강게"), "Korean syllables that begin alike");
        assert_ne!(fold("がん"), fold("かん"), "a voiced kana");
        assert_ne!(fold("أحمد"), fold("احمد"), "an Arabic letter with its sign");
    }

    #[test]
    fn a_combining_accent_is_a_character_of_its_own() {
        assert_ne!(fold("e\u{301}cole"), fold("école"));
    }

    #[test]
    fn an_emoji_is_what_the_server_stores_for_it() {
        assert_eq!(fold("wh 😀"), fold("wh ????"));
    }

    /// Measured on `MariaDB` 10.11: `HEX(WEIGHT_STRING(c))` of every character of the basic plane, the same for
    /// `utf8mb3_general_ci` and `utf8mb4_general_ci`, one line `CODE WEIGHT` each.
    #[test]
    fn every_character_weighs_what_it_weighs_in_the_database() {
        let mut weights = String::new();
        for c in (1..=0xFFFF).filter_map(char::from_u32) {
            let folded = fold(&c.to_string());
            let weight = folded.chars().next().map_or(0, u32::from);
            assert_eq!(folded.chars().count(), 1, "{c:?}");
            writeln!(weights, "{:04X} {weight:04X}", u32::from(c)).unwrap();
        }
        let mut digest = String::new();
        for byte in Sha256::digest(weights.as_bytes()) {
            write!(digest, "{byte:02x}").unwrap();
        }
        assert_eq!(
            digest,
            "40d0b2107c03ee6cf4a5d1f8052eb28a60e520e8239244bdd5a284671a00d6af"
        );
    }
}
