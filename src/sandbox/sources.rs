//! Sources: list, read, save, and those of a stock by priority.

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::cast::leading_number;
use super::collation::{fold, same, stored, three_byte};
use super::criteria::{self, Cell, Row};
use super::fault::{Detail, Fault};
use super::index;
use super::selection;
use super::shop::State;
use super::source::{Pickup, Source};
use super::store::{DEFAULT_SOURCE, Store};

/// What a caller sends: what is left out is not there, what is taken away is null.
type Sent = Map<String, Value>;

/// Lists sources.
pub fn list(state: &mut State, arguments: &mut Arguments) -> Result<Value, Fault> {
    let mut rows: Vec<&Source> = state.store.sources.iter().collect();
    rows.sort_by_key(|source| fold(&source.source_code));
    criteria::list(&rows, arguments.criteria()?)
}

/// Reads one source.
pub fn read(state: &mut State, arguments: &mut Arguments) -> Result<Value, Fault> {
    let code = arguments.text("sourceCode")?;
    let found = state
        .store
        .sources
        .iter()
        .find(|source| same(&source.source_code, code));
    found.map(Row::shown).ok_or_else(|| {
        Fault::with(
            404,
            "Source with code \"%value\" does not exist.",
            json!({ "value": code }),
        )
    })
}

/// Saves a source, making it or changing what is sent of it.
pub fn save(state: &mut State, arguments: &mut Arguments) -> Result<Value, Fault> {
    let sent: Sent = arguments.object("source")?;
    let errors = errors(&sent);
    if !errors.is_empty() {
        return Err(Fault::validation(errors));
    }
    put(&mut state.store, &sent);
    Ok(json!([]))
}

/// Lists the sources of a stock by priority, disabled ones too.
pub fn of_stock(state: &mut State, arguments: &mut Arguments) -> Result<Value, Fault> {
    let sources = selection::by_priority(&state.store, arguments.int("stockId")?);
    Ok(sources.into_iter().map(Row::shown).collect())
}

/// Gives what is wrong with a source, in the order the shop says it.
fn errors(sent: &Sent) -> Vec<Detail> {
    let mut errors = Vec::new();
    let is_blank = |field: &str| text(sent, field).is_none_or(|text| text.trim().is_empty());
    let code = text(sent, "source_code").unwrap_or_default();
    for field in ["name", "source_code", "postcode", "country_id"] {
        if is_blank(field) {
            errors.push(Detail::empty(field));
        } else if field == "source_code" && code.contains(char::is_whitespace) {
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

/// Writes the row of a source; the index goes stale when a linked one is switched on or off.
fn put(store: &mut Store, sent: &Sent) {
    let code = stored(text(sent, "source_code").unwrap_or_default());
    let place = store
        .sources
        .iter()
        .position(|source| same(&source.source_code, &code));
    let place = place.unwrap_or_else(|| {
        store.sources.push(blank(code.clone()));
        store.sources.len() - 1
    });
    let source = &mut store.sources[place];
    let was_enabled = source.enabled;
    change(source, sent);
    let switched = source.enabled != was_enabled;
    if switched && store.links.iter().any(|link| same(&link.source_code, &code)) {
        index::invalidate(store);
    }
}

/// Gives the row of a source of which nothing is known but its code.
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

/// Changes what is sent: null clears a column that may be null and leaves the others.
fn change(source: &mut Source, sent: &Sent) {
    let required = [
        ("name", &mut source.name, 255),
        ("country_id", &mut source.country_id, 2),
        ("postcode", &mut source.postcode, 255),
    ];
    for (field, column, length) in required {
        if let Some(value) = text(sent, field) {
            *column = stored(value).chars().take(length).collect();
        }
    }
    let optional = [
        ("email", &mut source.email),
        ("contact_name", &mut source.contact_name),
        ("region", &mut source.region),
        ("city", &mut source.city),
        ("street", &mut source.street),
        ("phone", &mut source.phone),
        ("fax", &mut source.fax),
    ];
    for (field, column) in optional
        .into_iter()
        .filter(|(field, _)| sent.contains_key(*field))
    {
        *column = text(sent, field).map(stored);
    }
    if sent.contains_key("description") {
        source.description = text(sent, "description").map(three_byte);
    }
    for (field, column, limit) in [
        ("latitude", &mut source.latitude, 99.999_999),
        ("longitude", &mut source.longitude, 999.999_999),
    ] {
        if let Some(value) = sent.get(field) {
            *column = value
                .as_f64()
                .map(|degrees| ((degrees * 1e6).round() / 1e6).clamp(-limit, limit));
        }
    }
    if let Some(value) = sent.get("region_id") {
        source.region_id = value.as_i64().map(|id| id.clamp(0, i64::from(u32::MAX)));
    }
    if let Some(enabled) = sent.get("enabled").and_then(Value::as_bool) {
        source.enabled = enabled;
    }
    source.extension_attributes = pickup(sent, &source.name);
}

/// Gives what the pickup module keeps: customers see the source's own name unless another is sent.
fn pickup(sent: &Sent, name: &str) -> Pickup {
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

fn text<'a>(sent: &'a Sent, field: &str) -> Option<&'a str> {
    sent.get(field).and_then(Value::as_str)
}

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
    /// Gives a column as REST would show it.
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
