//! Resolves plain scalars by the core schema of YAML 1.2, as editors and other tools do.

/// The types of the core schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Core {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number; `None` when it is beyond 64 bits, or not in decimal.
    Int(Option<i64>),
    /// A number that is not whole.
    Float,
    /// Everything else.
    Text,
}

/// Reads a scalar without quotes.
pub fn resolve(text: &str) -> Core {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Core::Null,
        "true" | "True" | "TRUE" => Core::Bool(true),
        "false" | "False" | "FALSE" => Core::Bool(false),
        _ => number(text),
    }
}

fn number(text: &str) -> Core {
    let bare = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !bare.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Core::Text;
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(bare) {
        return Core::Int(text.parse().ok());
    }
    for (prefix, radix) in [("0o", 8), ("0x", 16)] {
        let rest = text.strip_prefix(prefix).filter(|rest| !rest.is_empty());
        if rest.is_some_and(|rest| rest.chars().all(|c| c.is_digit(radix))) {
            return Core::Int(None);
        }
    }
    if matches!(bare, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Core::Float;
    }
    let (mantissa, exponent) = match bare.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (bare, None),
    };
    let exponent_fits = exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mantissa_fits = match (whole.is_empty(), fraction.is_empty()) {
        (true, true) => false,
        (true, false) => digits(fraction),
        (false, true) => digits(whole),
        (false, false) => digits(whole) && digits(fraction),
    };
    if exponent_fits && mantissa_fits {
        Core::Float
    } else {
        Core::Text
    }
}

#[cfg(test)]
mod tests {
    use super::{Core, resolve};

    #[test]
    fn numbers_are_not_texts() {
        for text in [
            "ne_wh",
            "1-2",
            "1.2.3",
            "no",
            "on",
            "0b1",
            "1_000",
            "e5",
            ".",
            "-",
            "+",
            "1e",
            ".e3",
            "2024-01-01",
        ] {
            assert_eq!(resolve(text), Core::Text, "{text}");
        }
        for text in [
            "1.5", "1e5", "+1.", ".5", "-.5e-3", ".inf", "-.INF", ".nan", "12e03",
        ] {
            assert_eq!(resolve(text), Core::Float, "{text}");
        }
        for (text, number) in [
            ("12", Some(12)),
            ("-3", Some(-3)),
            ("+3", Some(3)),
            ("007", Some(7)),
            ("0x1F", None),
            ("0o17", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(resolve(text), Core::Int(number), "{text}");
        }
        assert_eq!(resolve("~"), Core::Null);
        assert_eq!(resolve("TRUE"), Core::Bool(true));
    }
}
