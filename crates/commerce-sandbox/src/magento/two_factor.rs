//! The commands that set up the second factor: `config:set` for the provider, and `security:tfa:google:set-secret`.

use super::output::Output;
use crate::auth::two_factor;
use crate::database::store::Store;

/// The only setting that can be changed.
const PROVIDER: &str = "twofactorauth/general/force_providers";

/// Sets the provider that every admin must use.
pub fn set_provider(store: &mut Store, arguments: &[String]) -> Output {
    match arguments {
        [path, value] if path == PROVIDER => {
            store.two_factor.provider = Some(value.clone()).filter(|value| !value.is_empty());
            Output::success("Value was saved.\n")
        }
        _ => Output::failure(format!("The sandbox has no setting but {PROVIDER}.\n")),
    }
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
