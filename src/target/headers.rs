//! Lowers headers to their names and the places of their values.

use spanned_yaml::diag::{Diagnostic, shown};
use spanned_yaml::{DecodeContext, Entries, StrLit};

use super::auth::secret;
use super::document::ValueEntry;
use super::rules::{INVALID_HEADER, PLAIN_SECRET};
use super::secret::SecretRef;
use super::types::Auth;

/// Headers that always hold a credential.
const SECRET_HEADERS: [&str; 5] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-api-key",
    "x-auth-token",
];

/// Words in a header's name that mark its value as a secret.
const SECRET_WORDS: [&str; 5] = ["secret", "token", "password", "apikey", "api-key"];

/// Headers of a request to the shop that stocktake or HTTP itself sets.
const SET_OTHERWISE: [&str; 17] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "authorization",
    "cache-control",
    "connection",
    "cookie",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-connection",
    "store",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Headers that `auth: ims` sets.
const IMS_HEADERS: [&str; 2] = ["x-api-key", "x-gw-ims-org-id"];

/// Headers that would change the request: to a part of the answer, another method or another address.
const CHANGES_THE_REQUEST: [&str; 11] = [
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "range",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
];

/// The sender of headers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sender<'a> {
    /// An `http` step, whose whole request comes from the file.
    Step,
    /// Every request to the shop.
    Connection {
        /// The target's sign-in method, if it could be read.
        auth: Option<&'a Auth>,
    },
}

impl Sender<'_> {
    fn is_connection(self) -> bool {
        matches!(self, Self::Connection { .. })
    }
}

/// The headers, with names in lower case; `None` if one of them is wrong.
pub(super) fn headers(
    entries: Entries<'_, ValueEntry<'_>>,
    sender: Sender<'_>,
    context: &mut DecodeContext,
) -> Option<Vec<(String, SecretRef)>> {
    let mut headers: Vec<Option<(String, SecretRef)>> = Vec::new();
    for (name, value) in entries.entries {
        let lower = name.value.to_ascii_lowercase();
        let known = headers.iter().flatten().any(|(known, _)| *known == lower);
        headers.push(match value {
            None => None,
            Some(_) if known => {
                let message = format!("the header `{}` stands here twice", shown(name.value));
                context.report(INVALID_HEADER.at(name.span, message));
                None
            }
            Some(value) => header(name, lower, value, sender, context),
        });
    }
    headers.into_iter().collect()
}

fn header(
    name: StrLit<'_>,
    lower: String,
    value: ValueEntry<'_>,
    sender: Sender<'_>,
    context: &mut DecodeContext,
) -> Option<(String, SecretRef)> {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let shown = shown(name.value);
    let mut refuse = |found: Diagnostic| {
        context.report(found);
        None
    };
    if lower.is_empty() || !lower.chars().all(token) {
        return refuse(INVALID_HEADER.at(name.span, format!("`{shown}` cannot be the name of a header")));
    }
    if let Sender::Connection { auth } = sender
        && let Some(why) = refused(&lower, auth)
    {
        let message = format!("the header `{shown}` cannot be set here");
        return refuse(INVALID_HEADER.at(name.span, message).help(why));
    }
    let text = match value {
        ValueEntry::Secret(entry) => return Some((lower, secret(entry)?)),
        ValueEntry::Plain(text) => text.0.value,
    };
    if is_secret(&lower, sender) {
        let message =
            format!("the value of the header `{lower}` is a secret and does not belong in this file");
        let help = "say where it is kept: `{ env: NAME }`, `{ file: PATH }` or `{ command: [PROGRAM] }`";
        return refuse(PLAIN_SECRET.at(name.span, message).help(help));
    }
    if text.chars().any(|c| c.is_control() || !c.is_ascii()) {
        let message = format!("the value of the header `{lower}` has characters that HTTP does not allow");
        return refuse(INVALID_HEADER.at(name.span, message));
    }
    if text.trim().is_empty() && sender.is_connection() {
        return refuse(INVALID_HEADER.at(name.span, format!("the header `{lower}` has no value")));
    }
    Some((lower, SecretRef::Value(text.into())))
}

/// The reason why a connection must not add the header.
fn refused(lower: &str, auth: Option<&Auth>) -> Option<&'static str> {
    if lower == "authorization" {
        return Some(
            "`auth` makes it; for HTTP Basic in front of a shop there is `connection.basic`, beside `auth: oauth1`",
        );
    }
    if lower == "store" {
        return Some("`store` makes it");
    }
    if lower.starts_with("content-") || SET_OTHERWISE.contains(&lower) {
        return Some("stocktake or HTTP itself sets it");
    }
    if matches!(auth, Some(Auth::Ims { .. })) && IMS_HEADERS.contains(&lower) {
        return Some("`auth: ims` makes it");
    }
    CHANGES_THE_REQUEST
        .contains(&lower)
        .then_some("it would change every request that stocktake sends")
}

fn is_secret(lower: &str, sender: Sender<'_>) -> bool {
    let is_marked = sender.is_connection() && SECRET_WORDS.iter().any(|word| lower.contains(word));
    is_marked || SECRET_HEADERS.contains(&lower)
}
