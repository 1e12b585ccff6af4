//! The fields in an `Authorization` header of OAuth.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

/// Arguments by name: those of the header, and later those of the query.
pub type Arguments = BTreeMap<String, String>;

/// Reads the fields; nothing when the header is none of OAuth.
pub fn read(header: &str) -> Option<Arguments> {
    const SCHEME: &str = "oauth ";
    // The shop looks for the scheme anywhere in the header.
    let start = header.to_ascii_lowercase().find(SCHEME)? + SCHEME.len();
    let fields = header[start..].split(',').filter_map(|field| {
        let (name, value) = field.trim().split_once('=')?;
        is_protocol(name).then(|| (decode(name), decode(value.trim_matches('"'))))
    });
    Some(fields.collect())
}

/// Tells whether an argument belongs to the protocol, which is never looked for in the query.
pub fn is_protocol(name: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_lowercase() || b"_-".contains(&byte);
    name.match_indices("oauth_")
        .any(|(place, word)| name[place + word.len()..].bytes().next().is_some_and(letters))
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
