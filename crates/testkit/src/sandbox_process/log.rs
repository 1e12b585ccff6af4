//! Reads a running sandbox beside REST: its log, its tables, its tokens.

use serde_json::{Value, json};

use super::SandboxProcess;

/// A request in the log of a sandbox.
#[derive(Debug, Clone)]
pub struct Logged {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query.
    pub query: String,
    /// The status answered.
    pub status: u64,
}

impl SandboxProcess {
    /// What was asked of it so far.
    pub fn log(&self) -> Vec<Logged> {
        let log = self.get("/_sandbox/log");
        let text = |logged: &Value, key: &str| logged[key].as_str().expect("it is text").to_owned();
        let logged = |logged: &Value| Logged {
            method: text(logged, "method"),
            path: text(logged, "path"),
            query: text(logged, "query"),
            status: logged["status"].as_u64().expect("a status is a number"),
        };
        log.as_array()
            .expect("the log is a list")
            .iter()
            .filter(|logged| logged["actor"] == "client")
            .map(logged)
            .collect()
    }

    /// The number of times that somebody tried to sign in.
    pub fn sign_ins(&self) -> usize {
        let log = self.log();
        log.iter().filter(|logged| logged.signs_in()).count()
    }

    /// The writes of links that were asked for, with their statuses.
    pub fn link_writes(&self) -> Vec<u64> {
        let log = self.log().into_iter();
        log.filter(|logged| logged.method != "GET" && logged.path.contains("/inventory/"))
            .map(|logged| logged.status)
            .collect()
    }

    /// The links in its tables: stock, source and priority, sorted.
    pub fn tables(&self) -> Vec<(u64, String, u64)> {
        let state = self.get("/_sandbox/state");
        let links = state["store"]["links"].as_array().expect("a table is a list");
        let row = |link: &Value| {
            (
                link["stock_id"].as_u64().expect("an id is a number"),
                link["source_code"].as_str().expect("a code is text").to_owned(),
                link["priority"].as_u64().expect("a priority is a number"),
            )
        };
        let mut rows: Vec<_> = links.iter().map(row).collect();
        rows.sort();
        rows
    }

    /// The tokens that it gave out and that have not ended.
    pub fn tokens(&self) -> Vec<String> {
        let state = self.get("/_sandbox/state");
        let tokens = state["sessions"]["tokens"].as_object();
        tokens.expect("tokens have names").keys().cloned().collect()
    }

    /// Ends every token there is.
    pub fn expire_tokens(&self) {
        self.post("/_sandbox/tokens/expire", &json!({}));
    }

    /// Signs the demo shop's admin in.
    pub fn admin_token(&self) -> String {
        let body = json!({ "username": "admin", "password": "Sandbox-admin-1" });
        let token = self.post("/rest/V1/integration/admin/token", &body);
        token.as_str().expect("a token is text").to_owned()
    }
}

impl Logged {
    /// True if it asked for a token.
    pub fn signs_in(&self) -> bool {
        ["/integration/admin/token", "/authenticate", "/ims/token/v3"]
            .iter()
            .any(|end| self.path.ends_with(end))
    }

    /// True if it asked for a page of that list.
    pub fn lists(&self, list: &str) -> bool {
        self.method == "GET" && self.path.ends_with(list)
    }
}
