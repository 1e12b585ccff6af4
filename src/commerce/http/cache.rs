//! Detects a cache in front of the shop by response headers: its responses can be older than our own writes. Pure.

use reqwest::header::{AGE, HeaderMap};

/// The headers in which caches and delivery networks report hit or miss as a word.
const BY_WORD: [&str; 21] = [
    "x-cache",
    "cf-cache-status",
    "x-cache-status",
    "x-cache-remote",
    "x-proxy-cache",
    "x-proxy-cache-status",
    "x-nginx-cache",
    "x-nginx-cache-status",
    "x-fastcgi-cache",
    "x-varnish-cache",
    "x-magento-cache-debug",
    "x-litespeed-cache",
    "x-lsadc-cache",
    "x-sucuri-cache",
    "x-vercel-cache",
    "x-rack-cache",
    "x-edge-cache",
    "x-edge-cache-status",
    "x-77-cache",
    "cdn-cache",
    "akamai-cache-status",
];

/// The headers that show that a cache answered instead of the shop. Values that are not understood are ignored.
pub fn cache_hit(headers: &HeaderMap) -> Option<String> {
    type IsHit = fn(&str) -> bool;
    let by_word = BY_WORD.iter().map(|name| (*name, is_hit_word as IsHit));
    let numbers: [(&str, IsHit); 4] = [
        (AGE.as_str(), is_above_zero),
        ("x-cache-hits", is_above_zero),
        ("cache-status", is_hit_parameter),
        ("x-varnish", has_two_ids),
    ];
    let hits = numbers.into_iter().chain(by_word).filter_map(|(name, is_hit)| {
        let values = headers.get_all(name).iter();
        let mut values = values.map(|value| String::from_utf8_lossy(value.as_bytes()));
        let value = values.find(|value| elements(value).any(is_hit))?;
        Some(format!("{}: {value}", spelled(name)))
    });
    let hits = hits.collect::<Vec<_>>().join(", ");
    (!hits.is_empty()).then_some(hits)
}

/// The elements of a list; each of several caches in a row adds one.
fn elements(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim)
}

fn is_above_zero(element: &str) -> bool {
    let digits = element.chars().take_while(char::is_ascii_digit);
    digits.into_iter().any(|digit| digit != '0')
}

/// True if a word reports a hit: `HIT`, `TCP_MEM_HIT`, `Hit from cloudfront`, `STALE`. The rest of the text names a machine.
/// `hit-for-pass` is a miss: the cache only remembers not to store.
fn is_hit_word(element: &str) -> bool {
    let said = element.to_ascii_lowercase();
    let said = said.split([';', '(']).next().unwrap_or_default();
    let said = said.split(" from ").next().unwrap_or_default();
    let words: Vec<&str> = said.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let is_for_pass = words.windows(2).any(|pair| pair == ["hit", "for"]);
    let is_hit = |word: &&str| {
        word.ends_with("hit") || matches!(*word, "hits" | "stale" | "updating" | "revalidated" | "fresh")
    };
    !is_for_pass && words.iter().any(is_hit)
}

/// True if a cache reports a hit by the standard (RFC 9211): as a parameter after its name.
fn is_hit_parameter(element: &str) -> bool {
    let mut parameters = element.split(';').skip(1).map(str::trim);
    parameters
        .any(|parameter| parameter.eq_ignore_ascii_case("hit") || parameter.eq_ignore_ascii_case("hit=?1"))
}

/// True if Varnish names two requests: this one, and the one whose response it stored.
fn has_two_ids(element: &str) -> bool {
    let mut numbers = element.split_whitespace();
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    numbers.clone().count() == 2 && numbers.all(is_number)
}

