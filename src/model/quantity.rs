//! Quantities of goods, exact to four decimals like the server's columns.

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A quantity in ten-thousandths of a unit: `decimal(12,4)` in source items, `decimal(10,4)` in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Quantity(i64);

/// Ten-thousandths in a unit.
const PARTS: i64 = 10_000;

impl Quantity {
    /// No units.
    pub const ZERO: Self = Self(0);

    /// The greatest quantity of an index row: 999,999.9999. The server cuts greater ones to it without an error,
    /// since it switches the strict mode of its database off.
    pub const MOST_INDEXED: Self = Self(1_000_000 * PARTS - 1);

    /// Converts a number of units. Rounds to four decimals.
    #[must_use]
    pub fn from_units(units: f64) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "what a column can hold has far fewer digits; anything else is cut to the nearest"
        )]
        Self((units * PARTS as f64).round() as i64)
    }

    /// The quantity that the index stores for this sum.
    #[must_use]
    pub fn as_indexed(self) -> Self {
        self.min(Self::MOST_INDEXED).max(Self(-Self::MOST_INDEXED.0))
    }

    /// True if the quantity is greater than zero.
    pub fn is_positive(self) -> bool {
        self.0 > 0
    }

    fn units(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "columns hold at most 12 digits")]
        let parts = self.0 as f64;
        parts / 1e4
    }
}

impl Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(quantities: I) -> Self {
        Self(quantities.fold(0, |sum, quantity| sum.saturating_add(quantity.0)))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.units())
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.units())
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Self::from_units)
    }
}

impl schemars::JsonSchema for Quantity {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number", "description": "Units of goods, exact to four decimals." })
    }
}

#[cfg(test)]
mod tests {
    use super::Quantity;

    #[test]
    fn sums_are_exact() {
        let tenth = Quantity::from_units(0.1);
        let sum: Quantity = [tenth; 3].into_iter().sum();
        assert_eq!(sum, Quantity::from_units(0.3));
        assert_eq!(sum.to_string(), "0.3");
        assert_eq!(Quantity::from_units(12.0).to_string(), "12");
    }

    #[test]
    fn the_index_holds_ten_digits() {
        let most = Quantity::from_units(999_999.999_9);
        assert_eq!(Quantity::from_units(9_999_999.0).as_indexed(), most);
        assert_eq!(
            Quantity::from_units(12.5).as_indexed(),
            Quantity::from_units(12.5)
        );
    }
}
