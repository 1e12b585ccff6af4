//! The table of environment variables for sign-in to a target without a file.

/// A variable of a sign-in method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInVariable {
    /// The name.
    pub name: &'static str,
    /// The sign-in method, as `auth` in `targets.yaml` names it.
    pub method: &'static str,
    /// True if the method works without it.
    pub optional: bool,
    /// The meaning of its value.
    pub meaning: &'static str,
}

const fn needed(method: &'static str, name: &'static str, meaning: &'static str) -> SignInVariable {
    SignInVariable {
        name,
        method,
        optional: false,
        meaning,
    }
}

const fn optional(method: &'static str, name: &'static str, meaning: &'static str) -> SignInVariable {
    SignInVariable {
        optional: true,
        ..needed(method, name, meaning)
    }
}

/// All variables. The first one of a method selects it.
pub const SIGN_IN_VARIABLES: [SignInVariable; 13] = [
    needed("bearer", "STOCKTAKE_TOKEN", "The bearer token."),
    needed(
        "oauth1",
        "STOCKTAKE_CONSUMER_KEY",
        "The integration's consumer key.",
    ),
    needed("oauth1", "STOCKTAKE_CONSUMER_SECRET", "The consumer's secret."),
    needed(
        "oauth1",
        "STOCKTAKE_ACCESS_TOKEN",
        "The integration's access token.",
    ),
    needed(
        "oauth1",
        "STOCKTAKE_ACCESS_TOKEN_SECRET",
        "The access token's secret.",
    ),
    needed("admin", "STOCKTAKE_ADMIN_USER", "The admin user's name."),
    needed("admin", "STOCKTAKE_ADMIN_PASSWORD", "The password."),
    optional(
        "admin",
        ADMIN_TOTP,
        "The secret of the authenticator app, in base32.",
    ),
    needed(
        "ims",
        "STOCKTAKE_IMS_CLIENT_ID",
        "The client id at Adobe's identity service.",
    ),
    needed("ims", "STOCKTAKE_IMS_CLIENT_SECRET", "The client's secret."),
    needed("ims", IMS_SCOPES, "The scopes, separated by commas or blanks."),
    needed("ims", "STOCKTAKE_IMS_ORGANIZATION", "The organization."),
    optional(
        "ims",
        IMS_TOKEN_URL,
        "The address that issues tokens, instead of Adobe's.",
    ),
];

/// The variable of an admin's second factor.
pub(super) const ADMIN_TOTP: &str = "STOCKTAKE_ADMIN_TOTP";

/// The variable of the scopes.
pub(super) const IMS_SCOPES: &str = "STOCKTAKE_IMS_SCOPES";

/// The variable of the identity service's address.
pub(super) const IMS_TOKEN_URL: &str = "STOCKTAKE_IMS_TOKEN_URL";
