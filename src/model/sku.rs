//! A product's key, compared as the server compares it and written as it was spelt.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use mysql_collation::fold;

/// A product's key, such as `alpine-jacket`; equal to another when the server's database holds them for equal.
#[derive(Clone)]
pub struct Sku {
    spelling: Box<str>,
    /// `None` when it is the spelling itself, which spares most shops a copy.
    folded: Option<Box<str>>,
}

impl Sku {
    /// Takes a SKU, whatever it looks like.
    #[must_use]
    pub fn new(text: &str) -> Self {
        // The database pads before it compares: blanks at the end do not count.
        let folded = fold(text.trim_end_matches(' '));
        Self {
            spelling: text.into(),
            folded: (folded != text).then(|| folded.into()),
        }
    }

    /// The SKU as it was spelt.
    pub fn as_str(&self) -> &str {
        &self.spelling
    }

    fn folded(&self) -> &str {
        self.folded.as_deref().unwrap_or(&self.spelling)
    }
}

impl PartialEq for Sku {
    fn eq(&self, other: &Self) -> bool {
        self.folded() == other.folded()
    }
}

impl Eq for Sku {}

impl PartialOrd for Sku {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sku {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for Sku {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Sku {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer).map(|text| Self::new(&text))
    }
}

impl schemars::JsonSchema for Sku {
    fn schema_name() -> Cow<'static, str> {
        "Sku".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "A product's SKU, as the shop spells it." })
    }
}

#[cfg(test)]
mod tests {
    use super::Sku;

    #[test]
    fn equality_is_the_servers() {
        assert_eq!(Sku::new("p-00"), Sku::new("P-00"), "recording 14, step 14-019");
        assert_eq!(Sku::new("P-00 "), Sku::new("P-00"));
        assert_ne!(Sku::new("P-00"), Sku::new("P-01"));
    }
}
