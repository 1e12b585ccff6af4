//! Targets as the rest of the program sees them.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::keyring::Keyring;
use super::masked::masked;
use super::secret::SecretRef;
use crate::model::StockName;

/// The store code in the path of REST calls when none is given: values for all store views.
pub const DEFAULT_STORE: &str = "all";

/// Where Adobe's identity service gives tokens (commerce.md C5.4).
pub const IMS_TOKEN_URL: &str = "https://ims-na1.adobelogin.com/ims/token/v3";

/// How long a reindex step may take when nothing is said.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_mins(30);

/// The pause between two looks of a `wait` step when nothing is said.
pub const DEFAULT_INTERVAL: Duration = Duration::from_secs(15);

/// How long a proof of the index may be looked for after the reindex when nothing is said.
pub const DEFAULT_PROVE_TIMEOUT: Duration = Duration::from_mins(1);

/// All targets of a file, in its order.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    /// The targets.
    pub targets: Vec<Target>,
}

/// One Commerce instance.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its name in the file; the host when it is given without a file.
    pub name: String,
    /// Its base address; the path ends with a slash.
    pub url: Url,
    /// The kind of API that it serves.
    pub api: Api,
    /// The store code of REST calls.
    pub store: String,
    /// How it knows us.
    pub auth: Auth,
    /// How connections are made.
    pub connection: ConnectionSettings,
    /// How careful to be.
    pub guard: GuardSettings,
    /// The stocks none of whose links may be deleted.
    pub protect: Vec<StockName>,
    /// How its index is brought up to date.
    pub reindex: Reindex,
    /// How much of a result is proven.
    pub prove: Prove,
    /// How long a proof of the index may be looked for after the reindex.
    pub prove_timeout: Duration,
    /// The web hooks that are told of drift.
    pub notify: Vec<Webhook>,
    /// Whether it is meant when none is named.
    pub default: bool,
    /// What is known of the secrets of all targets.
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

/// The ways to be known.
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
        /// The scopes to ask for.
        scopes: Vec<String>,
        /// The organization.
        organization: SecretRef,
        /// Where tokens are had.
        token_url: Url,
    },
}

/// How connections are made, beyond what the system knows.
#[derive(Debug, Clone, Default)]
pub struct ConnectionSettings {
    /// A PEM file with the certificates of private authorities.
    pub ca_file: Option<PathBuf>,
    /// A PEM file with a client certificate and its key.
    pub client_certificate: Option<PathBuf>,
    /// The longest time to get a connection.
    pub connect_timeout: Option<Duration>,
    /// The longest time of one request.
    pub request_timeout: Option<Duration>,
    /// The longest time for all requests of a run together.
    pub run_timeout: Option<Duration>,
    /// The first pause before something is tried again.
    pub retry_pause: Option<Duration>,
    /// How long reads may go on showing what stood before a write.
    pub consistency_wait: Option<Duration>,
    /// Further headers of every request to the shop, by their names in lower case, with where their values are.
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

/// From when on deletes are refused; each limit can be lifted for one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuardSettings {
    /// The most links that a run may delete.
    pub max_deletes: u32,
    /// The greatest part of a stock's live links that a run may delete, in percent.
    pub max_delete_percent: u8,
}

impl Default for GuardSettings {
    fn default() -> Self {
        Self {
            max_deletes: 10,
            max_delete_percent: 30,
        }
    }
}

/// How a target's index is brought up to date after link writes.
#[derive(Debug, Clone, Default)]
pub enum Reindex {
    /// The shop's cron does it.
    Cron,
    /// These steps do it, one after the other.
    Steps(Vec<Step>),
    /// Nothing is said, so the shop's cron is relied upon, with a warning.
    #[default]
    Absent,
}

/// How much of a result is proven.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Prove {
    /// The links, by a full read.
    #[default]
    Links,
    /// The links, and every row of the index of the stocks in question.
    Index,
    /// The links, and the rows of these products; never empty.
    Canary(Vec<String>),
}

/// A web hook that is told of drift. Its address is a secret: who knows it can write there.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// What it understands.
    pub kind: WebhookKind,
    /// Where its address is kept.
    pub url: SecretRef,
}

/// The kinds of web hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookKind {
    /// Takes a message as Slack does.
    Slack,
    /// Takes our document.
    Plain,
}

/// A web hook as a report names it: by the place of its address, never by the address.
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
    /// What it does.
    pub kind: StepKind,
    /// How long it may take.
    pub timeout: Duration,
}

/// The kinds of step.
#[derive(Debug, Clone)]
pub enum StepKind {
    /// Runs a program, without a shell.
    Run {
        /// The program and its arguments; never empty.
        argv: Vec<String>,
        /// The variables that hold secrets and that it may see.
        pass_env: Vec<String>,
    },
    /// Sends a request.
    Http(HttpStep),
    /// Looks at the index until it shows the links.
    Wait {
        /// The pause between two looks.
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
    /// The headers, by their names in lower case, with where their values are.
    pub headers: Vec<(String, SecretRef)>,
    /// The body.
    pub body: Option<String>,
}

/// The methods a step may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `PATCH`.
    Patch,
    /// `DELETE`.
    Delete,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// Its name.
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

/// A step as a report names it: without what a URL in it keeps secret.
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
