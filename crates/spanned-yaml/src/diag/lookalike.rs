//! Compares words that look alike: names the characters in which they differ by code point and position.

use std::iter::zip;

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::confusable_detection::skeleton;

use super::code_point::code_point;
use super::hidden_chars::is_hidden;
use super::joined::joined;
use super::shown::shown;

/// The most characters that are listed one by one.
const MOST: usize = 3;

/// The appearance of a word: equal for words that many fonts show alike (the skeleton of Unicode's report 39), without
/// regard to letter case and blanks.
pub fn look(word: &str) -> String {
    let seen: String = word.nfc().filter(|c| !is_hidden(*c)).collect();
    let blank = |c: char| if c.is_whitespace() { ' ' } else { c };
    let skeleton: String = skeleton(&seen).flat_map(char::to_lowercase).map(blank).collect();
    joined(skeleton.split(' ').filter(|part| !part.is_empty()), " ")
}

/// True if two different words look the same. Two ASCII words never do.
pub fn look_alike(a: &str, b: &str) -> bool {
    a != b && !(a.is_ascii() && b.is_ascii()) && look(a) == look(b)
}

/// Asks whether a known word was meant; where the two look alike, with the characters in which they differ.
pub fn did_you_mean(written: &str, known: &str) -> String {
    let question = format!("did you mean `{}`?", shown(known));
    if look_alike(written, known) {
        format!("{question} They look alike: {}", differences(written, known))
    } else {
        question
    }
}

/// Lists the characters in which a written word differs from a known one.
pub fn differences(written: &str, known: &str) -> String {
    let (ours, theirs): (Vec<char>, Vec<char>) = (written.chars().collect(), known.chars().collect());
    let begin = zip(&ours, &theirs).take_while(|(a, b)| a == b).count();
    let (ours, theirs) = (&ours[begin..], &theirs[begin..]);
    let end = zip(ours.iter().rev(), theirs.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (ours, theirs) = (&ours[..ours.len() - end], &theirs[..theirs.len() - end]);
    if ours.len() != theirs.len() {
        let (from, is, not) = (begin + 1, listed(ours), listed(theirs));
        return format!("from character {from} on, {is} is written, not {not}");
    }
    let pairs = zip(ours, theirs).enumerate().filter(|(_, (a, b))| a != b);
    let mut listed: Vec<String> = pairs
        .map(|(at, (a, b))| {
            let (at, is, not) = (begin + at + 1, code_point(*a), code_point(*b));
            format!("character {at} is {is}, not {not}")
        })
        .collect();
    if listed.len() > MOST {
        let rest = listed.len() - MOST;
        listed.truncate(MOST);
        listed.push(format!("and {rest} more"));
    }
    listed.join("; ")
}

fn listed(characters: &[char]) -> String {
    let mut listed: Vec<String> = characters.iter().take(MOST).map(|c| code_point(*c)).collect();
    if characters.len() > MOST {
        listed.push(format!("{} more", characters.len() - MOST));
    }
    if listed.is_empty() {
        "nothing".to_owned()
    } else {
        listed.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, differences, look_alike};

    #[test]
    fn words_that_nobody_can_tell_apart() {
        for (written, known, expected) in [
            (
                "Europe\u{a0}Stock",
                "Europe Stock",
                "character 7 is U+00A0 NO-BREAK SPACE, not U+0020 SPACE",
            ),
            (
                "ne_wh\u{200b}",
                "ne_wh",
                "from character 6 on, U+200B ZERO WIDTH SPACE is written, not nothing",
            ),
            (
                "n\u{435}_wh",
                "ne_wh",
                "character 2 is U+0435 (Cyrillic), not U+0065 (Latin)",
            ),
            ("ｈq", "hq", "character 1 is U+FF48 (Latin), not U+0068 (Latin)"),
            (
                "Cafe\u{301}",
                "Café",
                "from character 4 on, U+0065 (Latin), U+0301 (a mark on the letter before it) is written, not U+00E9 (Latin)",
            ),
            (
                "Europe Stock\u{3000}",
                "Europe Stock",
                "from character 13 on, U+3000 IDEOGRAPHIC SPACE is written, not nothing",
            ),
            (
                "НQ",
                "hq",
                "character 1 is U+041D (Cyrillic), not U+0068 (Latin); character 2 is U+0051 (Latin), not U+0071 (Latin)",
            ),
        ] {
            assert!(look_alike(written, known), "{written:?}");
            assert_eq!(differences(written, known), expected);
        }
    }

    #[test]
    fn words_that_look_different_only_get_the_question() {
        for (written, known) in [
            ("Zurich", "Zürich"),
            ("ne-wh", "ne_wh"),
            ("store_1", "store_l"),
            ("倉庫", "仓库"),
        ] {
            assert!(!look_alike(written, known), "{written}");
        }
        assert_eq!(did_you_mean("ne-wh", "ne_wh"), "did you mean `ne_wh`?");
        assert_eq!(
            did_you_mean("а", "a"),
            "did you mean `a`? They look alike: character 1 is U+0430 (Cyrillic), not U+0061 (Latin)"
        );
        assert_eq!(
            differences("абвгд", "abcde"),
            "character 1 is U+0430 (Cyrillic), not U+0061 (Latin); character 2 is U+0431 (Cyrillic), not U+0062 (Latin); \
             character 3 is U+0432 (Cyrillic), not U+0063 (Latin); and 2 more"
        );
    }
}
