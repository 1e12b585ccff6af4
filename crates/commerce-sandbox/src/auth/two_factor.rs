//! Two-factor authentication of admins by one-time codes, the only provider here.

use serde_json::json;
use totp_rs::{Algorithm, Secret, TOTP};

use crate::database::store::Store;
use crate::database::two_factor_settings::GOOGLE;
use crate::webapi::api_error::ApiError;

/// Refuses a sign-in by password alone if the module is on (recording 00).
pub fn check_unneeded(store: &Store, admin: &str) -> Result<(), ApiError> {
    if !store.two_factor.enabled {
        return Ok(());
    }
    if store.two_factor.provider.is_none() {
        let message = "Please ask an administrator with sufficient access to configure 2FA first";
        return Err(ApiError::refused(400, message));
    }
    if secret(store, admin).is_none() {
        // The recorded shop could send no mail.
        let message = "Failed to send the message. Please contact the administrator";
        return Err(ApiError::refused(400, message));
    }
    let message = "Please use the 2fa provider-specific endpoints to obtain a token.";
    Err(ApiError::with(
        400,
        message,
        json!({ "active_providers": [GOOGLE] }),
    ))
}

/// Checks a one-time code: the one of this half-minute, the one before or the one after.
pub fn check_code(store: &Store, admin: &str, code: &str) -> Result<(), ApiError> {
    let Some(secret) = secret(store, admin) else {
        return Err(ApiError::refused(400, "Provider is not configured."));
    };
    let now = store.clock.now();
    let right = decode(secret).is_some_and(|secret| {
        // Shops take secrets that are shorter than the standard asks for.
        TOTP::new_unchecked(Algorithm::SHA1, 6, 1, 30, secret).check(code, now)
    });
    if right {
        Ok(())
    } else {
        Err(ApiError::refused(401, "Invalid code."))
    }
}

/// Tells whether a text is a secret in base32.
pub fn is_secret(text: &str) -> bool {
    decode(text).is_some()
}

fn decode(secret: &str) -> Option<Vec<u8>> {
    Secret::Encoded(secret.to_owned()).to_bytes().ok()
}

fn secret<'a>(store: &'a Store, admin: &str) -> Option<&'a str> {
    store.admin(admin)?.totp_secret.as_deref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::principals::Admin;

    #[test]
    fn a_code_is_that_of_its_half_minute() {
        let mut store = Store::default();
        store.principals.admins.push(Admin {
            username: "a".to_owned(),
            password: String::new(),
            resources: Vec::new(),
            // The secret of RFC 6238, appendix B, in base32.
            totp_secret: Some("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned()),
        });
        let offset = 1_111_111_111 - i64::try_from(store.clock.now()).unwrap();
        store.clock.advance(offset);
        assert_eq!(check_code(&store, "a", "050471"), Ok(()));
        assert!(check_code(&store, "a", "050472").is_err());
        store.clock.advance(120);
        assert!(check_code(&store, "a", "050471").is_err());
    }
}
