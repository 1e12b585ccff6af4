//! What sets up the second factor: the provider's setting, and the command `security:tfa:google:set-secret`.

use super::output::Output;
use crate::auth::two_factor;
use crate::database::store::Store;

/// The setting that names the provider.
pub const PROVIDER: &str = "twofactorauth/general/force_providers";

/// Sets the provider that every admin must use.
pub fn set_provider(store: &mut Store, value: &str) {
    store.two_factor.provider = Some(value.to_owned()).filter(|value| !value.is_empty());
}

/// Sets an admin's secret for one-time codes, in base32.
pub fn set_secret(store: &mut Store, arguments: &[String]) -> Output {
    let [name, secret] = arguments else {
        return Output::failure("A user and a secret are needed.\n");
    };
    if !two_factor::is_secret(secret) {
        return Output::failure("The secret is no base32 text.\n");
    }
    let mut admins = store.principals.admins.iter_mut();
    let Some(admin) = admins.find(|admin| admin.username == *name) else {
        return Output::failure(format!("Unknown user {name}\n"));
    };
    admin.totp_secret = Some(secret.clone());
    Output::success("Google OTP secret has been set\n")
}
