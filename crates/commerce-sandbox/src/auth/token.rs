//! The text of tokens: 32 opaque characters, or a JWT.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use uuid::Uuid;

use super::holder::Holder;
use crate::generation::TokenForm;

/// Key of the signature. It protects nothing: a token is valid only if it was issued.
const KEY: &[u8] = b"the sandbox's own key";

/// Makes a token.
pub fn make(form: TokenForm, holder: &Holder, now: u64, until: u64) -> String {
    match (form, holder) {
        (TokenForm::Jwt, Holder::Admin(name)) => claims(2, name, now, until),
        (TokenForm::Jwt, Holder::Customer(email)) => claims(3, email, now, until),
        (TokenForm::Opaque, _) | (_, Holder::Application(_)) => Uuid::now_v7().simple().to_string(),
    }
}

/// Makes a JWT. `kind` is the shop's number for a kind of user.
///
/// It says nothing else: a user who signs in twice within a second gets the same token twice (observed in 2.4.8).
#[expect(clippy::expect_used, reason = "an HMAC takes a key of any length")]
fn claims(kind: u8, user: &str, now: u64, until: u64) -> String {
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let head = encode(&json!({ "kid": "1", "alg": "HS256" }));
    // The tables have no user ids. A number made of the name will do.
    let id = user
        .bytes()
        .fold(1_u32, |id, byte| id.wrapping_mul(31).wrapping_add(byte.into()));
    let body = encode(&json!({ "uid": id, "utypid": kind, "iat": now, "exp": until }));
    let signed = format!("{head}.{body}");
    let mac = Hmac::<Sha256>::new_from_slice(KEY).expect("any key will do");
    let signature = mac.chain_update(&signed).finalize().into_bytes();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}
