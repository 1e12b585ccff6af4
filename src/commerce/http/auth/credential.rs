//! Credentials, with their secrets, and the hints when the shop refuses them.

use secrecy::SecretString;
use url::Url;

use super::oauth::Secrets;

/// A way to sign in.
#[derive(Debug, Clone)]
pub enum Credential {
    /// An access token.
    Bearer(SecretString),
    /// The four secrets of an integration; they sign every request (recording 01).
    OAuth1(Secrets),
    /// An admin user. Its token is fetched, renewed before it expires, and once if it is refused.
    Admin {
        /// The user's name.
        user: String,
        /// The password.
        password: SecretString,
        /// The secret of the user's second factor, in base32, if two-factor sign-in is on.
        totp: Option<SecretString>,
    },
    /// OAuth 2 client credentials at Adobe's identity service, for SaaS, by its documentation.
    Ims {
        /// The URL that issues tokens.
        token_url: Url,
        /// The client id; also sent as `x-api-key`.
        client_id: String,
        /// The client's secret.
        client_secret: SecretString,
        /// The requested scopes.
        scopes: Vec<String>,
        /// The organization, sent as `x-gw-ims-org-id`.
        organization: String,
    },
}

impl Credential {
    /// The secrets that no output may show.
    pub(in crate::commerce) fn secrets(&self) -> Vec<&SecretString> {
        match self {
            Self::Bearer(token) => vec![token],
            Self::OAuth1(secrets) => vec![&secrets.consumer_secret, &secrets.token, &secrets.token_secret],
            Self::Admin { password, totp, .. } => [password].into_iter().chain(totp).collect(),
            Self::Ims { client_secret, .. } => vec![client_secret],
        }
    }

    /// The hint for a 401 of the cloud's gateway, which does not check permissions.
    pub(super) fn gateway_hint(&self) -> &'static str {
        match self {
            Self::Ims { .. } => {
                "the gateway does not accept the identity service's token: check that the credential and the URL are of the \
                 same environment"
            }
            Self::Bearer(_) | Self::OAuth1(_) | Self::Admin { .. } => {
                "Adobe Commerce as a Cloud Service accepts client credentials only (auth: ims)"
            }
        }
    }

    /// The hint for a 401 that names a permission. The server does not say if the token or the role is at fault.
    pub(super) fn permission_hint(&self, resource: &str) -> String {
        let role = "System > Permissions > User Roles > Role Resources";
        let integration = "System > Extensions > Integrations > API";
        match self {
            Self::Bearer(_) => format!(
                "the token is wrong or expired, or it lacks the resource {resource}: see {integration}. Since 2.4.4 an \
                 integration's access token alone is refused: sign with its four secrets (auth: oauth1), or switch it on \
                 in Stores > Configuration > Services > OAuth > Consumer Settings"
            ),
            Self::OAuth1(_) => {
                format!("the integration lacks the resource {resource}: see {integration}")
            }
            Self::Admin { user, .. } => {
                format!("the role of {user} lacks the resource {resource}: see {role}")
            }
            Self::Ims { .. } => {
                format!("the credential's product profile lacks the resource {resource}")
            }
        }
    }
}

/// The layout of the API's URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Api {
    /// `URL/rest/<store>/V1/…`; the store code `all` answers in no store's language.
    Paas {
        /// The store code in the path.
        store: String,
    },
    /// `URL/V1/…` with a `Store` header, by Adobe's documentation.
    Saas {
        /// The store code in the header.
        store: String,
    },
}
