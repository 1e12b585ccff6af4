//! Answers: JSON, and the HTML pages of the web server and of the shop.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::generation::Crash;
use crate::webapi::api_error::ApiError;

/// Media type of JSON answers.
const JSON: &str = "application/json; charset=utf-8";
/// Media type of pages.
const HTML: &str = "text/html; charset=UTF-8";
/// Media type of a crash since 2.4.3, spelt as recorded.
const PLAIN: &str = "text/plain;charset=UTF-8";
/// What PHP says when it crashes.
const APOLOGY: &str = "An error has happened during application run. See exception log for details.\n";

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Media type.
    pub content_type: &'static str,
    /// Body.
    pub body: String,
    /// Seconds in the header `Retry-After`; `None` for no such header.
    pub retry_after: Option<u32>,
    /// The part of it that reaches the client.
    pub delivery: Delivery,
}

/// The part of an answer that reaches the client.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Delivery {
    /// All of it.
    #[default]
    Complete,
    /// It breaks off in the body.
    Truncated,
    /// Nothing: the connection ends.
    None,
}

impl Answer {
    /// Makes a JSON answer.
    pub fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            content_type: JSON,
            body: body.to_string(),
            retry_after: None,
            delivery: Delivery::Complete,
        }
    }

    /// Sets the header `Retry-After`.
    #[must_use]
    pub fn retry_after(self, retry_after: Option<u32>) -> Self {
        Self { retry_after, ..self }
    }

    /// Sets the part that reaches the client.
    #[must_use]
    pub fn delivered(self, delivery: Delivery) -> Self {
        Self { delivery, ..self }
    }

    /// Tells whether a service carried the request out.
    pub fn is_success(&self) -> bool {
        self.status == 200 && self.content_type == JSON
    }

    /// Makes the answer to a request that fails.
    pub fn error(error: &ApiError, crash: Crash) -> Self {
        match error {
            ApiError::Refused(refusal) => Self::json(refusal.status, &refusal.body()),
            ApiError::Internal => Self::internal(),
            ApiError::Crash => Self::crash(crash),
        }
    }

    /// Makes a refusal without parameters.
    pub fn refused(status: u16, message: &str) -> Self {
        Self::json(status, &json!({ "message": message }))
    }

    /// Makes the answer to a request that fails unexpectedly.
    pub fn internal() -> Self {
        Self::refused(500, &internal_message())
    }

    /// Makes the answer of a shop whose PHP crashes.
    pub fn crash(crash: Crash) -> Self {
        match crash {
            Crash::Page => Self::html(200, APOLOGY.to_owned()),
            Crash::Plain => Self {
                content_type: PLAIN,
                ..Self::html(500, APOLOGY.to_owned())
            },
        }
    }

    fn html(status: u16, body: String) -> Self {
        Self {
            status,
            content_type: HTML,
            body,
            retry_after: None,
            delivery: Delivery::Complete,
        }
    }

    /// Makes a page of the web server in front of the shop.
    pub fn web_server(status: u16, title: &str) -> Self {
        let body = format!(
            "<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n\
             <center><h1>{status} {title}</h1></center>\r\n</body>\r\n</html>\r\n"
        );
        Self::html(status, body)
    }

    /// Makes a page of the shop itself.
    pub fn page(status: u16, title: &str) -> Self {
        let body = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head><title>{title}</title></head>\n\
             <body><h1>{title}</h1></body>\n</html>\n"
        );
        Self::html(status, body)
    }
}

/// Words an internal error with a report id as the shop makes them: 13 hexadecimal digits.
fn internal_message() -> String {
    let id = Uuid::now_v7().simple().to_string();
    format!(
        "Internal Error. Details are available in Magento log file. Report ID: webapi-{}",
        &id[..13]
    )
}
