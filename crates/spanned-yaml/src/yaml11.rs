//! Plain scalars that are texts in YAML 1.2 and other values in YAML 1.1, which PyYAML, go-yaml 2 and others still read.

/// The value that a YAML 1.1 reader gives to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yaml11 {
    /// A boolean, such as `no`.
    Bool(bool),
    /// A whole number, such as `0b1`, `1_000` or `1:30`; `None` when it is beyond 64 bits.
    Int(Option<i64>),
    /// A number that is not whole, such as `1_0.5`.
    Float,
    /// A date, with or without a time.
    Date,
    /// The merge key `<<`.
    Merge,
    /// The default key `=`.
    Default,
}

impl Yaml11 {
    /// The value as a message names it; `quote` is false where values must not be shown.
    pub fn describe(self, quote: bool) -> String {
        match self {
            Self::Bool(value) if quote => format!("the boolean `{value}`"),
            Self::Int(Some(value)) if quote => format!("the number {value}"),
            Self::Bool(_) => "a boolean".to_owned(),
            Self::Int(_) | Self::Float => "a number".to_owned(),
            Self::Date => "a date".to_owned(),
            Self::Merge => "a merge key".to_owned(),
            Self::Default => "a default key".to_owned(),
        }
    }
}

/// The YAML 1.1 value of a plain scalar that is a text in YAML 1.2; `None` if it is a text in both.
pub fn yaml11(text: &str) -> Option<Yaml11> {
    match text.as_bytes() {
        [b'y' | b'Y' | b'n' | b'N' | b'o' | b'O', ..] => boolean(text).map(Yaml11::Bool),
        b"<<" => Some(Yaml11::Merge),
        b"=" => Some(Yaml11::Default),
        [b'0'..=b'9' | b'+' | b'-' | b'.', ..] if is_date(text) => Some(Yaml11::Date),
        [b'0'..=b'9' | b'+' | b'-' | b'.', ..] => number(text),
        _ => None,
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

fn number(text: &str) -> Option<Yaml11> {
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_negative = text.starts_with('-');
    for (prefix, radix) in [("0b", 2), ("0x", 16), ("0", 8)] {
        if let Some(digits) = bare.strip_prefix(prefix)
            && is_of(digits, radix)
        {
            return Some(Yaml11::Int(value(&[digits], radix, 0, is_negative)));
        }
    }
    if !bare.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let (whole, fraction) = match bare.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (bare, None),
    };
    let parts: Vec<&str> = whole.split(':').collect();
    let (first, places) = parts.split_first()?;
    let is_sixty = !places.is_empty();
    let leads = is_of(first, 10) && (fraction.is_some() || !first.starts_with('0'));
    if !places.iter().all(|place| is_of_sixty(place)) {
        return None;
    }
    match fraction {
        None if leads => Some(Yaml11::Int(value(&parts, 10, 60, is_negative))),
        None => None,
        Some(fraction) if is_sixty => (leads && is_digits(fraction)).then_some(Yaml11::Float),
        Some(fraction) if first.is_empty() => {
            let starts = fraction.starts_with(|c: char| c.is_ascii_digit());
            (starts && is_fraction(fraction)).then_some(Yaml11::Float)
        }
        Some(fraction) => (leads && is_fraction(fraction)).then_some(Yaml11::Float),
    }
}

/// True if a text consists of digits of that radix and underscores.
fn is_of(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|c| c == '_' || c.is_digit(radix))
}

fn is_digits(text: &str) -> bool {
    text.is_empty() || is_of(text, 10)
}

/// True if a text is a number below sixty.
fn is_of_sixty(text: &str) -> bool {
    matches!(text.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'])
}

/// Digits with perhaps an exponent, which has a sign in YAML 1.1.
fn is_fraction(text: &str) -> bool {
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, Some(exponent)),
        None => (text, None),
    };
    let is_exponent = |text: &str| {
        text.strip_prefix(['+', '-'])
            .is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
    };
    is_digits(digits) && exponent.is_none_or(is_exponent)
}

/// The value of groups of digits, each worth `base` times the next.
fn value(groups: &[&str], radix: u32, base: i64, is_negative: bool) -> Option<i64> {
    let mut sum = 0_i64;
    for group in groups {
        let mut number = 0_i64;
        for digit in group.chars().filter_map(|c| c.to_digit(radix)) {
            number = number
                .checked_mul(i64::from(radix))?
                .checked_add(i64::from(digit))?;
        }
        sum = sum.checked_mul(base)?.checked_add(number)?;
    }
    Some(if is_negative { -sum } else { sum })
}

