//! Targets, as the rest of the program uses them.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::keyring::Keyring;
use super::listed_file::ListedFile;
use super::masked::masked;
use super::secret::SecretRef;
use crate::model::{GuardLimits, StockName};

/// The default store code of REST calls: values for all store views.
pub const DEFAULT_STORE: &str = "all";

/// The default address that issues tokens: Adobe's identity service, by its documentation.
pub const IMS_TOKEN_URL: &str = "https://ims-na1.adobelogin.com/ims/token/v3";

/// The default time limit of a reindex step.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_mins(30);

/// The default pause between two checks of a `wait` step.
pub const DEFAULT_INTERVAL: Duration = Duration::from_secs(15);

/// The default time limit of an index proof after the reindex.
pub const DEFAULT_PROVE_TIMEOUT: Duration = Duration::from_mins(1);

/// All targets, in the order of the files.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    /// The targets.
    pub targets: Vec<Target>,
}

/// One Commerce instance.
#[derive(Debug, Clone)]
pub struct Target {
    /// The name in the file; the host for a target without a file.
    pub name: String,
    /// The base address. The path ends with a slash.
    pub url: Url,
    /// The kind of API.
    pub api: Api,
    /// The store code of REST calls.
    pub store: String,
    /// The sign-in method.
    pub auth: Auth,
    /// The settings of the connection.
    pub connection: ConnectionSettings,
    /// The limits on deletes.
    pub guard: GuardLimits,
    /// The protected stocks: none of their links may be deleted.
    pub protect: Vec<StockName>,
    /// The inventory files that the file lists for it; empty if it lists none.
    pub inventory: Vec<ListedFile>,
    /// The way to bring the index up to date.
    pub reindex: Reindex,
    /// The level of proof.
    pub prove: Prove,
    /// The time limit of an index proof after the reindex.
    pub prove_timeout: Duration,
    /// The web hooks that receive drift.
    pub notify: Vec<Webhook>,
    /// True if this target is used if none is named.
    pub default: bool,
    /// The secrets of all targets.
    pub keyring: Keyring,
}

/// The kinds of API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// Adobe Commerce on premises or on cloud infrastructure, and Magento Open Source: `rest/<store>/V1/…`.
    Paas,
    /// Adobe Commerce as a Cloud Service: `V1/…` with a `Store` header.
    Saas,
}

/// The sign-in methods, with the places of their secrets.
#[derive(Debug, Clone)]
pub enum Auth {
    /// A token in the `Authorization` header.
    Bearer(SecretRef),
    /// The four secrets of an integration.
    OAuth1 {
        /// The consumer key.
        consumer_key: SecretRef,
        /// The consumer's secret.
        consumer_secret: SecretRef,
        /// The access token.
        token: SecretRef,
        /// The access token's secret.
        token_secret: SecretRef,
    },
    /// An admin user.
    Admin {
        /// The user's name.
        user: SecretRef,
        /// The password.
        password: SecretRef,
        /// The secret of the authenticator app, in base32.
        totp: Option<SecretRef>,
    },
    /// Client credentials at Adobe's identity service.
    Ims {
        /// The client id.
        client_id: SecretRef,
        /// The client's secret.
        client_secret: SecretRef,
        /// The scopes to request.
        scopes: Vec<String>,
        /// The organization.
        organization: SecretRef,
        /// The address that issues tokens.
        token_url: Url,
    },
}

/// The settings of the connection, beyond the system's.
#[derive(Debug, Clone, Default)]
pub struct ConnectionSettings {
    /// A PEM file with the certificates of private authorities.
    pub ca_file: Option<PathBuf>,
    /// A PEM file with a client certificate and its key.
    pub client_certificate: Option<PathBuf>,
    /// The longest time to open a connection.
    pub connect_timeout: Option<Duration>,
    /// The longest time of one request.
    pub request_timeout: Option<Duration>,
    /// The longest time of all requests of a run together.
    pub run_timeout: Option<Duration>,
    /// The first pause before a retry.
    pub retry_pause: Option<Duration>,
    /// The time for which reads may still show the state before a write.
    pub consistency_wait: Option<Duration>,
    /// Further headers of every request to the shop: names in lower case, with the places of their values.
    pub headers: Vec<(String, SecretRef)>,
    /// The user and the password that an access gate in front of the shop asks for.
    pub basic: Option<BasicSettings>,
}

/// HTTP Basic in front of a shop.
#[derive(Debug, Clone)]
pub struct BasicSettings {
    /// The user.
    pub user: SecretRef,
    /// The password.
    pub password: SecretRef,
}

/// The way to bring a target's index up to date after link writes.
#[derive(Debug, Clone, Default)]
pub enum Reindex {
    /// The shop's cron does it.
    Cron,
    /// These steps do it, in order.
    Steps(Vec<Step>),
    /// The file does not say. Stocktake relies on the shop's cron, with a warning.
    #[default]
    Absent,
}

/// The level of proof.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Prove {
    /// The links of the changed stocks, by reading them again.
    #[default]
    Links,
    /// The links, and every index row of the changed stocks.
    Index,
    /// The links, and the index rows of these products. The list is never empty.
    Canary(Vec<String>),
}

/// A web hook that receives drift. Its address is a secret: whoever has it can post there.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The kind of message.
    pub kind: WebhookKind,
    /// The place of its address.
    pub url: SecretRef,
}

/// The kinds of web hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookKind {
    /// A Slack message.
    Slack,
    /// Stocktake's own document.
    Plain,
}

/// Names the web hook by the place of its address, never by the address.
impl fmt::Display for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            WebhookKind::Slack => "slack",
            WebhookKind::Plain => "webhook",
        };
        write!(f, "{kind} at {}", self.url)
    }
}

/// A step of a reindex.
#[derive(Debug, Clone)]
pub struct Step {
    /// The action.
    pub kind: StepKind,
    /// The time limit.
    pub timeout: Duration,
}

/// The kinds of step.
#[derive(Debug, Clone)]
pub enum StepKind {
    /// Runs a program, without a shell.
    Run {
        /// The program and its arguments. The list is never empty.
        argv: Vec<String>,
        /// The variables that the program may see although they hold secrets.
        pass_env: Vec<String>,
    },
    /// Sends a request.
    Http(HttpStep),
    /// Checks the index until it shows the links.
    Wait {
        /// The pause between two checks.
        interval: Duration,
    },
}

/// A request that a step sends.
#[derive(Debug, Clone)]
pub struct HttpStep {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: Url,
    /// The headers: names in lower case, with the places of their values.
    pub headers: Vec<(String, SecretRef)>,
    /// The body.
    pub body: Option<String>,
}

/// The methods that a step may use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    #[default]
    Post,
    /// `PUT`.
    Put,
    /// `PATCH`.
    Patch,
    /// `DELETE`.
    Delete,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// The name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Names the step, without the secrets of a URL in it.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            StepKind::Run { argv, .. } => f.write_str(&masked(&argv.join(" "))),
            StepKind::Http(request) => {
                let mut url = request.url.clone();
                url.set_query(None);
                url.set_fragment(None);
                write!(f, "{} {url}", request.method.as_str())
            }
            StepKind::Wait { .. } => f.write_str("wait for the index"),
        }
    }
}
