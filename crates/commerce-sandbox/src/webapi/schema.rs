//! Schemas of the service contracts, and the conversion of a body: names in any spelling, unknown names an error.

use serde_json::{Map, Value, json};

use super::api_error::ApiError;
use super::coercion::{self, Scalar};
use super::limits;
use crate::generation::{Generation, Scripts, UnknownField};

/// The type that a value is converted to.
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
    /// Anything: the service reads a few parts of it.
    Anything,
}

/// The properties of an object, by their name in snake case.
#[derive(Debug)]
pub struct Schema {
    /// Name in the shop's messages.
    pub name: &'static str,
    /// Names and kinds.
    pub properties: &'static [(&'static str, Kind)],
}

/// One argument of a service.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Name in camel case, as error messages spell it.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// True if the service requires it.
    pub required: bool,
}

/// Converts what was sent to the arguments of a service.
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

/// The reason why a value cannot be converted.
enum ConversionError {
    /// A wrong type. Each object around it adds its name to the message.
    Type(String),
    /// Another error; its message stays as it is.
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
        Kind::Is(scalar) => coercion::coerce(value, scalar, generation.php).map_err(ConversionError::Type),
        Kind::Anything => Ok(value.clone()),
        Kind::Object(schema) => object(generation, value, schema),
        Kind::ListOf(scalar) => match items(value) {
            Some(items) => items
                .into_iter()
                .map(|item| coercion::coerce(item, scalar, generation.php).map_err(ConversionError::Type))
                .collect::<Result<_, _>>(),
            None => Err(ConversionError::Type(coercion::mismatch(
                type_name(value),
                "string[]",
            ))),
        },
        // A value that is not a list becomes null, and the service fails on it.
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

/// Gives the items of a list, the values of an object, or what stands below a single `item`, as in XML.
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

/// Converts an object. Any other value becomes an empty object.
fn object(generation: &Generation, value: &Value, schema: &Schema) -> Result<Value, ConversionError> {
    let named = match value {
        Value::Object(named) => named,
        // PHP takes the items of a list for properties named by numbers.
        Value::Array(items) if !items.is_empty() => return Err(unknown(generation, "0")),
        _ => return Ok(Value::Object(Map::new())),
    };
    let mut made = Map::new();
    for (name, value) in named {
        let (property, kind) = schema.property(name).ok_or_else(|| unknown(generation, name))?;
        let value = convert(generation, value, kind).map_err(|error| within(name, error))?;
        if generation.scripts == Scripts::Refused && has_script(&value) {
            return Err(ConversionError::Other(script(name)));
        }
        made.insert(property.to_owned(), value);
    }
    Ok(Value::Object(made))
}

impl Schema {
    /// Finds a property by any spelling: PHP ignores case and underscores when it looks for the accessor.
    fn property(&self, name: &str) -> Option<(&'static str, Kind)> {
        let plain = |name: &str| name.replace('_', "").to_ascii_lowercase();
        self.properties
            .iter()
            .find(|(known, _)| plain(known) == plain(name))
            .copied()
    }
}

/// Makes the error for a name that the schema does not have.
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

fn has_script(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.to_ascii_lowercase().contains("<script>"))
}

/// Makes the error for a script in a text.
fn script(name: &str) -> ApiError {
    ApiError::with(
        400,
        "\"%field_name\" does not contains valid value.",
        json!({ "field_name": name }),
    )
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

/// Adds the name of the surrounding property to an error.
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
