//! A shop in this process, and runs of the engine against it.

use std::net::SocketAddr;
use std::sync::Arc;

use commerce_sandbox::{Actor, Options, Seed, Shop, serve};
use serde_json::Value;
use stocktake::target::{SecretRef, Target};
use tempfile::TempDir;

use crate::wire::{self, Message};

mod run;

pub use crate::workspace::{TOKEN, TUTORIAL};
pub use run::{Run, tally, undone};

/// A shop that listens on loopback; dropping it stops it.
pub struct EngineFixture {
    /// The shop itself.
    pub shop: Arc<Shop>,
    /// The address that it listens on.
    pub address: SocketAddr,
    /// The folder of the journal.
    pub state_dir: TempDir,
    server: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl EngineFixture {
    /// Starts the demo shop.
    pub async fn demo() -> Self {
        Self::of(Seed::demo()).await
    }

    /// Starts a shop.
    pub async fn of(seed: Seed) -> Self {
        Self::serving(seed, Options::default()).await
    }

    /// Starts a shop with these options of the server.
    pub async fn serving(seed: Seed, options: Options) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a loopback port is free");
        let address = listener.local_addr().expect("the listener has an address");
        let shop = Arc::new(Shop::new(seed));
        let server = tokio::spawn(serve(
            listener,
            Arc::clone(&shop),
            options,
            std::future::pending(),
        ));
        Self {
            shop,
            address,
            state_dir: tempfile::tempdir().expect("a folder can be made"),
            server,
        }
    }

    /// The salable quantity of a product in a stock, read over REST.
    pub fn quantity(&self, sku: &str, stock: u32) -> Value {
        let answer = wire::send(
            self.address,
            &Message {
                method: "GET",
                target: &format!("/rest/V1/inventory/get-product-salable-quantity/{sku}/{stock}"),
                headers: vec![("Authorization", format!("Bearer {TOKEN}"))],
                body: None,
            },
        );
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).expect("a quantity is JSON")
    }

    /// The output of `bin/magento` of the shop.
    pub fn magento(&self, argv: &[&str]) -> String {
        let argv: Vec<String> = argv.iter().map(ToString::to_string).collect();
        let output = commerce_sandbox::backdoor::magento(&mut self.shop.state().store, &argv);
        let output = serde_json::to_value(output).expect("an output is JSON");
        output["stdout"]
            .as_str()
            .expect("a command prints text")
            .to_owned()
    }

    /// The links of a stock, each as source and priority, in the order in which they were made.
    pub fn links(&self, stock: i64) -> Vec<(String, i64)> {
        let state = self.shop.state();
        let links = state.store.links.iter().filter(|link| link.stock_id == stock);
        links
            .map(|link| (link.source_code.clone(), link.priority))
            .collect()
    }

    /// The number of write requests, by the shop's own log.
    pub fn writes(&self) -> usize {
        self.shop
            .log()
            .iter()
            .filter(|logged| logged.actor == Actor::Client && logged.method != "GET")
            .count()
    }

    /// A run against the target at that address.
    pub fn run(&self, at: SocketAddr, inventory: &str) -> Run {
        let target = Target::sandbox(&format!("http://{at}"), SecretRef::Value(TOKEN.into()));
        let target = target.expect("a loopback address is a target");
        Run::new(target, inventory, self.state_dir.path().to_owned())
    }
}

impl Drop for EngineFixture {
    fn drop(&mut self) {
        self.server.abort();
    }
}
