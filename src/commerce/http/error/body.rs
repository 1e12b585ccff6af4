//! The shop's own errors as they stand in JSON: also what came of one that was cut off.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// An error of the shop, filled in key by key: of a body that breaks off, what stands before is there.
#[derive(Debug, Default)]
pub(in crate::commerce) struct ErrorBody {
    message: Option<String>,
    pub parameters: Value,
    pub errors: Vec<ErrorEntry>,
}

#[derive(Debug, Deserialize)]
pub(in crate::commerce) struct ErrorEntry {
    pub message: String,
    #[serde(default)]
    pub parameters: Value,
}

impl ErrorBody {
    /// The message, and what belongs to it; `None` for a body that is no error of the shop. One that was `cut` may end
    /// anywhere behind its message.
    pub(in crate::commerce) fn read(body: &[u8], cut: bool) -> Option<(String, Self)> {
        let mut read = Self::default();
        let mut text = serde_json::Deserializer::from_slice(body);
        let whole = read.deserialize(&mut text).and_then(|()| text.end());
        if whole.is_err_and(|error| !(cut && error.is_eof())) {
            return None;
        }
        read.message.take().map(|message| (message, read))
    }
}

impl<'de> DeserializeSeed<'de> for &mut ErrorBody {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut ErrorBody {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error of the shop")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            match key.as_ref() {
                "message" => self.message = Some(map.next_value()?),
                "parameters" => self.parameters = map.next_value()?,
                "errors" => map.next_value_seed(Entries(&mut self.errors))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// The single errors, one after the other.
struct Entries<'a>(&'a mut Vec<ErrorEntry>);

impl<'de> DeserializeSeed<'de> for Entries<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of errors")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(entry) = list.next_element()? {
            self.0.push(entry);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorBody;

    #[test]
    fn of_an_error_that_is_cut_off_the_beginning_counts() {
        let body = br#"{"message":"Validation Failed","errors":[{"message":"a"},{"message":"b","parameters":{"field":"x"}},{"mess"#;
        let (message, read) = ErrorBody::read(body, true).expect("there is a message");
        assert_eq!(message, "Validation Failed");
        assert_eq!(read.errors.len(), 2);
        assert_eq!(read.errors[1].parameters["field"], "x");
        assert!(
            ErrorBody::read(body, false).is_none(),
            "one that is not cut off is broken"
        );
        let parameters = br#"{"message":"no","parameters":[0,0,0,"#;
        let (message, read) = ErrorBody::read(parameters, true).expect("there is a message");
        assert_eq!((message.as_str(), read.parameters.is_null()), ("no", true));
    }

    #[test]
    fn what_is_no_error_of_the_shop_is_none() {
        for body in [
            "",
            "{}",
            "[]",
            "null",
            "{\"message\":1}",
            "{\"message\":\"a\"} x",
            "{\"message\":\"a\",\"errors\":null}",
        ] {
            assert!(ErrorBody::read(body.as_bytes(), false).is_none(), "{body}");
        }
        assert!(
            ErrorBody::read(b"{\"errors\":[", true).is_none(),
            "the message is missing"
        );
        assert!(ErrorBody::read(b"{\"message\":1,", true).is_none());
    }
}
