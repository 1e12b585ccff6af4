//! PHP's natural order: runs of digits compare by their value.

use std::cmp::Ordering;

/// Compares two texts. A run of digits that starts with a zero compares digit by digit, any other by its value.
pub fn compare(mut a: &[u8], mut b: &[u8]) -> Ordering {
    loop {
        (a, b) = (without_leading_zeros(a), without_leading_zeros(b));
        let (Some(first), Some(second)) = (a.first(), b.first()) else {
            return a.len().cmp(&b.len());
        };
        if !(first.is_ascii_digit() && second.is_ascii_digit()) {
            match first.cmp(second) {
                Ordering::Equal => (a, b) = (&a[1..], &b[1..]),
                other => return other,
            }
            continue;
        }
        let ((number, rest), (other, other_rest)) = (split_digits(a), split_digits(b));
        let by_digit = *first == b'0' || *second == b'0';
        let ordering = if by_digit {
            number.cmp(other)
        } else {
            number.len().cmp(&other.len()).then_with(|| number.cmp(other))
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
        (a, b) = (rest, other_rest);
    }
}

/// Drops zeros before another digit.
fn without_leading_zeros(mut text: &[u8]) -> &[u8] {
    while let [b'0', next, ..] = text
        && next.is_ascii_digit()
    {
        text = &text[1..];
    }
    text
}

fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit());
    text.split_at(end.unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_by_their_value() {
        for (a, b, expected) in [
            ("a%5B2%5D", "a%5B10%5D", Ordering::Less),
            ("a%5B2%5D", "a%5B11%5D", Ordering::Less),
            ("a%5B9%5Db", "a%5B9%5Da", Ordering::Greater),
            ("a", "a1", Ordering::Less),
            ("a7", "a07", Ordering::Equal),
            ("a0", "a1", Ordering::Less),
            ("B", "a", Ordering::Less),
        ] {
            assert_eq!(compare(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
        }
    }
}
