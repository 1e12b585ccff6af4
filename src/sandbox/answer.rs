//! Answers and the HTML pages of the web server and of the shop.

use serde_json::Value;
use uuid::Uuid;

use super::fault::Fault;

/// Media type of JSON answers.
const JSON: &str = "application/json; charset=utf-8";
/// Media type of pages.
const HTML: &str = "text/html; charset=UTF-8";

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Media type.
    pub content_type: &'static str,
    /// Body.
    pub body: String,
}

impl Answer {
    /// Makes a JSON answer.
    pub fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            content_type: JSON,
            body: body.to_string(),
        }
    }

    /// Makes the answer to a request that fails.
    pub fn fault(fault: &Fault) -> Self {
        match fault {
            Fault::Refused(refusal) => Self::json(refusal.status, &refusal.body()),
            Fault::Internal => Self::json(500, &serde_json::json!({ "message": internal_message() })),
            Fault::Crash => Self {
                status: 200,
                content_type: HTML,
                body: "An error has happened during application run. See exception log for details.\n"
                    .to_owned(),
            },
        }
    }

    /// Makes a page of the web server in front of the shop.
    pub fn web_server(status: u16, title: &str) -> Self {
        let body = format!(
            "<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n\
             <center><h1>{status} {title}</h1></center>\r\n</body>\r\n</html>\r\n"
        );
        Self {
            status,
            content_type: HTML,
            body,
        }
    }

    /// Makes a page of the shop itself.
    pub fn page(status: u16, title: &str) -> Self {
        let body = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head><title>{title}</title></head>\n\
             <body><h1>{title}</h1></body>\n</html>\n"
        );
        Self {
            status,
            content_type: HTML,
            body,
        }
    }
}

/// Says that something unexpected happened, with a report id as the shop makes them: 13 hexadecimal digits.
fn internal_message() -> String {
    let id = Uuid::now_v7().simple().to_string();
    format!(
        "Internal Error. Details are available in Magento log file. Report ID: webapi-{}",
        &id[..13]
    )
}
