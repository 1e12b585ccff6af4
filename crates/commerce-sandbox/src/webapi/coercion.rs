//! PHP's type coercion: text to number, number to text, and the values that are refused.

use serde_json::{Number, Value};

use crate::generation::Php;
use crate::json::number;

/// What PHP skips around a number.
const WHITE_SPACE: [char; 6] = [' ', '\t', '\n', '\r', '\u{b}', '\u{c}'];

/// A scalar type of the service contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// Whole number.
    Int,
    /// Number.
    Float,
    /// Text.
    Text,
    /// Boolean.
    Bool,
}

impl Scalar {
    /// Gives the name of the type as error messages spell it.
    fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Float => "float",
            Self::Text => "string",
            Self::Bool => "bool",
        }
    }
}

/// Coerces a value; null stays null. The error is the message for the caller.
pub fn coerce(value: &Value, to: Scalar, php: Php) -> Result<Value, String> {
    let text = match value {
        Value::Null => return Ok(Value::Null),
        Value::Array(_) | Value::Object(_) => return Err(mismatch("array", to.name())),
        Value::Bool(true) => "1".to_owned(),
        Value::Bool(false) => String::new(),
        Value::Number(number) => text_of(number),
        Value::String(text) => text.clone(),
    };
    match to {
        Scalar::Text => Ok(text.into()),
        Scalar::Bool => Ok(truth(&text).into()),
        Scalar::Int | Scalar::Float if matches!(value, Value::Bool(_)) => Err(mismatch(&text, to.name())),
        Scalar::Float => numeric(&text, php)
            .map(number)
            .ok_or_else(|| mismatch(&text, "float")),
        Scalar::Int => match (value, numeric(&text, php)) {
            (_, None) => Err(mismatch(&text, "int")),
            (Value::Number(_), Some(float)) => Ok(wrapped(value, float).into()),
            (_, Some(float)) => Ok(saturated(&text, float).into()),
        },
    }
}

/// Words the error for a value of the wrong type.
pub fn mismatch(value: &str, expected: &str) -> String {
    format!(
        "The \"{value}\" value's type is invalid. The \"{expected}\" type was expected. Verify and try again."
    )
}

/// Parses the number at the start of a text, or gives 0, as the database does to compare a number with a text.
pub fn leading_number(text: &str) -> f64 {
    let text = text.trim_start();
    let end = (0..=text.len())
        .rev()
        .find(|end| text.is_char_boundary(*end) && is_number(&text[..*end]));
    end.and_then(|end| text[..end].parse().ok()).unwrap_or(0.0)
}

/// Parses a whole text as a number: white space may precede it, since PHP 8 follow it too.
fn numeric(text: &str, php: Php) -> Option<f64> {
    let text = match php {
        Php::V7 => text.trim_start_matches(WHITE_SPACE),
        Php::V8 => text.trim_matches(WHITE_SPACE),
    };
    if is_number(text) { text.parse().ok() } else { None }
}

/// Tells whether a text is a number. Words that Rust would parse, such as `inf`, are none.
fn is_number(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
        && text.parse::<f64>().is_ok()
}

/// Converts a float to an integer as PHP does: truncated, and wrapped if it is too large.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the value is brought within range first"
)]
fn wrapped(value: &Value, float: f64) -> i64 {
    if let Some(whole) = value.as_i64() {
        return whole;
    }
    if float.abs() < 9.0e18 {
        return float as i64;
    }
    float.trunc().rem_euclid(18_446_744_073_709_551_616.0) as i128 as i64
}

/// Converts a text to an integer as PHP does: truncated, and saturated if it is too large.
#[expect(clippy::cast_possible_truncation, reason = "saturating is what is wanted")]
fn saturated(text: &str, float: f64) -> i64 {
    text.trim().parse().unwrap_or(float as i64)
}

/// Tells whether PHP's boolean filter accepts a text as true.
fn truth(text: &str) -> bool {
    matches!(
        text.trim().to_ascii_lowercase().as_str(),
        "1" | "true" | "on" | "yes"
    )
}

/// Converts a number to text as PHP does.
fn text_of(value: &Number) -> String {
    value
        .as_f64()
        .filter(|_| value.is_f64())
        .map_or_else(|| value.to_string(), |float| number(float).to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_cut_and_texts_parsed() {
        assert_eq!(coerce(&json!("31"), Scalar::Int, Php::V8), Ok(json!(31)));
        assert_eq!(coerce(&json!(1.5), Scalar::Int, Php::V8), Ok(json!(1)));
        assert_eq!(coerce(&json!(32.0), Scalar::Int, Php::V8), Ok(json!(32)));
        assert_eq!(coerce(&json!("5.5"), Scalar::Int, Php::V8), Ok(json!(5)));
        assert_eq!(
            coerce(&json!("99999999999999999999"), Scalar::Int, Php::V8),
            Ok(json!(i64::MAX))
        );
        assert_eq!(coerce(&json!("12.5"), Scalar::Float, Php::V8), Ok(json!(12.5)));
        assert_eq!(coerce(&json!(12), Scalar::Text, Php::V8), Ok(json!("12")));
        assert_eq!(coerce(&Value::Null, Scalar::Int, Php::V8), Ok(Value::Null));
    }

    #[test]
    fn a_number_beyond_64_bits_stays_positive_enough_to_be_clamped() {
        assert_eq!(
            coerce(&json!(1e20), Scalar::Int, Php::V8),
            Ok(json!(7_766_279_631_452_241_920_i64))
        );
    }

    #[test]
    fn words_and_truths_are_no_numbers() {
        for bad in [
            json!("high"),
            json!(""),
            json!("2x"),
            json!("inf"),
            json!(true),
            json!([1]),
        ] {
            assert!(coerce(&bad, Scalar::Int, Php::V8).is_err(), "{bad}");
        }
        assert_eq!(
            coerce(&json!(true), Scalar::Int, Php::V8),
            Err(mismatch("1", "int"))
        );
        assert_eq!(
            coerce(&json!(["a"]), Scalar::Text, Php::V8),
            Err(mismatch("array", "string"))
        );
    }

    #[test]
    fn blanks_may_follow_a_number_since_php_8() {
        assert!(coerce(&json!("2 "), Scalar::Int, Php::V7).is_err());
        assert_eq!(coerce(&json!(" 2 "), Scalar::Int, Php::V8), Ok(json!(2)));
        assert!(coerce(&json!("2 x"), Scalar::Int, Php::V8).is_err());
    }

    #[test]
    fn few_things_are_true() {
        for (value, expected) in [
            (json!("on"), true),
            (json!(1), true),
            (json!(2), false),
            (json!("abc"), false),
        ] {
            assert_eq!(
                coerce(&value, Scalar::Bool, Php::V8),
                Ok(expected.into()),
                "{value}"
            );
        }
    }

    #[test]
    fn the_database_reads_the_number_a_text_starts_with() {
        for (text, expected) in [("abc", 0.0), ("2x", 2.0), (" 3", 3.0), ("1e1,5", 10.0), ("", 0.0)] {
            assert!((leading_number(text) - expected).abs() < f64::EPSILON, "{text}");
        }
    }
}
