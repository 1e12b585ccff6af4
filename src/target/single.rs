//! A target that no file describes: given by flag or environment, or the embedded shop.

use std::time::Duration;

use serde_json::json;

use super::address::{AddressError, base_address, step_address};
use super::secret::SecretRef;
use super::types::{
    Api, Auth, DEFAULT_STORE, GuardSettings, HttpStep, Method, Reindex, Step, StepKind, Target,
};

/// The indexes that link writes make stale.
const STALE_INDEXES: [&str; 3] = ["inventory", "catalog_product_price", "catalogsearch_fulltext"];

impl Target {
    /// A target that is given by flag or environment, named by its host.
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
            api: Api::Paas,
            store: DEFAULT_STORE.to_owned(),
            auth: Auth::Bearer(token),
            guard: GuardSettings::default(),
            reindex: Reindex::Absent,
            default: true,
        })
    }

    /// The embedded shop at that address, whose command line is called over HTTP.
    pub fn rehearsal(url: &str, token: SecretRef) -> Result<Self, AddressError> {
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
            ..Self::single(url, token)?
        })
    }
}
