//! Parses the `Authorization` header of OAuth.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

/// Arguments by name.
pub type Arguments = BTreeMap<String, String>;

/// Parses the fields; `None` if the header is not one of OAuth.
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

/// Tells whether an argument belongs to the protocol. Such arguments are ignored in the query.
pub fn is_protocol(name: &str) -> bool {
    let letters = |byte: u8| byte.is_ascii_lowercase() || b"_-".contains(&byte);
    name.match_indices("oauth_")
        .any(|(place, word)| name[place + word.len()..].bytes().next().is_some_and(letters))
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
