//! The environment variables by which a single target knows us, in one table.

/// A variable of a way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInVariable {
    /// Its name.
    pub name: &'static str,
    /// The way that it belongs to, as `auth` in `targets.yaml` names it.
    pub method: &'static str,
    /// Whether the way works without it.
    pub optional: bool,
    /// What it holds.
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

/// Every one of them; the first one of a way begins it.
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
    needed(
        "ims",
        IMS_SCOPES,
        "The scopes, with commas or blanks between them.",
    ),
    needed("ims", "STOCKTAKE_IMS_ORGANIZATION", "The organization."),
    optional(
        "ims",
        IMS_TOKEN_URL,
        "Where tokens are had, in place of Adobe's address.",
    ),
];

/// Where an admin's second factor stands.
pub(super) const ADMIN_TOTP: &str = "STOCKTAKE_ADMIN_TOTP";

/// Where the scopes stand.
pub(super) const IMS_SCOPES: &str = "STOCKTAKE_IMS_SCOPES";

/// Where the address of the identity service stands.
pub(super) const IMS_TOKEN_URL: &str = "STOCKTAKE_IMS_TOKEN_URL";
