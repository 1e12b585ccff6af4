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
        (TokenForm::Jwt, Holder::Admin(_)) => claims(2, now, until),
        (TokenForm::Jwt, Holder::Customer(_)) => claims(3, now, until),
        (TokenForm::Opaque, _) | (_, Holder::Application(_)) => Uuid::now_v7().simple().to_string(),
    }
}

/// Makes a JWT. `kind` is the shop's number for a kind of user.
#[expect(clippy::expect_used, reason = "an HMAC takes a key of any length")]
fn claims(kind: u8, now: u64, until: u64) -> String {
    let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let head = encode(&json!({ "kid": "1", "alg": "HS256" }));
    // The user id is random. Otherwise all tokens of one second would be equal.
    let id = Uuid::new_v4().as_u64_pair().0 >> 12;
    let body = encode(&json!({ "uid": id, "utypid": kind, "iat": now, "exp": until }));
    let signed = format!("{head}.{body}");
    let mac = Hmac::<Sha256>::new_from_slice(KEY).expect("any key will do");
    let signature = mac.chain_update(&signed).finalize().into_bytes();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}
