//! The database's `LIKE`: `%` matches anything, `_` one character; case and accents do not count.

use super::collation::fold;

/// Tells whether a text matches a pattern.
pub fn matches(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = fold(text).chars().collect();
    let pattern: Vec<char> = fold(pattern).chars().collect();
    // Reachable ends of the text for the pattern so far, by length.
    let mut reachable = vec![false; text.len() + 1];
    reachable[0] = true;
    let mut steps = pattern.iter();
    while let Some(step) = steps.next() {
        let mut next = vec![false; text.len() + 1];
        let literal = if *step == '\\' {
            steps.next().unwrap_or(step)
        } else {
            step
        };
        let special = *step != '\\';
        for end in (0..=text.len()).filter(|end| reachable[*end]) {
            if special && *step == '%' {
                next[end..].fill(true);
                break;
            }
            if end < text.len() && ((special && *step == '_') || text[end] == *literal) {
                next[end + 1] = true;
            }
        }
        reachable = next;
    }
    reachable[text.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_and_escapes() {
        assert!(matches("ne_wh", "%_wh"));
        assert!(matches("NE_WH", "ne\\_w%"));
        assert!(!matches("nexwh", "ne\\_wh"));
        assert!(!matches("leipzig", "%_wh"));
        assert!(matches("zürich", "zur%"));
        assert!(matches("", "%"));
    }
}
