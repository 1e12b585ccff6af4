//! Targets as the rest of the program sees them.

use std::time::Duration;

use url::Url;

use super::address::{AddressError, base_address};
use super::secret::SecretRef;

/// The store code in the path of REST calls when none is given: values for all store views.
pub const DEFAULT_STORE: &str = "all";

/// How long a reindex step may take when nothing is said.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_mins(30);

/// All targets of a file, in its order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Targets {
    /// The targets.
    pub targets: Vec<Target>,
}

/// One Commerce instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its name in the file; the host when it is given without a file.
    pub name: String,
    /// Its base address; the path ends with a slash.
    pub url: Url,
    /// The kind of API that it serves.
    pub api: Api,
    /// How it knows us.
    pub auth: Auth,
    /// How careful to be.
    pub guard: GuardSettings,
    /// How its index is brought up to date.
    pub reindex: Reindex,
    /// Whether it is meant when none is named.
    pub default: bool,
}

/// The kinds of API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Api {
    /// Adobe Commerce on premises or on cloud infrastructure, and Magento Open Source: `rest/<store>/V1/…`.
    Paas {
        /// The store code in the path.
        store: String,
    },
}

/// The ways to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// A token in the `Authorization` header.
    Bearer(SecretRef),
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Reindex {
    /// The shop's cron does it.
    Cron,
    /// These steps do it, one after the other.
    Steps(Vec<Step>),
    /// Nothing is said, so the shop's cron is relied upon, with a warning.
    #[default]
    Absent,
}

/// A step of a reindex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// How long it may take.
    pub timeout: Duration,
}

/// The kinds of step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepKind {
    /// Runs a program, without a shell.
    Run {
        /// The program and its arguments; never empty.
        argv: Vec<String>,
    },
    /// Sends a request.
    Http(HttpStep),
}

/// A request that a step sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpStep {
    /// The method.
    pub method: Method,
    /// The address.
    pub url: Url,
    /// The headers, by their names in lower case.
    pub headers: Vec<(String, HeaderValue)>,
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
    /// All of them with their names.
    pub const ALL: [(&'static str, Self); 5] = [
        ("GET", Self::Get),
        ("POST", Self::Post),
        ("PUT", Self::Put),
        ("PATCH", Self::Patch),
        ("DELETE", Self::Delete),
    ];
}

/// The value of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderValue {
    /// It stands in the file and is no secret.
    Plain(String),
    /// It is kept elsewhere.
    Secret(SecretRef),
}

impl Target {
    /// A target that is given by flag or environment, without a file.
    pub fn single(url: &str, token: SecretRef) -> Result<Self, AddressError> {
        let url = base_address(url)?;
        let host = url.host_str().unwrap_or_default();
        let name = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        Ok(Self {
            name,
            url,
            api: Api::Paas {
                store: DEFAULT_STORE.to_owned(),
            },
            auth: Auth::Bearer(token),
            guard: GuardSettings::default(),
            reindex: Reindex::Absent,
            default: true,
        })
    }
}
