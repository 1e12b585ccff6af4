//! How to sign in, with the secrets themselves; they show in no output.

use secrecy::SecretString;
use url::Url;

use super::oauth::Secrets;

/// A way to sign in.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A ready token.
    Bearer(SecretString),
    /// The four secrets of an integration: every request is signed (commerce.md C5.3).
    OAuth1(Secrets),
    /// An admin user: a token is fetched, renewed before it expires and once when it is refused.
    Admin {
        /// The user's name.
        user: String,
        /// The password.
        password: SecretString,
        /// The secret of the user's second factor, in base32, where two-factor sign-in is on.
        totp: Option<SecretString>,
    },
    /// OAuth 2 client credentials at Adobe's identity service, for SaaS (commerce.md C5.4).
    Ims {
        /// Where tokens are had.
        token_url: Url,
        /// The client id, sent as `x-api-key` too.
        client_id: String,
        /// The client's secret.
        client_secret: SecretString,
        /// The scopes to ask for.
        scopes: Vec<String>,
        /// The organization, sent as `x-gw-ims-org-id`.
        organization: String,
    },
}

impl Credential {
    /// What of it must show nowhere.
    pub(in crate::commerce) fn secrets(&self) -> Vec<&SecretString> {
        match self {
            Self::Bearer(token) => vec![token],
            Self::OAuth1(secrets) => vec![&secrets.consumer_secret, &secrets.token, &secrets.token_secret],
            Self::Admin { password, totp, .. } => [password].into_iter().chain(totp).collect(),
            Self::Ims { client_secret, .. } => vec![client_secret],
        }
    }
}

/// How the API is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Api {
    /// `URL/rest/<store>/V1/…`; the store code `all` answers in no store's language.
    Paas {
        /// The store code in the path.
        store: String,
    },
    /// `URL/V1/…` with a `Store` header (commerce.md C5.4).
    Saas {
        /// The store code in the header.
        store: String,
    },
}
