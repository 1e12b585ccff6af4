//! One request as the shop sees it, and the parts of its path.

use serde_json::{Map, Value};

use super::query;

/// A request before any of it is decoded.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Method as sent.
    pub method: String,
    /// Path as sent, percent-encoded.
    pub path: String,
    /// Query as sent, without the question mark.
    pub query: String,
    /// Header `Accept`.
    pub accept: Option<String>,
    /// Header `Content-Type`.
    pub content_type: Option<String>,
    /// Header `Authorization`.
    pub authorization: Option<String>,
    /// Host and port as the caller names them.
    pub host: Option<String>,
    /// True if the caller uses TLS, as a proxy in front says.
    pub secure: bool,
    /// Header `Store`.
    pub store: Option<String>,
    /// Header `x-api-key`.
    pub api_key: Option<String>,
    /// Header `x-gw-ims-org-id`.
    pub organization: Option<String>,
    /// Body as sent.
    pub body: Vec<u8>,
}

impl Request {
    /// Gives the path below `/rest`; `None` if the request is for another part of the shop.
    pub fn rest_path(&self) -> Option<&str> {
        let path = self.path.trim_matches('/');
        let path = path
            .strip_prefix("index.php")
            .map_or(path, |rest| rest.trim_start_matches('/'));
        let (front, rest) = path.split_once('/').unwrap_or((path, ""));
        (front == "rest").then(|| rest.trim_start_matches('/'))
    }

    /// Gives the path at a shop in the cloud, whose API is at the root.
    pub fn cloud_path(&self) -> Option<&str> {
        let path = self.path.trim_start_matches('/');
        path.starts_with("V1/").then_some(path)
    }

    /// Gives the length of the request line.
    pub fn line_length(&self) -> usize {
        let question = usize::from(!self.query.is_empty());
        self.method.len() + self.path.len() + question + self.query.len() + " HTTP/1.1\r\n".len() + 1
    }

    /// Gives the arguments in the query.
    pub fn query_arguments(&self) -> Map<String, Value> {
        query::parse(&self.query)
    }
}

/// Strips the store code off a path. The rest has no leading slash.
pub fn without_store_code<'a>(path: &'a str, codes: &[&str]) -> &'a str {
    let (first, rest) = path.split_once('/').unwrap_or((path, ""));
    if first == "all" || codes.contains(&first) {
        rest
    } else {
        path
    }
}

/// Tells whether a path belongs to the synchronous API: `V` and digits, any version.
pub fn is_versioned(path: &str) -> bool {
    path.strip_prefix('V')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rest_is_found_behind_slashes_and_the_front_script() {
        for (path, expected) in [
            ("//rest/V1/x/", Some("V1/x")),
            ("/rest//V1/x", Some("V1/x")),
            ("/index.php/rest/V1/x", Some("V1/x")),
            ("/rest", Some("")),
            ("/REST/V1/x", None),
            ("/V1/x", None),
        ] {
            let request = Request {
                path: path.to_owned(),
                ..Request::default()
            };
            assert_eq!(request.rest_path(), expected, "{path}");
        }
    }

    #[test]
    fn only_a_known_store_code_is_taken_off() {
        for (path, expected) in [
            ("all/V1/x", "V1/x"),
            ("us_en/V1/x", "V1/x"),
            ("US_EN/V1/x", "US_EN/V1/x"),
        ] {
            assert_eq!(without_store_code(path, &["us_en"]), expected);
        }
        assert!(is_versioned("V2/x") && !is_versioned("v1/x") && !is_versioned(""));
    }
}
