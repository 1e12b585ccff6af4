//! One-time codes, which a recording leaves to its reader.

use serde_json::Value;
use totp_rs::{Algorithm, Secret, TOTP};

/// The secret that recording 00 gives the admin.
const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/// Puts the code of this half-minute in the place that the recording left for it.
pub fn filled_in(body: &Value) -> Value {
    let mut body = body.clone();
    if body["otp"] == "<token>" {
        body["otp"] = code(SECRET).into();
    }
    body
}

/// Gives the code of this half-minute.
pub fn code(secret: &str) -> String {
    let secret = Secret::Encoded(secret.to_owned())
        .to_bytes()
        .expect("the secret is base32");
    let totp = TOTP::new_unchecked(Algorithm::SHA1, 6, 1, 30, secret);
    totp.generate_current().expect("it is after 1970")
}
