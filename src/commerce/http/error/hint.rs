//! Hints: known causes of errors and their remedies.

use reqwest::Method;

use super::error_kind::ErrorKind;
use super::excerpt::{MARKED, is_php_notice};
use super::network_hint::{at_proxy, network};

/// The hint when the time of the whole run is over.
pub const OUT_OF_TIME: &str = "allow more by `run_timeout`; the next run goes on where this one stopped";

/// The hints for an error of a request to a path.
pub fn hints(method: &Method, path: &str, kind: &ErrorKind) -> Vec<String> {
    let hint = match kind {
        ErrorKind::Refused { .. } => refused(path, kind),
        ErrorKind::NotTheApi { text: Some(text), .. } | ErrorKind::Unexpected { text: Some(text), .. }
            if is_php_notice(text) =>
        {
            Some(
                "PHP prints its messages into the shop's responses: turn `display_errors` off, and fix what the \
                messages name",
            )
        }
        ErrorKind::Unexpected { detail, .. } if detail == MARKED => Some(
            "a file of the shop's code begins with a byte order mark, which precedes each response: save it without \
            one",
        ),
        ErrorKind::NotTheApi { status: 500, .. } if kind.is_php_fault() => {
            Some("the shop had a fault in PHP: see its exception log")
        }
        ErrorKind::NotTheApi { status, .. } => Some(page(*status, path)),
        ErrorKind::Redirected { .. } => Some(
            "if the redirect leads to your shop, use its URL; if it leads to a sign-in page, have that let this \
            machine through, such as by a header (`connection.headers`)",
        ),
        ErrorKind::NoAnswer {
            source, never_sent, ..
        } => network(source, *never_sent, is_write(method, path)),
        ErrorKind::Proxy { proxy, source } => return vec![at_proxy(proxy, source.as_deref())],
        ErrorKind::OutOfTime => Some(OUT_OF_TIME),
        ErrorKind::Unusable { .. } => Some("check the credential; nothing was sent"),
        ErrorKind::Unexpected { .. } | ErrorKind::AccessGate { .. } | ErrorKind::TooLarge { .. } => None,
    };
    hint.map(ToOwned::to_owned).into_iter().collect()
}

/// The hint for the API's own errors, by status, path and parameters. Messages are compared only if nothing else distinguishes
/// the causes, and only for hints.
fn refused(path: &str, kind: &ErrorKind) -> Option<&'static str> {
    let ErrorKind::Refused {
        status,
        message,
        parameters,
        errors,
        ..
    } = kind
    else {
        return None;
    };
    let signs_in = is_sign_in(path);
    let bare = errors.is_empty() && parameters.as_object().is_none_or(serde_json::Map::is_empty);
    Some(match status {
        _ if message.starts_with("invalid_client") => {
            "check the client id and the client secret: the identity service knows no such pair"
        }
        _ if message.starts_with("invalid_scope") => {
            "check the scopes: `commerce.accs` must be among them, and the credential must be allowed to ask for each"
        }
        400 if signs_in && message.contains("Provider is not configured") => {
            "the user has no authenticator app set up: do that once in Admin, or use an integration's four secrets \
             (auth: oauth1)"
        }
        400 if signs_in && wants_second_factor(message, parameters) => {
            "two-factor sign-in is in the way: give the secret of the user's authenticator app (auth: admin: totp), or \
             use an integration's four secrets (auth: oauth1)"
        }
        401 if signs_in && message.contains("Invalid code") => {
            "the one-time code was refused: check the TOTP secret and that this machine's clock is right"
        }
        401 if signs_in => {
            "check the user and password before another try: six failures lock the user out for 30 minutes"
        }
        400 | 401 if message.contains("nonce") || message.contains("timestamp") => {
            "check this machine's clock: the shop refuses signatures from more than ten minutes ahead"
        }
        400 if message.starts_with("Signature method") => {
            "the shop does not accept this signature method; update stocktake"
        }
        401 if message.contains("consumer") && message.contains("key") => {
            "check the consumer key: the shop knows no such integration; in Admin see System > Extensions > Integrations"
        }
        400 if message.starts_with("The token length") => {
            "check the access token: a shop's own has 32 characters; see the integration in Admin under System > \
             Extensions > Integrations"
        }
        401 if message.contains("token does not exist") || message.contains("token is not associated") => {
            "check the access token: activate the integration anew in Admin under System > Extensions > Integrations"
        }
        401 if message.contains("signature") => {
            "check the two secrets; behind a proxy that ends TLS the shop must know its own https address \
             (X-Forwarded-Proto), and on a port other than 80 and 443 its PHP must see the port: Debian's nginx leaves it out \
             of HTTP_HOST (`fastcgi_param HTTP_HOST $http_host`)"
        }
        400 | 405
            if message.starts_with("Request method")
                || message.ends_with("HTTP method is not supported.") =>
        {
            "something in front of the shop changes the method of requests: have it pass on GET and POST as they are"
        }
        403 => "check the organization and that the credential's product profile allows the Commerce API",
        404 if bare => {
            "a route that does not exist means that the inventory modules (MSI) are disabled or removed, or that the URL \
             is not the shop's base URL"
        }
        400 if message.starts_with("Specified request cannot be processed") => {
            "the store code is unknown to the shop, or its letter case is another; `all` always exists"
        }
        400 if bare && path.ends_with("stock-source-links") => {
            "the server does not say why: a source or stock that vanished, or a deadlock with another writer; plan again"
        }
        429 => "the shop or a proxy in front of it limits requests; try again later",
        500 => "the shop's own log tells more, under the report id if one is named",
        _ => return None,
    })
}

