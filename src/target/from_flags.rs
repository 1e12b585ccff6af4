//! Targets without a file: from flags and the environment, or the sandbox.

use std::time::Duration;

use serde_json::json;

use super::address::{AddressError, base_address, step_address};
use super::env::{self, SIGN_IN_VARIABLES};
use super::keyring::Keyring;
use super::secret::SecretRef;
use super::types::{
    Api, Auth, ConnectionSettings, DEFAULT_PROVE_TIMEOUT, DEFAULT_STORE, HttpStep, IMS_TOKEN_URL, Method,
    Prove, Reindex, Step, StepKind, Target,
};
use crate::model::GuardLimits;

/// The indexes that become stale by link writes.
const STALE_INDEXES: [&str; 3] = ["inventory", "catalog_product_price", "catalogsearch_fulltext"];

impl Target {
    /// A target from flags or the environment, named after its host.
    pub fn from_flags(url: &str, api: Api, auth: Auth) -> Result<Self, AddressError> {
        let url = base_address(url)?;
        let host = url.host_str().unwrap_or_default();
        let name = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        Ok(Self {
            name,
            url,
            api,
            store: DEFAULT_STORE.to_owned(),
            auth,
            connection: ConnectionSettings::default(),
            guard: GuardLimits::default(),
            protect: Vec::new(),
            inventory: Vec::new(),
            reindex: Reindex::Absent,
            prove: Prove::Links,
            prove_timeout: DEFAULT_PROVE_TIMEOUT,
            notify: Vec::new(),
            default: true,
            keyring: Keyring::default(),
        })
    }

    /// The embedded shop at that address, whose command line is called over HTTP.
    pub fn sandbox(url: &str, token: SecretRef) -> Result<Self, AddressError> {
        let mut argv = vec!["indexer:reindex"];
        argv.extend(STALE_INDEXES);
        let call = HttpStep {
            method: Method::Post,
            url: step_address(&format!("{}/_sandbox/magento", url.trim_end_matches('/')))?,
            headers: Vec::new(),
            body: Some(json!({ "argv": argv }).to_string()),
        };
        Ok(Self {
            name: "sandbox".to_owned(),
            reindex: Reindex::Steps(vec![Step {
                kind: StepKind::Http(call),
                timeout: Duration::from_mins(1),
            }]),
            ..Self::from_flags(url, Api::Paas, Auth::Bearer(token))?
        })
    }
}

/// Looks up an environment variable.
type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reports that the environment selects a sign-in method but does not complete it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvironmentError {
    /// A variable is missing.
    #[error("the environment has {begun} but not {missing}, which belongs to it")]
    Missing {
        /// The variable that selects the method.
        begun: &'static str,
        /// The missing variable.
        missing: &'static str,
    },
    /// A variable is empty. CI systems set secrets that a run may not see to nothing.
    #[error("empty secret: the environment variable `{0}` is empty")]
    Empty(&'static str),
    /// The address of the identity service is invalid.
    #[error("STOCKTAKE_IMS_TOKEN_URL: {0}")]
    TokenUrl(AddressError),
}

impl Auth {
    /// The sign-in method that the environment selects, if any, by the first of its required variables. Secrets are not read
    /// yet.
    pub fn from_environment(lookup: Lookup<'_>) -> Result<Option<Self>, EnvironmentError> {
        let is_empty = |name: &str| lookup(name).is_some_and(|value| value.is_empty());
        let lookup: Lookup<'_> = &|name| lookup(name).filter(|value| !value.is_empty());
        let mut methods = METHODS.into_iter().map(|method| (method, needed(method)));
        let Some((method, names)) = methods.find(|(_, names)| lookup(names[0]).is_some()) else {
            let mut needed = SIGN_IN_VARIABLES.iter().filter(|variable| !variable.optional);
            return match needed.find(|variable| is_empty(variable.name)) {
                Some(variable) => Err(EnvironmentError::Empty(variable.name)),
                None => Ok(None),
            };
        };
        if let Some(missing) = names.iter().find(|name| lookup(name).is_none()) {
            let begun = names[0];
            return Err(if is_empty(missing) {
                EnvironmentError::Empty(missing)
            } else {
                EnvironmentError::Missing { begun, missing }
            });
        }
        Self::of_variables(method, &names, lookup).map(Some)
    }

    /// The method with its required variables, in the order of the table.
    fn of_variables(method: &str, names: &[&str], lookup: Lookup<'_>) -> Result<Self, EnvironmentError> {
        let place = |at: usize| SecretRef::Env(names[at].to_owned());
        Ok(match method {
            "oauth1" => Self::OAuth1 {
                consumer_key: place(0),
                consumer_secret: place(1),
                token: place(2),
                token_secret: place(3),
            },
            "admin" => Self::Admin {
                user: place(0),
                password: place(1),
                totp: lookup(env::ADMIN_TOTP).map(|_| SecretRef::Env(env::ADMIN_TOTP.to_owned())),
            },
            "ims" => {
                let url = lookup(env::IMS_TOKEN_URL).unwrap_or_else(|| IMS_TOKEN_URL.to_owned());
                let scopes = lookup(env::IMS_SCOPES).unwrap_or_default();
                let scopes = scopes.split([',', ' ']).filter(|scope| !scope.is_empty());
                Self::Ims {
                    client_id: place(0),
                    client_secret: place(1),
                    scopes: scopes.map(str::to_owned).collect(),
                    organization: place(3),
                    token_url: step_address(&url).map_err(EnvironmentError::TokenUrl)?,
                }
            }
            _ => Self::Bearer(place(0)),
        })
    }
}

/// The sign-in methods of the environment.
const METHODS: [&str; 4] = ["bearer", "oauth1", "admin", "ims"];

/// The required variables of a method.
fn needed(method: &str) -> Vec<&'static str> {
    let needed = SIGN_IN_VARIABLES
        .iter()
        .filter(|variable| variable.method == method && !variable.optional);
    needed.map(|variable| variable.name).collect()
}

