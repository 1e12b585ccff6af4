//! Masks secrets in texts, also in encoded forms.

use std::borrow::Cow;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The text in place of a secret.
pub(super) const MASK: &str = "***";

/// The least length of a secret. Masking shorter ones would spoil every text and hide nothing.
const SHORTEST: usize = 4;

/// The characters that RFC 3986 encodes, as most programs do.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The characters that JavaScript encodes in a part of a URL.
const OF_JAVASCRIPT: &AsciiSet = &RESERVED
    .remove(b'!')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// Masks secrets in texts.
pub struct Mask {
    /// The texts to mask.
    patterns: Vec<String>,
    longest: usize,
}

impl Mask {
    /// A mask for these secrets, each of their lines, and their forms in URLs, JSON and base64.
    pub(super) fn of(secrets: impl IntoIterator<Item = String>) -> Self {
        let mut patterns: Vec<String> = secrets
            .into_iter()
            .flat_map(|secret| secret.lines().map(str::trim).flat_map(forms).collect::<Vec<_>>())
            .collect();
        patterns.sort_unstable();
        patterns.dedup();
        let longest = patterns.iter().map(String::len).max().unwrap_or(0);
        Self { patterns, longest }
    }

    /// The text with secrets masked.
    pub fn masked<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let found = self.found(text);
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut end = 0;
        for secret in found {
            out.push_str(&text[end..secret.start]);
            out.push_str(MASK);
            end = secret.end;
        }
        out.push_str(&text[end..]);
        Cow::Owned(out)
    }

    /// The length of a growing text that may be shown now. The rest may be the beginning of a secret.
    pub fn settled(&self, text: &str) -> usize {
        let end = text.floor_char_boundary(text.len().saturating_sub(self.longest.saturating_sub(1)));
        let across = |secret: &Range<usize>| secret.start < end && end < secret.end;
        self.found(text)
            .into_iter()
            .find(across)
            .map_or(end, |secret| secret.start)
    }

    /// The places of secrets, in order. Overlapping ones are merged.
    fn found(&self, text: &str) -> Vec<Range<usize>> {
        let matches = |pattern: &'_ String| {
            let starts = text.match_indices(pattern.as_str());
            starts
                .map(|(start, found)| start..start + found.len())
                .collect::<Vec<_>>()
        };
        let mut all: Vec<Range<usize>> = self.patterns.iter().flat_map(matches).collect();
        all.sort_unstable_by_key(|found| (found.start, found.end));
        let mut found: Vec<Range<usize>> = Vec::with_capacity(all.len());
        for next in all {
            match found.last_mut() {
                Some(last) if next.start < last.end => last.end = last.end.max(next.end),
                _ => found.push(next),
            }
        }
        found
    }
}

/// Every form of a secret that a text may contain.
fn forms(secret: &str) -> Vec<String> {
    if secret.len() < SHORTEST {
        return Vec::new();
    }
    let json = in_json(secret);
    // PHP escapes slashes.
    let json_of_php = in_ascii(&json.replace('/', "\\/"));
    let mut forms = vec![secret.to_owned(), in_ascii(&json), json_of_php, json];
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let sets = [NON_ALPHANUMERIC, RESERVED, OF_JAVASCRIPT];
    let encoded = sets.map(|set| utf8_percent_encode(secret, set).to_string());
    for encoded in encoded.into_iter().chain([form]) {
        forms.push(with_small_digits(&encoded));
        forms.push(encoded);
    }
    for before in 0..3 {
        let encoded = in_base64(secret.as_bytes(), before);
        forms.push(encoded.replace('+', "-").replace('/', "_"));
        forms.push(encoded);
    }
    forms.retain(|form| form.len() >= SHORTEST);
    forms
}

/// The secret as the inside of a JSON string.
fn in_json(secret: &str) -> String {
    let json = serde_json::Value::from(secret).to_string();
    let inner = json.strip_prefix('"').and_then(|json| json.strip_suffix('"'));
    inner.unwrap_or(&json).to_owned()
}

