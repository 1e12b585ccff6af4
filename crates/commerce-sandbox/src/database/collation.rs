//! The database's collation `utf8_general_ci` with padded spaces, and the limits of its text columns.

/// Folds a text: two texts are equal to the database if their folded forms are. Case, accents and trailing spaces go.
///
/// Letters become capitals, so that sorting by this form puts `_` after them, as the database does.
pub fn fold(text: &str) -> String {
    mysql_collation::fold(text.trim_end_matches(' '))
}

/// Tells whether two texts are equal to the database.
pub fn same(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        let padless = |text: &str| text.trim_end_matches(' ').len();
        return a[..padless(a)].eq_ignore_ascii_case(&b[..padless(b)]);
    }
    fold(a) == fold(b)
}

/// Truncates a text as a `varchar(255)` does without strict mode.
pub fn stored(text: &str) -> String {
    three_byte(text).chars().take(255).collect()
}

/// Converts a text to three-byte UTF-8: each byte of a character beyond the basic plane becomes a question mark.
pub fn three_byte(text: &str) -> String {
    let mut converted = String::with_capacity(text.len());
    for character in text.chars() {
        if character.len_utf8() > 3 {
            converted.push_str("????");
        } else {
            converted.push(character);
        }
    }
    converted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_trailing_spaces_do_not_count() {
        assert!(same("zürich", "ZURICH"));
        assert!(same("brooklyn", "Brooklyn "));
        assert!(same("straße", "STRASE"));
        assert!(!same(" brooklyn", "brooklyn"));
        assert!(!same("køge", "koge"));
        assert!(!same("がん", "かん"));
        assert!(!same("й", "и"));
        assert!(!same("أ", "ا"));
    }

    #[test]
    fn the_underscore_sorts_after_letters() {
        assert!(fold("a_b") > fold("azb"));
    }

    #[test]
    fn columns_cut_and_replace() {
        assert_eq!(stored("wh_😀"), "wh_????");
        assert_eq!(stored(&"ü".repeat(256)).chars().count(), 255);
    }
}
