//! `drift --notify`: web hooks hear what is new to them, once, and never their own address.

mod changes;
mod messages;
mod trouble;

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};

use serde_json::{Value, json};

use testkit::proxy::{Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

/// What nobody may read: whoever knows the address of a web hook can write there.
const SECRET: &str = "T0S3CRET-B0S3CRET-xyz";

/// A web hook that keeps what it is told; the status that it answers can be changed.
struct Catcher {
    proxy: Proxy,
    status: Arc<AtomicU16>,
    read: AtomicUsize,
}

impl Catcher {
    fn start() -> Self {
        let status = Arc::new(AtomicU16::new(200));
        let answered = Arc::clone(&status);
        let proxy = Proxy::alone(move |_| {
            let status = answered.load(Ordering::SeqCst);
            let elsewhere = format!("http://127.0.0.1:1/{SECRET}");
            Canned::new(status, "text/plain", "ok").with("Location", &elsewhere)
        });
        Self {
            proxy,
            status,
            read: AtomicUsize::new(0),
        }
    }

    fn url(&self) -> String {
        format!("{}/services/{SECRET}?key={SECRET}", self.proxy.url())
    }

    fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// What it was told since the last time.
    fn received(&self) -> Vec<Value> {
        let seen = self.proxy.seen();
        let new = &seen[self.read.swap(seen.len(), Ordering::SeqCst)..];
        let message = |asked: &testkit::proxy::Request| {
            assert_eq!(
                (&*asked.method, asked.path.as_str()),
                ("POST", &*format!("/services/{SECRET}"))
            );
            serde_json::from_slice(&asked.body).expect("a message is JSON")
        };
        new.iter().map(message).collect()
    }

    /// The texts of what it was told since the last time.
    fn texts(&self) -> Vec<String> {
        let text = |message: Value| message["text"].as_str().expect("a message has a text").to_owned();
        self.received().into_iter().map(text).collect()
    }
}

fn workspace(slack: &Catcher) -> Workspace {
    Workspace::new()
        .variable("SHOP_TOKEN", TOKEN)
        .variable("SLACK_URL", slack.url())
}

const SLACK: &str = "notify: [{ slack: { env: SLACK_URL } }]";

fn link(shop: &SandboxProcess, path: &str, source: &str, priority: u16) {
    let link = json!({ "source_code": source, "stock_id": 3, "priority": priority });
    shop.post(path, &json!({ "links": [link] }));
}

fn save(shop: &SandboxProcess, source: &str, priority: u16) {
    link(shop, "/rest/V1/inventory/stock-source-links", source, priority);
}

fn delete(shop: &SandboxProcess, source: &str) {
    link(shop, "/rest/V1/inventory/stock-source-links-delete", source, 1);
}