/// True if a request changes the shop's inventory. A read and a sign-in do not.
fn is_write(method: &Method, path: &str) -> bool {
    method != Method::GET && path.contains("/V1/inventory/")
}

/// True if a path is that of an admin user's sign-in.
fn is_sign_in(path: &str) -> bool {
    path.ends_with("/integration/admin/token") || path.contains("/tfa/provider/")
}

/// True if a refused sign-in is about the second factor: its providers or its message say so (recording 00).
fn wants_second_factor(message: &str, parameters: &serde_json::Value) -> bool {
    parameters.get("active_providers").is_some()
        || ["2fa", "send the message"]
            .iter()
            .any(|words| message.to_lowercase().contains(words))
}

/// The hint for a page instead of JSON.
fn page(status: u16, path: &str) -> &'static str {
    match status {
        // Only requests for tokens go to other paths.
        400 | 404 | 405 if !path.contains("/V1/") => {
            "check `token_url`: no token service answers there; the default is Adobe's own URL"
        }
        503 => {
            "the shop is in maintenance mode or a proxy in front of it cannot reach it; try again when it is back"
        }
        502 | 504 => "a proxy in front of the shop cannot reach it; try again later",
        500 => "the shop cannot start, such as with a database that is down; see its logs",
        401 | 403 | 406 | 451 => {
            "something in front of the shop, such as a firewall, refuses the request; let this machine through, such as by a \
             header that it knows (`connection.headers`)"
        }
        405 | 415 | 501 if path.contains("/V1/") => {
            "something in front of the shop refuses such requests: have it pass on GET and POST with JSON under \
            /rest"
        }
        407 => "a proxy on the way wants a user and a password: see HTTPS_PROXY",
        429 => "the shop or a proxy in front of it limits requests; try again later",
        495 | 496 => "the server asks for a client certificate: name one by `client_certificate`",
        520..=530 => {
            "a proxy in front of the shop cannot reach it, or does not understand its response: check that the shop \
            is up"
        }
        413 => "something in front of the shop takes no body of that size",
        414 => {
            "the address is too long for the shop's web server: check the URL, or have the server take longer ones"
        }
        200 => {
            "the shop had a fault in PHP (see its exception log), the URL is a page of the shop and not its base URL, or \
            something in front of the shop shows its own page, such as a sign-in: then have it let this machine \
            through"
        }
        404 if path.contains("/rest/") => {
            "check that the URL is the shop's base URL, the one in Stores > Configuration > Web, without /rest; for Adobe \
             Commerce as a Cloud Service say `api: saas` in targets.yaml"
        }
        404 => {
            "check that the URL is the one of the REST API, with the tenant's id at its end; for a shop that is not Adobe \
             Commerce as a Cloud Service say `api: paas` in targets.yaml"
        }
        _ => {
            "check that the URL is the shop's base URL, the one in Stores > Configuration > Web, without /rest"
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use reqwest::Method;

    use super::{ErrorKind, hints};

    #[test]
    fn only_a_write_may_have_been_carried_out() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let source = reqwest::Client::new()
            .get("no URL")
            .build()
            .expect_err("it is no URL");
        let broken = ErrorKind::NoAnswer {
            never_sent: false,
            timed_out: true,
            source: Arc::new(source),
        };
        let links = "/rest/all/V1/inventory/stock-source-links";
        let post: Method = "POST".parse().expect("it is a method");
        let hint = hints(&post, links, &broken).concat();
        assert!(
            hint.starts_with("the server may have carried out the request all the same"),
            "{hint}"
        );
        for (method, path) in [
            (&Method::GET, links),
            (&post, "/rest/all/V1/integration/admin/token"),
            (&post, "/ims/token/v3"),
        ] {
            assert_eq!(
                hints(method, path, &broken),
                Vec::<String>::new(),
                "{method} {path}"
            );
        }
    }

    fn refused(status: u16, message: &str) -> String {
        let kind = ErrorKind::Refused {
            status,
            message: message.to_owned(),
            parameters: serde_json::Value::Null,
            errors: Vec::new(),
            retry_after: None,
        };
        hints(&Method::GET, "/rest/all/V1/inventory/sources", &kind).concat()
    }

    /// Behind Debian 12's nginx the shop sees its own address without the port, so that no signature fits.
    #[test]
    fn a_signature_that_does_not_fit_may_be_due_to_a_port_that_is_lost() {
        let hint = refused(401, "The signature is invalid. Verify and try again.");
        assert!(
            hint.contains("HTTP_HOST $http_host") && hint.contains("X-Forwarded-Proto"),
            "{hint}"
        );
    }

    #[test]
    fn a_method_that_was_changed_on_the_way_is_told_in_every_generation() {
        // 05-038 of 2.4.1, and since 2.4.5 of 2.4.7 and 2.4.8
        let old = refused(400, "Request method is invalid.");
        let new = refused(405, "The PATCH HTTP method is not supported.");
        assert!(old.contains("changes the method"), "{old}");
        assert_eq!(old, new);
    }

    /// 04-184 of 2.4.7 and 2.4.8: a fault in PHP, which is no database that is down.
    #[test]
    fn a_fault_in_php_is_told_as_one() {
        let page = |media_type: &str, text: &str| {
            let kind = ErrorKind::NotTheApi {
                status: 500,
                media_type: media_type.to_owned(),
                title: None,
                text: Some(text.to_owned()),
                retry_after: None,
            };
            hints(&Method::GET, "/rest/all/V1/inventory/sources", &kind).concat()
        };
        let apology = "An error has happened during application run. See exception log for details.";
        assert_eq!(
            page("text/plain", apology),
            "the shop had a fault in PHP: see its exception log"
        );
        let down = "There has been an error processing your request";
        assert!(page("text/html", down).contains("a database that is down"));
    }
}