/// True if a text is a date such as `2020-01-31`, alone or with a time.
fn is_date(text: &str) -> bool {
    let digits = |text: &str, counts: std::ops::RangeInclusive<usize>| {
        counts.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let end = text.find(['T', 't', ' ', '\t']);
    let (date, time) = text.split_at(end.unwrap_or(text.len()));
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    if time.is_empty() {
        return digits(year, 4..=4) && digits(month, 2..=2) && digits(day, 2..=2);
    }
    let time = match time.strip_prefix(['T', 't']) {
        Some(time) => time,
        None => time.trim_start_matches([' ', '\t']),
    };
    let clock: Vec<&str> = time.splitn(3, ':').collect();
    let [hour, minute, rest] = clock[..] else {
        return false;
    };
    let second = rest.get(..2).unwrap_or_default();
    digits(year, 4..=4)
        && digits(month, 1..=2)
        && digits(day, 1..=2)
        && digits(hour, 1..=2)
        && digits(minute, 2..=2)
        && digits(second, 2..=2)
        && is_fraction_and_zone(&rest[2..])
}

/// True for the end of a time, behind the seconds: a fraction, then `Z` or an offset such as `+01:00`.
fn is_fraction_and_zone(text: &str) -> bool {
    let text = match text.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => text,
    };
    let zone = text.trim_start_matches([' ', '\t']);
    let Some(offset) = zone.strip_prefix(['+', '-']) else {
        return zone == "Z" || text.is_empty();
    };
    let (hour, minute) = offset.split_once(':').unwrap_or((offset, "00"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (1..=2).contains(&hour.len()) && minute.len() == 2 && digits(hour) && digits(minute)
}

#[cfg(test)]
mod tests {
    use super::{Yaml11, yaml11};

    #[test]
    fn values_are_those_of_yaml_1_1() {
        let int = |number| Some(Yaml11::Int(Some(number)));
        for (text, value) in [
            ("no", Some(Yaml11::Bool(false))),
            ("Off", Some(Yaml11::Bool(false))),
            ("N", Some(Yaml11::Bool(false))),
            ("yes", Some(Yaml11::Bool(true))),
            ("ON", Some(Yaml11::Bool(true))),
            ("y", Some(Yaml11::Bool(true))),
            ("0b1", int(1)),
            ("-0b1_0", int(-2)),
            ("0_17", int(15)),
            ("0x_1F", int(31)),
            ("1_000", int(1000)),
            ("+1_", int(1)),
            ("1:30", int(90)),
            ("12:30:45", int(45_045)),
            ("-1:30", int(-90)),
            ("9_999_999_999_999_999_999", Some(Yaml11::Int(None))),
            ("190:20:30.15", Some(Yaml11::Float)),
            ("1_0.5", Some(Yaml11::Float)),
            (".5_0", Some(Yaml11::Float)),
            ("1_0.5e+3", Some(Yaml11::Float)),
            ("2020-01-01", Some(Yaml11::Date)),
            ("2001-12-14t21:59:43.10-05:00", Some(Yaml11::Date)),
            ("2001-12-14 21:59:43 Z", Some(Yaml11::Date)),
            ("2001-1-4 1:59:43", Some(Yaml11::Date)),
            ("<<", Some(Yaml11::Merge)),
            ("=", Some(Yaml11::Default)),
        ] {
            assert_eq!(yaml11(text), value, "{text}");
        }
    }

    #[test]
    fn texts_are_texts() {
        for text in [
            "",
            "nO",
            "north",
            "yeS",
            "one",
            "off_site",
            "0b",
            "0b2",
            "0x",
            "_1",
            "-_1",
            "0_8",
            "01:30",
            "1:60",
            "1:3:",
            "1.2.3",
            "1_0.5e3",
            ".",
            "-",
            "+",
            "1-2",
            "3pl",
            "2020-1-1",
            "2020-01-01-b",
            "20-01-01",
            "2020-01-01T",
            "2020-01-01 12:30",
            "2020-01-01T1:2:3",
            "2020-01-01 12:30:45é",
            "===",
            "<",
            "倉庫",
            "-no",
        ] {
            assert_eq!(yaml11(text), None, "{text}");
        }
    }
}
