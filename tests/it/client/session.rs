//! A client whose shop answers whatever the test wants.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use spanned_yaml::diag::InputFiles;
use stocktake::commerce::{Api, ApiError, Connection, Credential, Limits, Reader, Tls, Writer};
use stocktake::model::{
    DEFAULT_STOCK, GuardLimits, LiveState, Source, SourceCode, Stock, StockId, StockName,
};
use stocktake::reconcile::{GuardOverrides, PlanInputs, StockScope, TargetLabel, WriteBatch, approve, build};
use stocktake::spec::load;
use tokio::runtime::Runtime;

use testkit::proxy::{Canned, Proxy};

/// A client, the shop that gives canned answers to it, and the runtime that it needs.
pub struct Client {
    answer: Arc<Mutex<Canned>>,
    proxy: Proxy,
    reader: Reader,
    runtime: Runtime,
}

impl Client {
    /// A client with a ready token.
    pub fn new() -> Self {
        Self::signing_in_by(Credential::Bearer("some-token".into()))
    }

    /// A client that fetches a token with an admin's password, and with a second factor if that is wanted.
    pub fn admin(totp: bool) -> Self {
        Self::signing_in_by(Credential::Admin {
            user: "admin".to_owned(),
            password: "some-password".into(),
            totp: totp.then(|| "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".into()),
        })
    }

    fn signing_in_by(credential: Credential) -> Self {
        let answer = Arc::new(Mutex::new(Canned::new(200, "", "")));
        let proxy = Proxy::alone({
            let answer = Arc::clone(&answer);
            move |_| answer.lock().expect("no test panics while it holds it").clone()
        });
        Self {
            answer,
            reader: Reader::new(connection(proxy.address, credential)),
            proxy,
            runtime: Runtime::new().expect("a runtime can be made"),
        }
    }

    fn answering(&self, answer: &Canned) {
        *self.answer.lock().expect("no test panics while it holds it") = answer.clone();
    }

    /// Reads from a shop that gives that answer to everything.
    pub fn read(&self, answer: &Canned) -> Result<LiveState, ApiError> {
        self.answering(answer);
        self.runtime.block_on(self.reader.fetch())
    }

    /// Sends a save of one link to a shop that gives that answer.
    pub fn write(&self, answer: &Canned) -> Result<(), ApiError> {
        self.answering(answer);
        let (writer, call) = save(&self.reader);
        self.runtime.block_on(writer.send(&call))
    }

    /// How many requests there were in all.
    pub fn requests(&self) -> usize {
        self.proxy.seen().len()
    }
}

/// A reader of the shop at that address that tries each request once.
fn connection(address: SocketAddr, credential: Credential) -> Connection {
    let url = format!("http://{address}").parse().expect("an address is a URL");
    let api = Api::Paas {
        store: "all".to_owned(),
    };
    let limits = Limits {
        attempts: 1,
        body: 1024 * 1024,
        ..Limits::default()
    };
    let connection = Connection::new(&url, &api, credential, limits, &Tls::default());
    connection.expect("a loopback address can be connected to")
}

/// A writer as `apply` gets it, with the call of a plan that links one source.
fn save(reader: &Reader) -> (Writer, WriteBatch) {
    let mut files = InputFiles::default();
    let inventory = "version: 1\nstocks:\n  - name: S\n    sources: [a]\n";
    files.add_bytes("inventory.yaml".to_owned(), inventory.as_bytes().to_vec());
    let stock = |id, name| Stock {
        id,
        name: StockName::from_server(name),
        channels: Vec::new(),
    };
    let live = LiveState {
        stocks: vec![stock(DEFAULT_STOCK, "Default Stock"), stock(StockId(2), "S")],
        sources: vec![Source {
            code: SourceCode::from_server("a"),
            name: "A".to_owned(),
            enabled: true,
        }],
        ..LiveState::default()
    };
    let target = TargetLabel {
        name: "shop".to_owned(),
        url: "http://shop.example/".to_owned(),
    };
    let inputs = PlanInputs {
        scope: &StockScope::default(),
        spec: &load(&files).spec.expect("the inventory is valid"),
        files: &files,
        warnings: &[],
        target: &target,
        limits: GuardLimits::default(),
        allow: &GuardOverrides::default(),
        protect: &[],
        created_at: "2026-01-01T00:00:00Z",
        expires_at: "2026-01-02T00:00:00Z",
    };
    let plan = build(inputs, &live).expect("the inventory fits");
    let approved =
        approve(plan, GuardLimits::default(), &GuardOverrides::default()).expect("no guard refuses");
    let call = approved.batches(1_000).remove(0);
    (reader.writer(&approved), call)
}
