//! Masks our own secrets in texts from servers: an error page may show the headers of the request.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::auth::oauth;
use super::error::challenge::Challenge;
use super::error::error_kind::{ErrorKind, FieldError};

/// Stands in place of a secret.
const MASK: &str = "***";

/// Shorter texts are not masked: they would match everywhere.
const SHORTEST: usize = 3;

/// Shorter words of a header are names, not secrets.
const SHORTEST_WORD: usize = 8;

/// Secrets that no text from a server may show.
#[derive(Debug, Clone, Default)]
pub struct Masks(Vec<SecretString>);

impl Masks {
    /// Adds a secret in each encoding that a page may use.
    pub fn add(&mut self, secret: &str) {
        if secret.chars().count() < SHORTEST {
            return;
        }
        let html = secret
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;");
        let json = Value::from(secret).to_string().trim_matches('"').to_owned();
        let forms = [
            secret.to_owned(),
            html,
            utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
            url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
            json.replace('/', "\\/"),
            json,
        ];
        for form in forms {
            if !self.0.iter().any(|known| known.expose_secret() == form) {
                self.0.push(form.into());
            }
        }
        // Longest first: a secret may contain another one.
        self.0
            .sort_by_key(|form| std::cmp::Reverse(form.expose_secret().len()));
    }

    /// Adds the value of a header and each of its words.
    pub fn add_header(&mut self, value: &HeaderValue) {
        let text = String::from_utf8_lossy(value.as_bytes());
        self.add(&text);
        let words = text.split([' ', ',', '"', '=']);
        let is_secret = |word: &&str| {
            word.len() >= SHORTEST_WORD && !word.starts_with("oauth_") && *word != oauth::METHOD
        };
        words.filter(is_secret).for_each(|word| self.add(word));
    }

    /// Masks the secrets in a text.
    pub fn apply(&self, text: &mut String) {
        for form in &self.0 {
            if text.contains(form.expose_secret()) {
                *text = text.replace(form.expose_secret(), MASK);
            }
        }
    }

    fn apply_to(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.apply(text),
            Value::Array(values) => values.iter_mut().for_each(|value| self.apply_to(value)),
            Value::Object(members) => members.values_mut().for_each(|value| self.apply_to(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Masks the secrets in an error.
    pub fn masked(&self, mut kind: ErrorKind) -> ErrorKind {
        match &mut kind {
            ErrorKind::Refused {
                message,
                parameters,
                errors,
                ..
            } => {
                self.apply(message);
                self.apply_to(parameters);
                for FieldError { message, parameters } in errors {
                    self.apply(message);
                    self.apply_to(parameters);
                }
            }
            ErrorKind::NotTheApi {
                media_type,
                title,
                text,
                ..
            } => {
                self.apply(media_type);
                title.iter_mut().chain(text).for_each(|text| self.apply(text));
            }
            ErrorKind::Unexpected { detail, text, .. } => {
                self.apply(detail);
                if let Some(text) = text {
                    self.apply(text);
                }
            }
            ErrorKind::AccessGate {
                challenge: Challenge::SignIn { schemes, realm },
                ..
            } => schemes.iter_mut().chain(realm).for_each(|text| self.apply(text)),
            ErrorKind::Redirected { location, .. } => self.apply(location),
            ErrorKind::AccessGate { .. }
            | ErrorKind::TooLarge { .. }
            | ErrorKind::NoAnswer { .. }
            | ErrorKind::Proxy { .. }
            | ErrorKind::OutOfTime
            | ErrorKind::Unusable { .. } => {}
        }
        kind
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;
    use serde_json::json;

    use super::{Challenge, ErrorKind, FieldError, Masks};

    #[test]
    fn no_text_of_a_server_shows_our_secrets() {
        let mut masks = Masks::default();
        masks.add("pa ss<&\"word");
        masks.add("sl/ash");
        masks.add("ab");
        masks.add_header(&HeaderValue::from_static(
            "Basic c3RhZ2U6bGV0bWVpbg==, OAuth oauth_token=\"sandboxtoken\",oauth_version=\"1.0\"",
        ));
        let said = "ab: pa ss<&\"word pa%20ss%3C%26%22word pa+ss%3C%26%22word pa ss&lt;&amp;&quot;word pa ss<&\\\"word sl\\/ash \
                    c3RhZ2U6bGV0bWVpbg sandboxtoken";
        let is_clean = |kind: ErrorKind| {
            let shown = format!("{kind:?}");
            assert!(shown.contains("ab: *** *** *** *** *** *** *** ***"), "{shown}");
            for secret in ["word", "c3Rh", "sandboxtoken"] {
                assert!(!shown.contains(secret), "{shown}");
            }
        };
        let text = || Some(said.to_owned());
        let (message, parameters) = (said.to_owned(), json!({ "a": [said] }));
        let errors = vec![FieldError {
            message: message.clone(),
            parameters: parameters.clone(),
        }];
        for kind in [
            ErrorKind::Refused {
                status: 400,
                message,
                parameters,
                errors,
                retry_after: None,
            },
            ErrorKind::NotTheApi {
                status: 406,
                media_type: said.to_owned(),
                title: text(),
                text: text(),
                retry_after: None,
            },
            ErrorKind::Unexpected {
                status: 200,
                detail: said.to_owned(),
                text: text(),
            },
            ErrorKind::Redirected {
                status: 302,
                location: said.to_owned(),
            },
            ErrorKind::AccessGate {
                status: 401,
                challenge: Challenge::SignIn {
                    schemes: vec![said.to_owned()],
                    realm: text(),
                },
            },
        ] {
            is_clean(masks.masked(kind));
        }
    }
}
