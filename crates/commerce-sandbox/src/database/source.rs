//! The table of sources; its JSON form is the one of REST.

use serde::{Deserialize, Serialize};

use crate::json;

/// One source. REST shows the fields in this order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Code, unique by the database's collation.
    pub source_code: String,
    /// Name shown.
    pub name: String,
    /// Mail address of the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Name of the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    /// True if its quantities count.
    pub enabled: bool,
    /// Free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Degrees north.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "json::optional_number"
    )]
    pub latitude: Option<f64>,
    /// Degrees east.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "json::optional_number"
    )]
    pub longitude: Option<f64>,
    /// Two letters, unchecked.
    pub country_id: String,
    /// Region by id, unchecked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region_id: Option<i64>,
    /// Region by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Street.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Postcode.
    pub postcode: String,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Fax number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fax: Option<String>,
    /// Always true here: sources cannot have carriers of their own.
    pub use_default_carrier_config: bool,
    /// Always empty, for the same reason.
    pub carrier_links: Vec<serde_json::Value>,
    /// The fields of the in-store pickup module.
    pub extension_attributes: Pickup,
}

/// The in-store pickup module's fields of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pickup {
    /// True if customers may collect there.
    pub is_pickup_location_active: bool,
    /// Name customers see; the source's own name unless given.
    pub frontend_name: String,
    /// Text customers see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frontend_description: Option<String>,
}
