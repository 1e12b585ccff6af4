//! Verifies requests signed by OAuth 1.0a: fields, consumer, nonce, token and signature, in this order.

mod base;
mod header;
mod natural;
mod nonce;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use serde_json::json;
use sha1::Sha1;
use sha2::Sha256;

use crate::database::principals::{Integration, Principals};
use crate::http::request::Request;
use crate::state::State;
use crate::webapi::api_error::ApiError;
use header::Arguments;
pub use nonce::Nonces;

/// Required fields, in the order in which the shop names missing ones.
const REQUIRED: [&str; 6] = [
    "oauth_consumer_key",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_nonce",
    "oauth_timestamp",
    "oauth_token",
];
/// Length of every token.
const TOKEN_LENGTH: usize = 32;

/// Gives the position of the integration that signed a request; `None` if the request is not signed.
pub fn verify(state: &mut State, request: &Request) -> Result<Option<usize>, ApiError> {
    let Some(arguments) = request.authorization.as_deref().and_then(header::read) else {
        return Ok(None);
    };
    check_fields(&arguments, state.store.generation.signature_methods)?;
    let field = |name: &str| arguments.get(name).map_or("", String::as_str);
    let place = consumer(&state.store.principals, field("oauth_consumer_key"))?;
    let now = state.store.clock.now();
    state
        .sessions
        .nonces
        .take(place, field("oauth_nonce"), field("oauth_timestamp"), now)?;
    let principals = &state.store.principals;
    let integration = &principals.integrations[place];
    check_token(principals, integration, field("oauth_token"))?;
    let order = state.store.generation.signed_order;
    let base = base::text(request, &arguments, order);
    if sign(field("oauth_signature_method"), integration, &base) == field("oauth_signature") {
        Ok(Some(place))
    } else {
        let message = "The signature is invalid. Verify and try again.";
        Err(ApiError::refused(401, message))
    }
}

/// Checks the fields that do not depend on the signer.
fn check_fields(arguments: &Arguments, methods: &[&str]) -> Result<(), ApiError> {
    if let Some(version) = arguments.get("oauth_version").filter(|version| *version != "1.0") {
        // Read, not recorded; so is the length of the token below.
        let message = "The \"%1\" Oauth version isn't supported.";
        return Err(ApiError::with(400, message, json!([version])));
    }
    let missing: Vec<&str> = REQUIRED
        .into_iter()
        .filter(|name| !arguments.contains_key(*name))
        .collect();
    if !missing.is_empty() {
        return Err(ApiError::required(&missing));
    }
    if arguments["oauth_token"].len() != TOKEN_LENGTH {
        let message = "The token length is invalid. Check the length and try again.";
        return Err(ApiError::refused(400, message));
    }
    let method = &arguments["oauth_signature_method"];
    if !methods.contains(&method.as_str()) {
        let message = "Signature method %1 is not supported";
        return Err(ApiError::with(400, message, json!([method])));
    }
    Ok(())
}

fn consumer(principals: &Principals, key: &str) -> Result<usize, ApiError> {
    let known = |integration: &Integration| integration.consumer_key == key;
    let place = principals.integrations.iter().position(known);
    place.ok_or_else(|| ApiError::refused(401, "A consumer having the specified key does not exist"))
}

fn check_token(principals: &Principals, integration: &Integration, token: &str) -> Result<(), ApiError> {
    if integration.token == token {
        return Ok(());
    }
    let known = principals.integrations.iter().any(|other| other.token == token);
    Err(ApiError::refused(
        401,
        if known {
            // Read, not recorded.
            "Token is not associated with the specified consumer"
        } else {
            "Specified token does not exist"
        },
    ))
}

/// Signs a text with the secrets of an integration.
fn sign(method: &str, integration: &Integration, text: &str) -> String {
    let secrets = [&integration.consumer_secret, &integration.token_secret];
    let key = secrets.map(base::encode).join("&");
    if method == "HMAC-SHA1" {
        keyed_hash::<Hmac<Sha1>>(&key, text)
    } else {
        keyed_hash::<Hmac<Sha256>>(&key, text)
    }
}

#[expect(clippy::expect_used, reason = "an HMAC takes a key of any length")]
fn keyed_hash<M: Mac + KeyInit>(key: &str, text: &str) -> String {
    let mac = <M as KeyInit>::new_from_slice(key.as_bytes()).expect("any key will do");
    STANDARD.encode(mac.chain_update(text).finalize().into_bytes())
}