/// Escapes JSON to plain ASCII.
fn in_ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            let mut units = [0; 2];
            let units = c.encode_utf16(&mut units).iter();
            out.extend(units.map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

/// A URL-encoded text with lower-case digits: `%c3` for `%C3`.
fn with_small_digits(encoded: &str) -> String {
    let mut digits = 0;
    let small = encoded.chars().map(|c| {
        let is_digit = digits > 0;
        digits = if c == '%' { 2 } else { digits.max(1) - 1 };
        if is_digit { c.to_ascii_lowercase() } else { c }
    });
    small.collect()
}

/// The base64 of a secret with that many bytes before it: only the characters that depend on the secret alone.
fn in_base64(secret: &[u8], before: usize) -> String {
    let bytes = [&vec![0; before], secret].concat();
    let encoded = STANDARD_NO_PAD.encode(&bytes);
    let whole = (before * 8).div_ceil(6)..bytes.len() * 8 / 6;
    encoded.get(whole).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::Mask;

    const SECRET: &str = "s3cr?t/\"wörd\" >>";

    fn mask() -> Mask {
        Mask::of([SECRET.to_owned(), "abc".to_owned(), "s3cr?t".to_owned()])
    }

    #[test]
    fn a_secret_is_taken_out_in_every_form() {
        let mask = mask();
        assert_eq!(mask.masked(&format!("a {SECRET} b {SECRET}")), "a *** b ***");
        assert_eq!(mask.masked("x=s3cr%3Ft%2F%22w%C3%B6rd%22%20%3E%3E;"), "x=***;");
        assert_eq!(mask.masked("x=s3cr%3Ft%2F%22w%C3%B6rd%22+%3E%3E;"), "x=***;");
        assert_eq!(mask.masked("x=s3cr%3ft%2f%22w%c3%b6rd%22%20%3e%3e;"), "x=***;");
        assert_eq!(
            mask.masked(r#"{"a":"s3cr?t\/\"w\u00f6rd\" >>"}"#),
            r#"{"a":"***"}"#
        );
        let json = serde_json::json!({ "a": SECRET }).to_string();
        assert_eq!(mask.masked(&json), r#"{"a":"***"}"#);
        assert_eq!(mask.masked("abc"), "abc", "it is too short");
        for beside in ["", "u:", "us:", "user:"] {
            let text = format!("{beside}{SECRET}!");
            for encoded in [STANDARD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
                let masked = mask.masked(&encoded).into_owned();
                assert!(masked.contains("***") && masked.len() < 20, "{encoded}: {masked}");
            }
        }
    }

    #[test]
    fn each_program_encodes_other_signs_for_urls() {
        let mask = Mask::of(["p-4_s.s~w!o d".to_owned(), "\"end\"".to_owned()]);
        for encoded in [
            "p%2D4%5Fs%2Es%7Ew%21o%20d",
            "p-4_s.s~w%21o%20d",
            "p-4_s.s~w!o%20d",
            "p-4_s.s%7ew%21o+d",
            r#"\"end\""#,
        ] {
            assert_eq!(mask.masked(encoded), "***", "{encoded}");
        }
    }

    #[test]
    fn what_may_be_the_beginning_of_a_secret_is_held_back() {
        let mask = mask();
        let text = format!("{}{SECRET}", "-".repeat(100));
        for cut in 0..=text.len() {
            let (Some(begin), Some(rest)) = (text.get(..cut), text.get(cut..)) else {
                continue;
            };
            let settled = mask.settled(begin);
            let shown = mask.masked(&begin[..settled]).into_owned();
            let later = begin[settled..].to_owned() + rest;
            let whole = shown + &mask.masked(&later);
            assert_eq!(whole, format!("{}***", "-".repeat(100)), "cut at {cut}");
        }
    }

    #[test]
    fn without_secrets_nothing_is_masked_or_held_back() {
        let mask = Mask::of([String::new(), "\n".to_owned()]);
        assert_eq!(mask.masked("text"), "text");
        assert_eq!(mask.settled("text"), 4);
    }
}
