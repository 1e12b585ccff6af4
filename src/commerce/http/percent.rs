//! Percent-encoding as RFC 3986 and OAuth (RFC 5849, 3.6) have it: letters, digits and four marks stay.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The text as it may stand in a path, a query or a signature.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}
