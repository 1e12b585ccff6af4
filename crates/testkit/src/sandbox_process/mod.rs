//! `stocktake sandbox` as a process of its own, and what a test asks it.

mod log;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::binary;
use crate::wire::{self, Answer, Message};
use crate::workspace::TOKEN;

pub use log::Logged;

/// A running sandbox; it ends with this value.
pub struct SandboxProcess {
    /// The address that it listens on.
    pub address: SocketAddr,
    child: Child,
}

impl SandboxProcess {
    /// Starts the demo shop with its state in memory.
    pub fn demo() -> Self {
        Self::start(&["--seed", "demo"])
    }

    /// Starts the demo shop with its state in a file.
    pub fn with_state_file(state: &Path) -> Self {
        let state = state.to_str().expect("the path is text");
        Self::start(&["--seed", "demo", "--state", state])
    }

    /// Starts a sandbox of a generation, with more arguments.
    pub fn of_generation(profile: &str, more: &[&str]) -> Self {
        Self::start(&[&["--profile", profile], more].concat())
    }

    /// Starts a sandbox with those arguments and waits for the line that says where it listens.
    pub fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(binary())
            .args(["sandbox", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary can be started");
        let stdout = child.stdout.take().expect("its output is piped");
        let mut line = String::new();
        BufReader::new(stdout)
            .read_line(&mut line)
            .expect("it prints a line");
        let address = line
            .trim_end()
            .strip_prefix("http://")
            .and_then(|address| address.parse().ok());
        let address = address.unwrap_or_else(|| panic!("no address: {line:?}"));
        Self { address, child }
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its own command line as a web hook.
    pub fn hook(&self) -> String {
        format!("{}/_sandbox/magento", self.url())
    }

    /// Reads over REST, or from one of the sandbox's own routes.
    pub fn get(&self, path: &str) -> Value {
        json_of(path, &self.send("GET", path, None))
    }

    /// Writes over REST, or to one of the sandbox's own routes.
    pub fn post(&self, path: &str, body: &Value) -> Value {
        json_of(path, &self.send("POST", path, Some(body)))
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let mut headers = vec![("Authorization", format!("Bearer {TOKEN}"))];
        if body.is_some() {
            headers.push(("Content-Type", "application/json".to_owned()));
        }
        wire::send(
            self.address,
            &Message {
                method,
                target: path,
                headers,
                body: body.map(|body| body.to_string().into_bytes()),
            },
        )
    }

    /// What is salable of a product in a stock.
    pub fn quantity(&self, sku: &str, stock: u32) -> Value {
        self.get(&format!(
            "/rest/V1/inventory/get-product-salable-quantity/{sku}/{stock}"
        ))
    }

    /// The links of a stock by priority.
    pub fn links(&self, stock: u32) -> Vec<(String, u64)> {
        let list = self.get("/rest/V1/inventory/stock-source-links?searchCriteria=");
        let rows = list["items"].as_array().expect("a list has items").iter();
        let rows = rows.filter(|row| row["stock_id"] == stock);
        let mut links: Vec<(String, u64)> = rows
            .filter_map(|row| Some((row["source_code"].as_str()?.to_owned(), row["priority"].as_u64()?)))
            .collect();
        links.sort_by_key(|(_, priority)| *priority);
        links
    }

    /// What a command of the shop's `bin/magento` prints.
    pub fn magento(&self, argv: &[&str]) -> String {
        let output = self.post("/_sandbox/magento", &json!({ "argv": argv }));
        output["stdout"]
            .as_str()
            .expect("a command prints text")
            .to_owned()
    }

    /// Holds an index run open.
    pub fn begin_index_run(&self) {
        self.post("/_sandbox/index/begin", &json!({}));
    }

    /// Ends the open index run.
    pub fn finish_index_run(&self) {
        self.post("/_sandbox/index/finish", &json!({}));
    }

    /// The number of requests to the shop by each method, by its own log.
    pub fn methods(&self) -> BTreeMap<String, usize> {
        let mut methods = BTreeMap::new();
        let log = self.get("/_sandbox/log");
        let log = log.as_array().expect("the log is a list").iter();
        for logged in log.filter(|logged| logged["actor"] == "client") {
            let method = logged["method"].as_str().expect("a request has a method");
            *methods.entry(method.to_owned()).or_default() += 1;
        }
        methods
    }

    /// The number of requests changed something.
    pub fn writes(&self) -> usize {
        self.methods()
            .into_iter()
            .filter(|(method, _)| method != "GET")
            .map(|(_, number)| number)
            .sum()
    }
}

impl Drop for SandboxProcess {
    fn drop(&mut self) {
        // One that has ended already needs no killing; waiting takes it off the process table.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn json_of(path: &str, answer: &Answer) -> Value {
    let body = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, 200, "{path}: {body}");
    serde_json::from_str(&body).unwrap_or_else(|error| panic!("{path}: {error}: {body}"))
}