/// A header name in its usual letter case.
fn spelled(name: &str) -> String {
    let parts = name.split('-').map(|part| match part {
        "cf" | "cdn" => part.to_ascii_uppercase(),
        _ => part[..1].to_ascii_uppercase() + &part[1..],
    });
    parts.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::cache_hit;

    fn found(headers: &[(&str, &str)]) -> Option<String> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name: HeaderName = name.parse().expect("it is a name");
            map.append(
                name,
                HeaderValue::from_bytes(value.as_bytes()).expect("it is a value"),
            );
        }
        cache_hit(&map)
    }

    #[test]
    fn a_hit_is_reported_in_many_words() {
        for (name, value) in [
            ("Age", "1"),
            ("Age", "3600"),
            ("Age", " 0007"),
            ("Age", "99999999999999999999999999"),
            ("Age", "0, 12"),
            ("Age", "12;x"),
            ("X-Cache", "HIT"),
            ("X-Cache", "hit"),
            ("X-Cache", "HIT from proxy.example"),
            ("X-Cache", "MISS, HIT"),
            ("X-Cache", "HIT, MISS"),
            ("X-Cache", "Hit from cloudfront"),
            ("X-Cache", "RefreshHit from cloudfront"),
            ("X-Cache", "TCP_HIT from a23-1.deploy (AkamaiGHost/11) (-)"),
            ("X-Cache", "TCP_MEM_HIT"),
            ("X-Cache", "TCP_REMOTE_HIT"),
            ("X-Cache", "cache-hit"),
            ("X-Cache", "hit-fresh"),
            ("X-Cache", "STALE"),
            ("X-Cache", "HIT: 3"),
            ("X-Cache-Hits", "1"),
            ("X-Cache-Hits", "0, 4"),
            ("CF-Cache-Status", "HIT"),
            ("CF-Cache-Status", "Stale"),
            ("CF-Cache-Status", "UPDATING"),
            ("CF-Cache-Status", "REVALIDATED"),
            ("X-Cache-Status", "HIT"),
            ("X-Proxy-Cache", "HIT"),
            ("X-Magento-Cache-Debug", "HIT"),
            ("CDN-Cache", "HIT"),
            ("Cache-Status", "ExampleCache; hit; ttl=376"),
            ("Cache-Status", "OriginCache; fwd=miss, \"Edge\";hit=?1"),
            ("X-Varnish", "32770 3"),
            ("X-Varnish", "163847, 32770 3"),
        ] {
            let header = found(&[(name, value)]).unwrap_or_else(|| panic!("{name}: {value}"));
            assert!(header.starts_with(&format!("{name}: ")), "{header}");
        }
    }

    #[test]
    fn a_miss_or_an_unknown_value_is_not_a_hit() {
        for (name, value) in [
            ("Age", "0"),
            ("Age", "00"),
            ("Age", ""),
            ("Age", "soon"),
            ("Age", "-5"),
            ("X-Cache", "MISS"),
            ("X-Cache", "Miss from cloudfront"),
            ("X-Cache", "MISS from hit.example"),
            ("X-Cache", "TCP_MISS"),
            ("X-Cache", "Error from cloudfront"),
            ("X-Cache", "CONFIG_NOCACHE"),
            ("X-Cache", "hit-for-pass"),
            ("X-Cache", "HIT_FOR_MISS"),
            ("X-Cache", "HITPASS"),
            ("X-Cache", ""),
            ("X-Cache", "\u{fffd}"),
            ("X-Cache-Hits", "0"),
            ("X-Cache-Hits", "0, 0"),
            ("X-Cache-Lookup", "HIT from proxy:3128"),
            ("CF-Cache-Status", "DYNAMIC"),
            ("CF-Cache-Status", "MISS"),
            ("CF-Cache-Status", "BYPASS"),
            ("CF-Cache-Status", "EXPIRED"),
            ("Cache-Status", "hit-cache; fwd=uri-miss; stored"),
            ("Cache-Status", "ExampleCache; hit=?0"),
            ("Cache-Control", "no-store"),
            ("X-Varnish", "32770"),
            ("X-Varnish", "32770, 163847"),
        ] {
            assert_eq!(found(&[(name, value)]), None, "{name}: {value}");
        }
    }

    #[test]
    fn of_several_headers_and_lines_each_counts() {
        let headers = [("X-Cache", "MISS"), ("X-Cache", "HIT"), ("Age", "0")];
        assert_eq!(found(&headers).as_deref(), Some("X-Cache: HIT"));
        let headers = [("CF-Cache-Status", "HIT"), ("Age", "5")];
        assert_eq!(found(&headers).as_deref(), Some("Age: 5, CF-Cache-Status: HIT"));
        assert_eq!(found(&[]), None);
    }
}
