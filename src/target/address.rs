//! Checks addresses before a token is sent to them.

use percent_encoding::percent_decode_str;
use url::{Host, ParseError, Url};

/// Reports an unusable address. No message quotes it, since it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is not a URL.
    #[error("this is not a URL: {0}")]
    Unreadable(ParseError),
    /// It has no scheme.
    #[error(
        "this URL has no scheme: write `https://` before its host; `http://` is for this machine itself (localhost, \
         127.0.0.1, [::1])"
    )]
    NoScheme,
    /// It is neither `https` nor `http`.
    #[error("a URL must begin with `https://`")]
    Scheme,
    /// It would send a secret unencrypted over the network.
    #[error(
        "a URL must begin with `https://`; `http://` is for this machine itself (localhost, 127.0.0.1, [::1])"
    )]
    Clear,
    /// It holds a user or a password.
    #[error("a URL must not hold a user or a password")]
    Credentials,
    /// A shop's address has a query or a fragment.
    #[error("a shop's URL ends with its path: no `?…` and no `#…`")]
    Tail,
    /// A shop's address leads into the REST API.
    #[error("a shop's URL is that of its start page, without `/rest`")]
    Rest,
}

/// Reads a shop's base address. The path of the result ends with a slash.
pub fn base_address(text: &str) -> Result<Url, AddressError> {
    let mut url = step_address(text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(AddressError::Tail);
    }
    if url.path().split('/').any(|segment| segment == "rest") {
        return Err(AddressError::Rest);
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// Reads the address of a step's request.
pub fn step_address(text: &str) -> Result<Url, AddressError> {
    let url = Url::parse(text).map_err(|error| match error {
        ParseError::RelativeUrlWithoutBase => AddressError::NoScheme,
        error => AddressError::Unreadable(error),
    })?;
    // A port behind a bare host makes the host look like a scheme.
    if url.cannot_be_a_base() && url.path().starts_with(|first: char| first.is_ascii_digit()) {
        return Err(AddressError::NoScheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::Credentials);
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(AddressError::Clear),
        _ => Err(AddressError::Scheme),
    }
}

/// True if two base addresses lead to the same shop, in any spelling.
pub fn is_same_shop(one: &Url, other: &Url) -> bool {
    place(one) == place(other)
}

/// The normalized address. The parser has already lower-cased the host and dropped the usual port.
fn place(url: &Url) -> (String, Option<u16>, Vec<String>) {
    let host = match url.host() {
        _ if is_loopback(url) => "localhost".to_owned(),
        Some(host) => host.to_string().trim_end_matches('.').to_owned(),
        None => String::new(),
    };
    let path = percent_decode_str(url.path()).decode_utf8_lossy();
    let names = path.split('/').filter(|name| !name.is_empty());
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    // Every address of a shop leads to the front controller, with or without its name.
    if names.last().is_some_and(|name| name == "index.php") {
        names.pop();
    }
    (host, url.port_or_known_default(), names)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressError, base_address, is_same_shop, step_address};

    #[test]
    fn the_same_shop_is_known_however_it_is_spelt() {
        let same =
            |one: &str, other: &str| is_same_shop(&base_address(one).unwrap(), &base_address(other).unwrap());
        let shop = "https://shop.example.com";
        for spelt in [
            "https://SHOP.example.com/",
            "HTTPS://shop.example.com:443",
            "https://shop.example.com.",
            "https://shop.example.com//",
            "https://shop.example.com/./",
            "https://shop.example.com/index.php",
            "https://shop.example.com/index%2Ephp/",
        ] {
            assert!(same(shop, spelt), "{spelt}");
        }
        for other in [
            "https://shop.example.com:8443",
            "https://shop.example.com/de",
            "https://www.shop.example.com",
        ] {
            assert!(!same(shop, other), "{other}");
        }
        let german = "https://shop.example.com/de/";
        assert!(same("https://shop.example.com/d%65", german));
        assert!(same("https://bücher.example", "https://xn--bcher-kva.example"));
        assert!(same("http://localhost:8080", "http://127.0.0.1:8080/"));
        assert!(same("http://[::1]:8080", "http://127.0.0.2:8080/"));
        assert!(!same("http://localhost:8080", "http://localhost:8081"));
    }

    #[test]
    fn https_or_this_machine() {
        for good in [
            "https://shop.example.com",
            "https://shop.example.com/de/",
            "http://127.0.0.1:8080",
            "http://127.9.9.9/",
            "http://localhost:8080",
            "http://[::1]:8080/",
            "HTTP://LOCALHOST",
        ] {
            assert!(base_address(good).unwrap().path().ends_with('/'), "{good}");
        }
        for clear in [
            "http://shop.example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "http://[::2]",
        ] {
            assert_eq!(base_address(clear), Err(AddressError::Clear), "{clear}");
        }
    }

    #[test]
    fn a_shops_address_is_bare() {
        for (address, error) in [
            ("https://a:b@shop.example.com", AddressError::Credentials),
            ("https://shop.example.com/?x=1", AddressError::Tail),
            ("https://shop.example.com/rest/V1", AddressError::Rest),
            ("ftp://shop.example.com", AddressError::Scheme),
            ("https://", AddressError::Unreadable(url::ParseError::EmptyHost)),
            ("mailto:shop@example.com", AddressError::Scheme),
        ] {
            assert_eq!(base_address(address), Err(error), "{address}");
        }
        for bare in [
            "shop.example.com",
            "shop.example.com/de",
            "shop.example.com:8443",
            "localhost:8080/de",
            "127.0.0.1:8080",
            "//shop.example.com",
        ] {
            assert_eq!(base_address(bare), Err(AddressError::NoScheme), "{bare}");
        }
        assert!(step_address("https://ci.example.com/rest?job=reindex").is_ok());
    }
}
