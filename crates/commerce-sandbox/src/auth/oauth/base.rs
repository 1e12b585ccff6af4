//! The signature base string, as the shop builds it from the request it sees.

use std::cmp::Ordering;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::header::{self, Arguments};
use super::natural;
use crate::generation::SignedOrder;
use crate::http::query;
use crate::http::request::Request;

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Builds the base string of a request and the fields of its header.
pub fn text(request: &Request, fields: &Arguments, order: SignedOrder) -> String {
    let mut arguments = fields.clone();
    arguments.remove("oauth_signature");
    arguments.extend(of_query(&request.query));
    let mut arguments: Vec<(String, String)> = arguments.into_iter().collect();
    arguments.sort_by(|(a, _), (b, _)| compare(order, a, b));
    let arguments: Vec<String> = arguments
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    [
        &request.method.to_uppercase(),
        &place(request),
        &arguments.join("&"),
    ]
    .map(encode)
    .join("&")
}

/// Percent-encodes everything but unreserved characters.
pub fn encode(text: impl AsRef<str>) -> String {
    utf8_percent_encode(text.as_ref(), RESERVED).to_string()
}

/// Gives the signed arguments of a query: pairs with exactly one equals sign; the last of a name counts.
fn of_query(query: &str) -> Arguments {
    let pairs = query.split('&').filter(|pair| pair.matches('=').count() == 1);
    pairs
        .filter_map(|pair| pair.split_once('='))
        .filter(|(name, _)| !header::is_protocol(name))
        .map(|(name, value)| (query::decode(name), query::decode(value)))
        .collect()
}

fn compare(order: SignedOrder, a: &str, b: &str) -> Ordering {
    match order {
        SignedOrder::Natural => natural::compare(encode(a).as_bytes(), encode(b).as_bytes()),
        SignedOrder::Plain => a.cmp(b),
    }
}

/// Gives scheme, host, port and path as the shop sees them. A proxy that ends TLS must forward scheme and host.
fn place(request: &Request) -> String {
    let scheme = if request.secure { "https" } else { "http" };
    let host = request.host.as_deref().unwrap_or_default().to_ascii_lowercase();
    let default_port = if request.secure { ":443" } else { ":80" };
    let host = host.strip_suffix(default_port).unwrap_or(&host);
    format!("{scheme}://{host}{}", request.path)
}
