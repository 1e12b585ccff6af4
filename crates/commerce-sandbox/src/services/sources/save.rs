//! Validates and saves a source.

use serde_json::{Map, Value, json};

use crate::database::collation::{same, stored, three_byte};
use crate::database::source::{Pickup, Source};
use crate::database::store::{DEFAULT_SOURCE, Store};
use crate::index;
use crate::webapi::api_error::Detail;

/// A source as a caller sends it: a field that is left out is absent, a field to clear is null.
pub type SentSource = Map<String, Value>;

/// Validates a source. The errors come in the shop's order.
pub fn errors(sent: &SentSource) -> Vec<Detail> {
    let mut errors = Vec::new();
    let is_blank = |field: &str| text(sent, field).is_none_or(|text| text.trim().is_empty());
    let code = text(sent, "source_code").unwrap_or_default();
    for field in ["name", "source_code", "postcode", "country_id"] {
        if is_blank(field) {
            errors.push(Detail::empty(field));
        } else if field == "source_code" && code.contains([' ', '\t', '\n', '\r', '\u{b}', '\u{c}']) {
            errors.push(Detail::whitespace(field));
        }
    }
    if code == DEFAULT_SOURCE && sent.get("enabled") != Some(&Value::Bool(true)) {
        errors.push(Detail::plain("Default source can not be disabled."));
    }
    if sent
        .get("carrier_links")
        .and_then(Value::as_array)
        .is_some_and(|links| !links.is_empty())
    {
        errors.push(Detail {
            message: "You can't configure \"%field\" because you have chosen Global Shipping configuration."
                .to_owned(),
            parameters: json!({ "field": "carrier_links" }),
        });
    }
    errors
}

/// Writes the row of a source. The index goes stale if a source that it contains is enabled or disabled.
pub fn put(store: &mut Store, sent: &SentSource) {
    let code = stored(text(sent, "source_code").unwrap_or_default());
    let place = store
        .sources
        .iter()
        .position(|source| same(&source.source_code, &code));
    let goes_stale = place.is_some_and(|place| is_switched(store, &store.sources[place], sent));
    let place = place.unwrap_or_else(|| {
        store.sources.push(blank(code));
        store.sources.len() - 1
    });
    change(&mut store.sources[place], sent);
    if goes_stale {
        index::invalidate(store);
    }
}

/// Tells whether a linked source with items is enabled or disabled. As in the shop, a missing `enabled` counts as false.
fn is_switched(store: &Store, source: &Source, sent: &SentSource) -> bool {
    let wanted = sent.get("enabled").and_then(Value::as_bool).unwrap_or(false);
    let code = &source.source_code;
    source.enabled != wanted
        && store.links.iter().any(|link| same(&link.source_code, code))
        && store
            .source_items
            .iter()
            .any(|item| same(&item.source_code, code))
}

/// Gives the row of a new source.
fn blank(source_code: String) -> Source {
    Source {
        source_code,
        name: String::new(),
        email: None,
        contact_name: None,
        enabled: true,
        description: None,
        latitude: None,
        longitude: None,
        country_id: String::new(),
        region_id: None,
        region: None,
        city: None,
        street: None,
        postcode: String::new(),
        phone: None,
        fax: None,
        use_default_carrier_config: true,
        carrier_links: Vec::new(),
        extension_attributes: Pickup::default(),
    }
}

/// Changes the fields that are sent. Null clears a nullable column and leaves the others.
fn change(source: &mut Source, sent: &SentSource) {
    change_required(source, sent);
    change_texts(source, sent);
    if let Some(latitude) = sent.get("latitude") {
        source.latitude = degrees(latitude, 99.999_999);
    }
    if let Some(longitude) = sent.get("longitude") {
        source.longitude = degrees(longitude, 999.999_999);
    }
    if let Some(region) = sent.get("region_id") {
        source.region_id = region.as_i64().map(|id| id.clamp(0, i64::from(u32::MAX)));
    }
    if let Some(enabled) = sent.get("enabled").and_then(Value::as_bool) {
        source.enabled = enabled;
    }
    source.extension_attributes = pickup(sent, &source.name);
}

fn change_required(source: &mut Source, sent: &SentSource) {
    let columns = [
        ("name", &mut source.name, 255),
        ("country_id", &mut source.country_id, 2),
        ("postcode", &mut source.postcode, 255),
    ];
    for (field, column, length) in columns {
        if let Some(value) = text(sent, field) {
            *column = stored(value).chars().take(length).collect();
        }
    }
}

fn change_texts(source: &mut Source, sent: &SentSource) {
    let columns = [
        ("email", &mut source.email),
        ("contact_name", &mut source.contact_name),
        ("region", &mut source.region),
        ("city", &mut source.city),
        ("street", &mut source.street),
        ("phone", &mut source.phone),
        ("fax", &mut source.fax),
    ];
    for (field, column) in columns.into_iter().filter(|(field, _)| sent.contains_key(*field)) {
        *column = text(sent, field).map(stored);
    }
    if sent.contains_key("description") {
        source.description = text(sent, "description").map(three_byte);
    }
}

/// Rounds an angle to six decimals and clamps it to the column's range.
fn degrees(value: &Value, limit: f64) -> Option<f64> {
    value
        .as_f64()
        .map(|degrees| ((degrees * 1e6).round() / 1e6).clamp(-limit, limit))
}

/// Gives the fields of the pickup module. Customers see the source's own name unless another is sent.
fn pickup(sent: &SentSource, name: &str) -> Pickup {
    let nothing = Map::new();
    let extension = sent
        .get("extension_attributes")
        .and_then(Value::as_object)
        .unwrap_or(&nothing);
    let shown = text(extension, "frontend_name")
        .filter(|shown| !shown.is_empty())
        .unwrap_or(name);
    Pickup {
        is_pickup_location_active: extension
            .get("is_pickup_location_active")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        frontend_name: stored(shown),
        frontend_description: text(extension, "frontend_description").map(stored),
    }
}

fn text<'a>(sent: &'a SentSource, field: &str) -> Option<&'a str> {
    sent.get(field).and_then(Value::as_str)
}
