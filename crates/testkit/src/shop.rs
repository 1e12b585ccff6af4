//! A sandbox of its own on a free loopback port, and the tokens of its principals.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use commerce_sandbox as sandbox;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::wire::{self, Answer, Message};

/// The demo shop as a seed file of JSON.
pub const DEMO_SEED: &str = include_str!("../../commerce-sandbox/src/seeds/demo.json");

/// A running sandbox; it ends with this value.
pub struct Shop {
    /// The address that it listens on.
    pub address: SocketAddr,
    principals: Value,
    tokens: BTreeMap<String, String>,
    // Dropping the sender tells the server to stop, dropping the runtime waits for nothing else.
    _stop: oneshot::Sender<()>,
    _runtime: Runtime,
}

impl Shop {
    /// Starts a sandbox in the state that a seed file describes, of a generation for example.
    pub fn open(seed_file: &Path, options: sandbox::Options) -> Self {
        let text = std::fs::read_to_string(seed_file).expect("the seed can be read");
        Self::of(&text, options)
    }

    /// Starts a sandbox in the state that the text of a seed describes.
    pub fn of(seed: &str, options: sandbox::Options) -> Self {
        let principals = serde_json::from_str::<Value>(seed).expect("the seed is JSON")["principals"].take();
        let seed = sandbox::Seed::from_json(seed).expect("the seed is well-formed");
        Self::start(seed, principals, options)
    }

    /// Starts a sandbox with the demo shop.
    pub fn demo() -> Self {
        Self::demo_with(sandbox::Options::default())
    }

    /// Starts a sandbox with the demo shop, of a generation for example.
    pub fn demo_with(options: sandbox::Options) -> Self {
        let seed = sandbox::Seed::demo();
        let principals = serde_json::to_value(&seed.principals).expect("principals are JSON");
        Self::start(seed, principals, options)
    }

    fn start(seed: sandbox::Seed, principals: Value, options: sandbox::Options) -> Self {
        let runtime = Runtime::new().expect("a runtime can be made");
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0)))
            .expect("a loopback port is free");
        let address = listener.local_addr().expect("the listener has an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let served = Arc::new(sandbox::Shop::new(seed));
        runtime.spawn(sandbox::serve(listener, served, options, async {
            // Dropping the sender is the signal.
            let _ = stopped.await;
        }));
        Self {
            address,
            principals,
            tokens: BTreeMap::new(),
            _stop: stop,
            _runtime: runtime,
        }
    }

    /// Gives the bearer token of a principal, signing in at the first use; nothing for `none`.
    pub fn bearer(&mut self, caller: &str) -> Option<String> {
        match caller {
            "none" => return None,
            "bad" => return Some("0".repeat(32)),
            _ => {}
        }
        if !self.tokens.contains_key(caller) {
            let token = self.sign_in(caller);
            self.tokens.insert(caller.to_owned(), token);
        }
        self.tokens.get(caller).cloned()
    }

    /// Sends JSON as one of the principals.
    pub fn send(&mut self, caller: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let token = self.bearer(caller);
        let header = token.map(|token| ("Authorization", format!("Bearer {token}")));
        self.ask(method, path, header.into_iter().collect(), body)
    }

    /// Sends JSON with the given header lines.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        mut headers: Vec<(&str, String)>,
        body: Option<&Value>,
    ) -> Answer {
        headers.push(("Accept", "application/json".to_owned()));
        if body.is_some() {
            headers.push(("Content-Type", "application/json".to_owned()));
        }
        let body = body.map(|body| body.to_string().into_bytes());
        wire::send(
            self.address,
            &Message {
                method,
                target: path,
                headers,
                body,
            },
        )
    }

    /// Calls one of the sandbox's own routes.
    pub fn control(&mut self, route: &str, body: &Value) -> Value {
        let answer = self.send("none", "POST", &format!("/_sandbox/{route}"), Some(body));
        assert_eq!(
            answer.status,
            200,
            "{route}: {}",
            String::from_utf8_lossy(&answer.body)
        );
        serde_json::from_slice(&answer.body).expect("a control route answers JSON")
    }

    /// Gives an integration with its secrets; every caller that is none signs with those of `int_full`.
    pub fn integration(&self, name: &str) -> Value {
        let known = self.principal("integrations", "name", name);
        let known = known.or_else(|| self.principal("integrations", "name", "int_full"));
        known.expect("the seed has the integration")
    }

    fn sign_in(&mut self, caller: &str) -> String {
        if let Some(integration) = self.principal("integrations", "name", caller) {
            return integration["token"]
                .as_str()
                .expect("an integration has a token")
                .to_owned();
        }
        let (kind, name, holder) = if caller == "customer" {
            let customer = self.principals["customers"][0].clone();
            ("customer", "email", customer)
        } else {
            let admin = self
                .principal("admins", "username", caller)
                .expect("the principal is in the seed");
            ("admin", "username", admin)
        };
        let credentials = json!({ "username": holder[name], "password": holder["password"] });
        let path = format!("/rest/V1/integration/{kind}/token");
        let answer = self.send("none", "POST", &path, Some(&credentials));
        let body = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, 200, "{caller} signs in: {body}");
        serde_json::from_str(&body).expect("a token is a JSON string")
    }

    fn principal(&self, kind: &str, key: &str, name: &str) -> Option<Value> {
        let all = self.principals[kind].as_array()?;
        all.iter().find(|one| one[key] == name).cloned()
    }
}
