//! The keys of `auth`, and of the places where secrets are kept.

use spanned_yaml::{List, NodeKind, record};

use super::either::either;
use crate::target::scalar::{Argv, EnvName, FilePath, PlainText, StepUrl};
use crate::target::types::IMS_TOKEN_URL;

record! {
    /// The credential that stocktake signs in with.
    pub struct AuthEntry<'t>: "`auth`" {
        /// A token for the `Authorization: Bearer` header.
        optional bearer: SecretEntry<'t>,
        /// The four secrets of an integration, which sign each request (OAuth 1.0a, HMAC-SHA256).
        optional oauth1: OAuth1Entry<'t>,
        /// An admin user. Stocktake fetches and renews the token.
        optional admin: AdminEntry<'t>,
        /// Client credentials at Adobe's identity service, for `api: saas`.
        optional ims: ImsEntry<'t>,
    }
    exactly one of bearer, oauth1, admin, ims;
}

record! {
    /// The four secrets of an integration. Admin shows them when it is activated.
    pub struct OAuth1Entry<'t>: "`oauth1`" {
        /// The consumer key.
        required consumer_key: ValueEntry<'t>,
        /// The consumer's secret.
        required consumer_secret: SecretEntry<'t>,
        /// The access token.
        required token: SecretEntry<'t>,
        /// The access token's secret.
        required token_secret: SecretEntry<'t>,
    }
}

record! {
    /// An admin user.
    pub struct AdminEntry<'t>: "`admin`" {
        /// The user's name.
        required user: ValueEntry<'t>,
        /// The password.
        required password: SecretEntry<'t>,
        /// The secret of the user's authenticator app, in base32, if two-factor sign-in is on.
        optional totp: SecretEntry<'t>,
    }
}

record! {
    /// OAuth 2 client credentials.
    pub struct ImsEntry<'t>: "`ims`" {
        /// The client id, also sent as `x-api-key`.
        required client_id: ValueEntry<'t>,
        /// The client's secret.
        required client_secret: SecretEntry<'t>,
        /// The scopes to request, such as `openid`, `AdobeID` and `commerce.accs`.
        required scopes: List<'t, PlainText<'t>>,
        /// The organization, sent as `x-gw-ims-org-id`.
        required organization: ValueEntry<'t>,
        /// The address that issues tokens.
        optional token_url: StepUrl = IMS_TOKEN_URL,
    }
}

record! {
    /// The place where a secret is kept.
    pub struct SecretEntry<'t>: "the place of a secret" {
        /// The name of an environment variable.
        optional env: EnvName<'t>,
        /// The path of a file. A relative path starts at the working directory.
        optional file: FilePath<'t>,
        /// A program with its arguments that writes the secret to its standard output. There is no shell.
        optional command: Argv,
    }
    exactly one of env, file, command;
}

either! {
    /// A text, or the place where it is kept.
    pub enum ValueEntry<'t>: "Value" {
        /// The text.
        Plain(PlainText<'t>),
        /// The place where it is kept.
        Secret(SecretEntry<'t>) if NodeKind::Mapping,
    }
}
