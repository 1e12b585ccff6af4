//! The stages of the way to a shop, and the checks that need no connection.

use url::Url;

use crate::model::GuardLimits;
use crate::report::Check;

/// The stages of a request on its way to the API.
pub(super) const WAY: [&str; 5] = [
    "connection and TLS",
    "base URL",
    "store code",
    "inventory modules",
    "sign-in",
];

/// The checks once the API answers.
pub(super) const QUESTIONS: [&str; 6] = [
    "read stocks",
    "read sources",
    "read and write links",
    "verify quantities",
    "page limit",
    "default link",
];

/// Looks up the addresses of the host.
pub(super) async fn look_up_host(url: &Url, checks: &mut Vec<Check>) {
    const NAME: &str = "host name";
    let host = url.host_str().unwrap_or_default().to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let found = tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await;
    checks.push(match found.map(|mut addresses| addresses.next()) {
        Ok(Some(address)) => Check::ok(NAME, format!("{host} is {}", address.ip())),
        Ok(None) => Check::warning(NAME, format!("{host} has no address; fine behind a proxy")),
        Err(error) => Check::warning(NAME, format!("{host}: {error}; fine behind a proxy")),
    });
}

/// The limits of the guards.
pub(super) fn guards(limits: GuardLimits) -> String {
    format!(
        "at most {} deletes a run, at most {} % of a stock's links",
        limits.max_deletes, limits.max_delete_percent
    )
}