#[cfg(test)]
mod tests {
    use super::{Auth, EnvironmentError};

    fn auth(set: &[(&str, &str)]) -> Result<Option<Auth>, EnvironmentError> {
        Auth::from_environment(&|name| {
            set.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_gives_a_method_or_names_what_is_missing() {
        assert!(auth(&[]).unwrap().is_none());
        assert!(matches!(
            auth(&[("STOCKTAKE_TOKEN", "t")]),
            Ok(Some(Auth::Bearer(_)))
        ));
        let user = ("STOCKTAKE_ADMIN_USER", "u");
        let missing = auth(&[user]).unwrap_err().to_string();
        assert!(missing.contains("STOCKTAKE_ADMIN_PASSWORD"), "{missing}");
        let password = ("STOCKTAKE_ADMIN_PASSWORD", "p");
        assert!(matches!(
            auth(&[user, password]),
            Ok(Some(Auth::Admin { totp: None, .. }))
        ));
        let totp = ("STOCKTAKE_ADMIN_TOTP", "s");
        assert!(matches!(
            auth(&[user, password, totp]),
            Ok(Some(Auth::Admin { totp: Some(_), .. }))
        ));
        let empty = |set: &[(&str, &str)]| auth(set).unwrap_err().to_string();
        for (set, name) in [
            (&[("STOCKTAKE_TOKEN", "")][..], "STOCKTAKE_TOKEN"),
            (
                &[user, ("STOCKTAKE_ADMIN_PASSWORD", "")],
                "STOCKTAKE_ADMIN_PASSWORD",
            ),
            (
                &[("STOCKTAKE_ADMIN_TOTP", ""), ("STOCKTAKE_ADMIN_USER", "")],
                "STOCKTAKE_ADMIN_USER",
            ),
        ] {
            let message = format!("empty secret: the environment variable `{name}` is empty");
            assert_eq!(empty(set), message);
        }
        // An empty variable of another method does no harm.
        assert!(auth(&[("STOCKTAKE_TOKEN", ""), user, password]).is_ok());
        let ims = [
            ("STOCKTAKE_IMS_CLIENT_ID", "i"),
            ("STOCKTAKE_IMS_CLIENT_SECRET", "s"),
            ("STOCKTAKE_IMS_SCOPES", "openid, commerce.accs"),
            ("STOCKTAKE_IMS_ORGANIZATION", "o"),
        ];
        let Ok(Some(Auth::Ims { scopes, .. })) = auth(&ims) else {
            panic!("no client credentials")
        };
        assert_eq!(scopes, ["openid", "commerce.accs"]);
    }
}
