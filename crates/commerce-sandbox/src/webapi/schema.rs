//! The shapes of the service contracts, and how a body becomes one: names in any spelling, unknown names a fault.

use serde_json::{Map, Value, json};

use super::api_error::ApiError;
use super::coercion::{self, Scalar};
use super::limits;
use crate::generation::{Generation, UnknownField};

/// What a value is turned into.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A scalar.
    Is(Scalar),
    /// A list of scalars.
    ListOf(Scalar),
    /// An object.
    Object(&'static Schema),
    /// A list of objects.
    Objects(&'static Schema),
    /// Something of which the service looks at a few parts only.
    Anything,
}

/// The properties of an object, by their name in snake case.
#[derive(Debug)]
pub struct Schema {
    /// Name that the shop gives it in messages.
    pub name: &'static str,
    /// Names and kinds.
    pub properties: &'static [(&'static str, Kind)],
}

/// One argument of a service.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Name in camel case, as error messages spell it.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Whether the service cannot do without.
    pub required: bool,
}

/// Turns what was sent into the arguments of a service.
pub fn arguments(
    generation: &Generation,
    parameters: &[Parameter],
    sent: &Map<String, Value>,
) -> Result<Map<String, Value>, ApiError> {
    let mut arguments = Map::new();
    let mut missing = Vec::new();
    for parameter in parameters {
        let named = |name: &str| sent.get(name).filter(|value| !value.is_null());
        match named(parameter.name).or_else(|| named(&snake(parameter.name))) {
            Some(value) => {
                let converted =
                    convert(generation, value, parameter.kind).map_err(ConversionError::into_api_error)?;
                arguments.insert(parameter.name.to_owned(), converted);
            }
            None if parameter.required => missing.push(parameter.name),
            None => {}
        }
    }
    if missing.is_empty() {
        Ok(arguments)
    } else {
        Err(ApiError::required(&missing))
    }
}

/// Spells a camel-case name in snake case.
pub fn snake(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            spelled.push('_');
        }
        spelled.push(character.to_ascii_lowercase());
    }
    spelled
}

/// Why a value does not fit.
enum ConversionError {
    /// The wrong type; the message grows outwards through the objects around it.
    Type(String),
    /// Something else, whose message stays what it is.
    Other(ApiError),
}

impl ConversionError {
    fn into_api_error(self) -> ApiError {
        match self {
            Self::Type(message) => ApiError::refused(400, message),
            Self::Other(error) => error,
        }
    }
}

fn convert(generation: &Generation, value: &Value, kind: Kind) -> Result<Value, ConversionError> {
    match kind {
        Kind::Is(scalar) => coercion::coerce(value, scalar).map_err(ConversionError::Type),
        Kind::Anything => Ok(value.clone()),
        Kind::Object(schema) => object(generation, value, schema),
        Kind::ListOf(scalar) => match items(value) {
            Some(items) => items
                .into_iter()
                .map(|item| coercion::coerce(item, scalar).map_err(ConversionError::Type))
                .collect::<Result<_, _>>(),
            None => Err(ConversionError::Type(coercion::mismatch(
                type_name(value),
                "string[]",
            ))),
        },
        // What is no list becomes null, which the service then chokes on.
        Kind::Objects(schema) => items(value).map_or(Ok(Value::Null), |items| {
            limits::check_items(generation.limits, schema.name, items.len())
                .map_err(ConversionError::Other)?;
            items
                .into_iter()
                .map(|item| object(generation, item, schema))
                .collect::<Result<_, _>>()
        }),
    }
}

/// Gives the items of a list, or of an object whose names do not matter, or below a single `item` as XML has it.
fn items(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(items) => Some(items.iter().collect()),
        Value::Object(named) => match named.get("item") {
            None | Some(Value::Null) => Some(named.values().collect()),
            Some(Value::Array(items)) => Some(items.iter().collect()),
            Some(single) => Some(vec![single]),
        },
        _ => None,
    }
}

/// Makes an object; what is no object makes an empty one.
fn object(generation: &Generation, value: &Value, schema: &Schema) -> Result<Value, ConversionError> {
    let named = match value {
        Value::Object(named) => named,
        // The items of a list have numbers for names.
        Value::Array(items) if !items.is_empty() => return Err(unknown(generation, "0")),
        _ => return Ok(Value::Object(Map::new())),
    };
    let mut made = Map::new();
    for (name, value) in named {
        let (property, kind) = schema.property(name).ok_or_else(|| unknown(generation, name))?;
        let value = convert(generation, value, kind).map_err(|error| within(name, error))?;
        made.insert(property.to_owned(), value);
    }
    Ok(Value::Object(made))
}

impl Schema {
    /// Finds a property by any spelling: PHP finds its accessor without regard to case and underscores.
    fn property(&self, name: &str) -> Option<(&'static str, Kind)> {
        let plain = |name: &str| name.replace('_', "").to_ascii_lowercase();
        self.properties
            .iter()
            .find(|(known, _)| plain(known) == plain(name))
            .copied()
    }
}

/// Makes the fault of a name that the schema does not have.
fn unknown(generation: &Generation, name: &str) -> ConversionError {
    ConversionError::Other(match generation.unknown_field {
        UnknownField::InternalError => ApiError::Internal,
        UnknownField::Named => ApiError::with(
            400,
            "\"%fieldName\" is not supported. Correct the field name and try again.",
            json!({ "fieldName": upper_camel(name) }),
        ),
    })
}

/// Spells a name in camel case with a capital letter.
fn upper_camel(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len());
    for word in name.split('_') {
        let mut characters = word.chars();
        spelled.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        spelled.push_str(characters.as_str());
    }
    spelled
}

/// Adds the name of the property around a fault.
fn within(name: &str, error: ConversionError) -> ConversionError {
    match error {
        ConversionError::Type(message) => {
            ConversionError::Type(format!("Error occurred during \"{name}\" processing. {message}"))
        }
        ConversionError::Other(error) => ConversionError::Other(error),
    }
}

/// Names the type of a value as PHP does.
fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NULL",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "double",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) | Value::Object(_) => "array",
    }
}
