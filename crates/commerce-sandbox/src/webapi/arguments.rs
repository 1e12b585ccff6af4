//! The arguments of a service, converted to their types.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::api_error::ApiError;
use super::criteria::Criteria;

/// Arguments by their name in camel case.
#[derive(Debug, Clone, Default)]
pub struct Arguments(Map<String, Value>);

impl Arguments {
    /// Wraps converted arguments.
    pub fn new(converted: Map<String, Value>) -> Self {
        Self(converted)
    }

    /// Gives a whole number that the route requires.
    pub fn int(&self, name: &str) -> Result<i64, ApiError> {
        self.0.get(name).and_then(Value::as_i64).ok_or(ApiError::Internal)
    }

    /// Gives a number that the route requires.
    pub fn float(&self, name: &str) -> Result<f64, ApiError> {
        self.0.get(name).and_then(Value::as_f64).ok_or(ApiError::Internal)
    }

    /// Gives a text that the route requires.
    pub fn text(&self, name: &str) -> Result<&str, ApiError> {
        self.0.get(name).and_then(Value::as_str).ok_or(ApiError::Internal)
    }

    /// Takes a list that the route requires. PHP crashes on anything else.
    pub fn list<T: DeserializeOwned>(&mut self, name: &str) -> Result<Vec<T>, ApiError> {
        match self.0.remove(name) {
            Some(Value::Null) | None => Err(ApiError::Crash),
            Some(list) => read(list),
        }
    }

    /// Takes an object that the route requires.
    pub fn object<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, ApiError> {
        read(self.0.remove(name).unwrap_or_default())
    }

    /// Takes the search criteria; without any, everything matches.
    pub fn criteria(&mut self) -> Result<Criteria, ApiError> {
        self.0
            .remove("searchCriteria")
            .map_or(Ok(Criteria::default()), read)
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, ApiError> {
    serde_json::from_value(value).map_err(|_| ApiError::Internal)
}
