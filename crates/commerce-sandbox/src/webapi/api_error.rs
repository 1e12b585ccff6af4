//! The failures of a request: Commerce's error body, an internal error, or a PHP crash.

use serde_json::{Map, Value, json};

/// The reason why a request is not carried out.
#[derive(Debug, Clone, PartialEq)]
pub enum ApiError {
    /// Commerce refuses, with a reason.
    Refused(Refusal),
    /// An unexpected error in Commerce: status 500 and a report id.
    Internal,
    /// A PHP `TypeError`: an apology, with a status that depends on the generation.
    Crash,
}

/// A refusal. As in Commerce, the caller fills in the placeholders of the message.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// Message with placeholders.
    pub message: String,
    /// Values of the placeholders: an object for names, a list for numbers, null for none.
    pub parameters: Value,
    /// The single errors, if there are several.
    pub errors: Vec<Detail>,
}

/// One of several errors of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// Message with placeholders.
    pub message: String,
    /// Values of the placeholders; an empty list for none.
    pub parameters: Value,
}

impl ApiError {
    /// Makes a refusal without parameters.
    pub fn refused(status: u16, message: impl Into<String>) -> Self {
        Self::with(status, message, Value::Null)
    }

    /// Makes a refusal whose placeholders are filled from `parameters`.
    pub fn with(status: u16, message: impl Into<String>, parameters: Value) -> Self {
        Self::Refused(Refusal {
            status,
            message: message.into(),
            parameters,
            errors: Vec::new(),
        })
    }

    /// Makes the refusal of a request with invalid fields.
    pub fn validation(errors: Vec<Detail>) -> Self {
        Self::Refused(Refusal {
            status: 400,
            message: "Validation Failed".to_owned(),
            parameters: Value::Null,
            errors,
        })
    }

    /// Makes the refusal of a request without required arguments: one is named at the top, several in a list.
    pub fn required(names: &[&str]) -> Self {
        const MESSAGE: &str = "\"%fieldName\" is required. Enter and try again.";
        if let [name] = names {
            return Self::with(400, MESSAGE, json!({ "fieldName": name }));
        }
        let errors = names.iter().map(|name| Detail {
            message: MESSAGE.to_owned(),
            parameters: json!({ "fieldName": name }),
        });
        Self::Refused(Refusal {
            status: 400,
            message: "One or more input exceptions have occurred.".to_owned(),
            parameters: Value::Null,
            errors: errors.collect(),
        })
    }

    /// Makes the refusal of a caller without the permission for a resource.
    pub fn unauthorized(resource: &str) -> Self {
        Self::with(
            401,
            "The consumer isn't authorized to access %resources.",
            json!({ "resources": resource }),
        )
    }
}

impl Detail {
    /// Says that a field may not be empty.
    pub fn empty(field: &str) -> Self {
        Self {
            message: "\"%field\" can not be empty.".to_owned(),
            parameters: json!({ "field": field }),
        }
    }

    /// Says that a field may not contain whitespace.
    pub fn whitespace(field: &str) -> Self {
        Self {
            message: "\"%field\" can not contain whitespaces.".to_owned(),
            parameters: json!({ "field": field }),
        }
    }

    /// Says something that needs no parameters.
    pub fn plain(message: &str) -> Self {
        Self {
            message: message.to_owned(),
            parameters: json!([]),
        }
    }
}

impl Refusal {
    /// Gives the body of the answer.
    pub fn body(&self) -> Value {
        let mut body = Map::new();
        body.insert("message".to_owned(), self.message.clone().into());
        if !self.errors.is_empty() {
            let errors = self.errors.iter();
            let errors = errors.map(|e| json!({ "message": e.message, "parameters": e.parameters }));
            body.insert("errors".to_owned(), errors.collect());
        }
        if !self.parameters.is_null() {
            body.insert("parameters".to_owned(), self.parameters.clone());
        }
        Value::Object(body)
    }
}
