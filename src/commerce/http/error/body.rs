//! The shop's own errors in JSON, even if the body is cut off.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::error_kind::FieldError;

/// An error of the shop. It is filled key by key, so that a body that breaks off still gives what stands before.
#[derive(Debug, Default)]
pub struct ErrorBody {
    message: Option<String>,
    pub parameters: Value,
    pub errors: Vec<FieldError>,
}

impl ErrorBody {
    /// The message and the rest of an error; `None` if the body is not an error of the shop. A body that was `cut` may end
    /// anywhere after its message.
    pub fn read(body: &[u8], cut: bool) -> Option<(String, Self)> {
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

/// Reads the single errors one after the other.
struct Entries<'a>(&'a mut Vec<FieldError>);

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
    fn the_beginning_of_an_error_that_is_cut_off_counts() {
        let body = br#"{"message":"Validation Failed","errors":[{"message":"a"},{"message":"b","parameters":{"field":"x"}},{"mess"#;
        let (message, read) = ErrorBody::read(body, true).expect("there is a message");
        assert_eq!(message, "Validation Failed");
        assert_eq!(read.errors.len(), 2);
        assert_eq!(read.errors[1].parameters["field"], "x");
        assert!(
            ErrorBody::read(body, false).is_none(),
            "a body that is not cut off is broken"
        );
        let parameters = br#"{"message":"no","parameters":[0,0,0,"#;
        let (message, read) = ErrorBody::read(parameters, true).expect("there is a message");
        assert_eq!((message.as_str(), read.parameters.is_null()), ("no", true));
    }

    #[test]
    fn a_body_that_is_not_an_error_of_the_shop_is_none() {
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
