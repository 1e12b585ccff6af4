//! Validates and saves a source.

use serde_json::{Map, Value, json};

use crate::database::collation::{same, stored, three_byte};
use crate::database::source::{Pickup, Source};
use crate::database::store::{DEFAULT_SOURCE, Store};
use crate::index;
use crate::webapi::api_error::{ApiError, Detail};

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
    if is_pickup(sent) == Some(true) {
        errors.extend(pickup_errors(sent));
    }
    errors
}

/// Tells whether another source has the name. The database compares, so case and trailing blanks do not count.
fn is_name_in_use(store: &Store, code: &str, name: &str) -> bool {
    let mut others = store
        .sources
        .iter()
        .filter(|source| !same(&source.source_code, code));
    others.any(|source| same(&source.name, &stored(name)))
}

/// Writes the row of a source; the name of another one may be refused without a reason. The index goes stale if a source that it contains is enabled or disabled.
pub fn put(store: &mut Store, sent: &SentSource) -> Result<(), ApiError> {
    let code = stored(text(sent, "source_code").unwrap_or_default());
    let name = text(sent, "name").unwrap_or_default();
    if store.generation.unique_source_names && is_name_in_use(store, &code, name) {
        return Err(ApiError::refused(400, "Could not save Source"));
    }
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
    Ok(())
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
    source.extension_attributes = pickup(sent, source);
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

/// Gives the fields of the pickup module. Customers see the source's own name unless another is sent; texts that are left out
/// are lost, but the activity stays (2.4.8/16-015, 16-036).
fn pickup(sent: &SentSource, source: &Source) -> Pickup {
    let nothing = Map::new();
    let extension = extension(sent).unwrap_or(&nothing);
    let shown = text(extension, "frontend_name")
        .filter(|shown| !shown.is_empty())
        .unwrap_or(&source.name);
    Pickup {
        is_pickup_location_active: is_pickup(sent)
            .unwrap_or(source.extension_attributes.is_pickup_location_active),
        frontend_name: stored(shown),
        frontend_description: text(extension, "frontend_description").map(stored),
    }
}

fn extension(sent: &SentSource) -> Option<&SentSource> {
    sent.get("extension_attributes").and_then(Value::as_object)
}

fn is_pickup(sent: &SentSource) -> Option<bool> {
    extension(sent)?.get("is_pickup_location_active")?.as_bool()
}

/// Validates what a pickup location needs in the same request, whatever the source has already (2.4.8/16-037). The telephone
/// number is asked for where the city is missing, and a source without one passes (2.4.8/16-010).
fn pickup_errors(sent: &SentSource) -> Vec<Detail> {
    let is_blank = |field: &str| text(sent, field).is_none_or(|text| text.trim().is_empty());
    let needed = [("city", "city"), ("street", "street"), ("phone", "city")];
    let missing = needed.into_iter().filter(|(_, looked_at)| is_blank(looked_at));
    let error = |(field, _)| Detail {
        message: "\"%field\" can not be empty for Pickup Location.".to_owned(),
        parameters: json!({ "field": field }),
    };
    missing.map(error).collect()
}

fn text<'a>(sent: &'a SentSource, field: &str) -> Option<&'a str> {
    sent.get(field).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(value: Value) -> SentSource {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_pickup_location_needs_an_address_in_the_same_request() {
        let fields = |value: Value| -> Vec<Value> {
            let mut sent = sent(value);
            for field in ["name", "source_code", "postcode", "country_id"] {
                sent.insert(field.to_owned(), "x".into());
            }
            let errors = errors(&sent);
            errors
                .into_iter()
                .map(|error| error.parameters["field"].clone())
                .collect()
        };
        let pickup = json!({ "is_pickup_location_active": true });
        assert_eq!(
            fields(json!({ "extension_attributes": pickup })),
            ["city", "street", "phone"]
        );
        assert_eq!(
            fields(json!({ "extension_attributes": pickup, "city": "a", "phone": "1" })),
            ["street"]
        );
        assert!(fields(json!({ "extension_attributes": pickup, "city": "a", "street": "b" })).is_empty());
        assert!(fields(json!({})).is_empty());
    }

    #[test]
    fn only_the_activity_of_a_pickup_location_stays_when_it_is_left_out() {
        let mut source = blank("a".to_owned());
        source.extension_attributes = Pickup {
            is_pickup_location_active: true,
            frontend_name: "Shop".to_owned(),
            frontend_description: Some("Open".to_owned()),
        };
        change(&mut source, &sent(json!({ "name": "A" })));
        let left = Pickup {
            is_pickup_location_active: true,
            frontend_name: "A".to_owned(),
            frontend_description: None,
        };
        assert_eq!(source.extension_attributes, left);
    }
}
