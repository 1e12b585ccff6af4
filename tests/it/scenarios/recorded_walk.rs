//! The proof of the index at every step of recordings 16 and 17: current after each index run, and after each step that leaves
//! rows behind it names their products.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

use commerce_sandbox::backdoor::{Store, index};
use commerce_sandbox::{Options, Profile, Seed};
use serde_json::{Value, json};
use stocktake::commerce::{Api, Connection, Credential, Limits, Reader, Tls};
use stocktake::reconcile::index::{IndexState, StockIndex};
use stocktake::run::{IndexProof, IndexProver, Products, RecentWrites, Scope};

use testkit::engine_fixture::EngineFixture;
use testkit::wire::{self, Answer, Message};

fn contract(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/crates/commerce-sandbox/contract");
    std::fs::read_to_string(format!("{folder}/{name}.json")).expect("the file can be read")
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// The shop that a recording starts from, and its admin's token.
struct Walk {
    fixture: EngineFixture,
    token: String,
}

impl Walk {
    async fn begin() -> Self {
        let seed = Seed::from_json(&contract("seeds/impact")).expect("the seed is well-formed");
        let options = Options {
            profile: Profile::V2_4_8,
            ..Options::default()
        };
        let fixture = EngineFixture::serving(seed, options).await;
        let seed: Value = serde_json::from_str(&contract("seeds/impact")).expect("the seed is JSON");
        let admin = &seed["principals"]["admins"][0];
        let password = json!({ "username": admin["username"], "password": admin["password"] });
        let signed_in = send(
            fixture.address,
            None,
            "POST",
            "/rest/V1/integration/admin/token",
            Some(&password),
        );
        let token = serde_json::from_slice(&signed_in.body).expect("a token is JSON");
        Self { fixture, token }
    }

    /// Does to the shop what a step did; returns whether it changed anything.
    fn take(&self, step: &Value) -> bool {
        let (method, path) = (text(&step["request"], "method"), text(&step["request"], "path"));
        let event = text(step, "event");
        if let Some(command) = event.strip_prefix("bin/magento ") {
            let changes = ["indexer:reindex", "config:set", "queue:consumers:start"];
            let argv: Vec<&str> = command.split(' ').collect();
            let is_change = changes.contains(&argv[0]);
            if is_change {
                self.fixture.magento(&argv);
            }
            return is_change;
        }
        if step["replay"] == false {
            return self.leave_behind(&step["effect"]);
        }
        if matches!(method, "" | "GET") || path.ends_with("/source-selection-algorithm-result") {
            return false;
        }
        let answer = self.send(method, path, &step["request"]["body"]);
        assert_eq!(json!(answer.status), step["response"]["status"], "{}", step["id"]);
        true
    }

    /// Leaves behind what an order, a shipment or a cancellation did. A shipment writes its row before its reservation returns.
    fn leave_behind(&self, effect: &Value) -> bool {
        let (items, reservations) = (&effect["source_items"], &effect["reservations"]);
        if let Some(items) = items.as_array() {
            let mut items = items.clone();
            for item in &mut items {
                item["status"] = 1.into();
            }
            let body = json!({ "sourceItems": items });
            assert_eq!(
                self.send("POST", "/rest/V1/inventory/source-items", &body).status,
                200
            );
        }
        if !reservations.is_null() {
            let body = json!({ "reservations": reservations });
            assert_eq!(self.send("POST", "/_sandbox/reservations", &body).status, 200);
        }
        !items.is_null() || !reservations.is_null()
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = (!body.is_null()).then_some(body);
        send(self.fixture.address, Some(&self.token), method, path, body)
    }

    async fn prove(&self) -> Vec<StockIndex> {
        let url = format!("http://{}/", self.fixture.address)
            .parse()
            .expect("a URL");
        let api = Api::Paas {
            store: "all".to_owned(),
        };
        let credential = Credential::Bearer(self.token.clone().into());
        let connection = Connection::new(&url, &api, credential, Limits::default(), &Tls::default());
        let reader = Reader::new(connection.expect("the shop can be connected to"));
        let prover = IndexProver {
            reader: &reader,
            scope: Scope::Custom,
            products: Products::All,
            seed: 0,
        };
        match prover.look(&RecentWrites::default()).await {
            IndexProof::Read(stocks) => stocks,
            IndexProof::Unreadable(reason) => panic!("{reason}"),
        }
    }

    /// The products whose row an index run would change, by stock, as far as a client can know: of the products that are
    /// shown those that show their quantity, of the others those that should have a row. Composite products have no items, so
    /// nothing is known of them.
    fn left_behind(&self) -> BTreeMap<u32, BTreeSet<String>> {
        let store = self.fixture.shop.state().store.clone();
        let mut fresh = store.clone();
        index::rebuild(&mut fresh).expect("no run is open");
        let mut behind = BTreeMap::new();
        for stock in store.stocks.iter().filter(|stock| stock.stock_id != 1) {
            let channels = store.sales_channels.iter();
            let channels = channels.filter(|channel| channel.stock_id == stock.stock_id);
            let shown: Vec<Value> = channels.flat_map(|channel| self.dump(&channel.code)).collect();
            if !store
                .sales_channels
                .iter()
                .any(|channel| channel.stock_id == stock.stock_id)
            {
                continue;
            }
            let is_known = |sku: &str| match shown.iter().find(|row| row["sku"] == sku) {
                Some(row) => row["qty"] != 0 || row["is_salable"] == false,
                None => {
                    row(&store, stock.stock_id, sku).is_none()
                        && row(&fresh, stock.stock_id, sku).is_some_and(|quantity| quantity > 0.0)
                }
            };
            let simple = store.catalogue.iter().filter(|product| !product.is_composite);
            let skus = simple.map(|product| product.sku.clone());
            let changed =
                skus.filter(|sku| row(&store, stock.stock_id, sku) != row(&fresh, stock.stock_id, sku));
            let changed: BTreeSet<String> = changed.filter(|sku| is_known(sku)).collect();
            if !changed.is_empty() {
                behind.insert(u32::try_from(stock.stock_id).expect("ids are small"), changed);
            }
        }
        behind
    }

    fn dump(&self, website: &str) -> Vec<Value> {
        let path = format!("/rest/V1/inventory/dump-stock-index-data/website/{website}");
        serde_json::from_slice(&self.send("GET", &path, &Value::Null).body).expect("rows are JSON")
    }
}

/// The quantity of a row of a stock's index table.
fn row(store: &Store, stock: i64, sku: &str) -> Option<f64> {
    let table = index::table(store, stock)?;
    table.get(sku).map(|row| row.quantity)
}

fn send(address: SocketAddr, token: Option<&str>, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let bearer = token.map(|token| ("Authorization", format!("Bearer {token}")));
    let mut headers: Vec<_> = bearer.into_iter().collect();
    headers.push(("Content-Type", "application/json".to_owned()));
    let message = Message {
        method,
        target: path,
        headers,
        body: body.map(|body| body.to_string().into_bytes()),
    };
    wire::send(address, &message)
}

/// Walks a recording; returns how each stock is judged, step by step where it changes.
async fn walk(recording: &str) -> Vec<String> {
    let walk = Walk::begin().await;
    let recording: Value =
        serde_json::from_str(&contract(&format!("2.4.8/recordings/{recording}"))).expect("the file is JSON");
    let mut told = Vec::new();
    for step in recording["steps"].as_array().expect("a list") {
        if !walk.take(step) {
            continue;
        }
        let id = text(step, "id");
        let judged = walk.prove().await;
        let mut stale = BTreeMap::new();
        for stock in &judged {
            match &stock.index {
                IndexState::Stale { mismatches, .. } => {
                    let skus = mismatches.iter().map(|one| one.sku.as_str().to_owned());
                    stale.insert(stock.stock_id.0, skus.collect::<BTreeSet<_>>());
                }
                IndexState::Matches { .. } | IndexState::Unsold => {}
                IndexState::Unknown { reason } => panic!("{id}, stock {}: {reason}", stock.stock_id),
            }
        }
        assert_eq!(stale, walk.left_behind(), "{id}");
        if text(step, "event").starts_with("bin/magento indexer:reindex") {
            assert!(stale.is_empty(), "{id}: {stale:?}");
            told.push(format!("{id} current"));
        }
        for (stock, skus) in stale {
            let skus: Vec<String> = skus.into_iter().collect();
            told.push(format!("{id} stock {stock} is stale: {}", skus.join(" ")));
        }
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_of_recording_16_is_judged_as_it_left_the_index() {
    insta::assert_snapshot!(walk("16_topology_lifecycle").await.join("\n"), @"
    16-065 current
    16-072 current
    16-089 stock 2 is stale: BACK-1 BACK-NEG BACK-OOS CONF-RED MIN-5 P-01 P-02 P-05 P-11 P-12 P-14 P-15 P-16 P-20 SP 1/2
    16-098 current
    16-110 stock 2 is stale: BACK-1 BACK-NEG CONF-RED MIN-5 P-01 P-02 P-05 P-12 P-14 P-15 P-16 P-19 P-20 SP 1/2
    16-115 current
    16-138 current
    16-159 current
    16-185 stock 5 is stale: BACK-1 BACK-NEG CONF-BLUE CONF-RED MIN-5 P-01 P-02 P-03 P-05 P-10 P-12 P-14 P-15 P-16 P-19 P-20 SP 1/2
    16-195 current
    16-231 current
    16-249 current
    16-257 current
    16-261 current
    16-264 current
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_of_recording_17_is_judged_as_it_left_the_index() {
    insta::assert_snapshot!(walk("17_orders_and_reservations").await.join("\n"), @"
    17-132 current
    17-145 stock 2 is stale: BACK-1 BACK-NEG BACK-OOS CONF-RED MIN-5 P-01 P-02 P-05 P-11 P-12 P-14 P-15 P-16 P-20 SP 1/2
    17-166 current
    17-185 stock 2 is stale: CONF-BLUE MIN-5 P-01 P-03 P-04 P-06 P-09 P-10
    17-190 current
    17-199 stock 2 is stale: P-12 P-13
    17-204 current
    17-208 stock 2 is stale: BACK-1 BACK-NEG CONF-BLUE CONF-RED MIN-5 P-01 P-02 P-03 P-04 P-05 P-06 P-10 P-12 P-14 P-15 P-16 P-19 P-20 SP 1/2
    17-209 current
    17-230 current
    17-257 current
    17-273 current
    17-284 current
    17-298 current
    17-302 current
    17-310 current
    17-330 stock 2 is stale: P-06
    17-335 current
    17-362 current
    ");
}
