//! The columns of a source, and its JSON.

use serde_json::Value;

use crate::database::source::Source;
use crate::webapi::coercion::leading_number;
use crate::webapi::criteria::{Cell, Row};

impl Row for Source {
    const COLUMNS: &'static [&'static str] = &[
        "source_code",
        "name",
        "enabled",
        "description",
        "latitude",
        "longitude",
        "country_id",
        "region_id",
        "region",
        "city",
        "street",
        "postcode",
        "contact_name",
        "email",
        "phone",
        "fax",
        "use_default_carrier_config",
        "is_pickup_location_active",
        "frontend_name",
        "frontend_description",
    ];

    fn cell(&self, column: &str) -> Cell {
        match self.column(column) {
            Value::Null => Cell::Null,
            Value::Bool(truth) => Cell::int(i64::from(truth)),
            Value::Number(number) => number.as_f64().map_or(Cell::Null, Cell::Number),
            Value::String(text) => Cell::Text(text),
            other => Cell::Number(leading_number(&other.to_string())),
        }
    }

    fn shown(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

impl Source {
    /// Gives a column as JSON.
    fn column(&self, column: &str) -> Value {
        let mut shown = serde_json::to_value(self).unwrap_or_default();
        match column {
            "is_pickup_location_active" | "frontend_name" | "frontend_description" => {
                shown["extension_attributes"][column].take()
            }
            _ => shown[column].take(),
        }
    }
}
