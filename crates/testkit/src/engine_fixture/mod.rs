//! A shop, a file that says what is wanted, and the steps of `apply` one by one.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use commerce_sandbox::{Actor, Options, Seed, Shop, serve};
use jiff::Timestamp;
use serde_json::Value;
use spanned_yaml::diag::InputFiles;
use stocktake::commerce::{Api, ApiError, Connection, Credential, Limits, Reader, Tls};
use stocktake::model::{GuardLimits, LiveState};
use stocktake::reconcile::{ApprovedPlan, GuardOverrides, Plan, PlanError, TargetLabel, approve};
use stocktake::run::{
    Applied, Applier, ApplyError, ChangeResult, IndexProver, Journal, Observer, Opening, Planner, Products,
    Reindexer, Scope, TargetRules,
};
use stocktake::target::{Keyring, Reindex, SecretRef, Target};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::wire::{self, Message};

pub use crate::workspace::{TOKEN, TUTORIAL};

/// A shop that listens on loopback as long as this value lives.
pub struct EngineFixture {
    /// The shop itself.
    pub shop: Arc<Shop>,
    /// Where it listens.
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

    /// Starts a shop that is served in that way.
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

    /// What is salable of a product in a stock, asked over REST.
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

    /// What `bin/magento` of the shop prints.
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

    /// How many requests changed something, by the shop's own log.
    pub fn writes(&self) -> usize {
        self.shop
            .log()
            .iter()
            .filter(|logged| logged.actor == Actor::Client && logged.method != "GET")
            .count()
    }

    /// The target as a run sees it at that address.
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

/// One run of the program against a target.
pub struct Run {
    /// Reads the shop.
    pub reader: Reader,
    target: Target,
    /// Who renews the index.
    pub reindex: Reindex,
    /// Makes the plans.
    pub planner: Planner,
    /// What they depend on of the target.
    pub rules: TargetRules,
    /// Whether the run writes on when the shop refuses a link.
    pub keep_going: bool,
    /// Interrupts the run.
    pub cancel: CancellationToken,
    state_dir: std::path::PathBuf,
}

impl Run {
    fn new(target: Target, inventory: &str, state_dir: std::path::PathBuf) -> Self {
        let mut files = InputFiles::default();
        files.add_bytes("inventory.yaml".to_owned(), inventory.as_bytes().to_vec());
        Self {
            reader: Reader::new(connection(&target, with_attempts(1))),
            reindex: target.reindex.clone(),
            planner: Planner::new(files).expect("the inventory is valid"),
            rules: TargetRules {
                label: TargetLabel {
                    name: "shop".to_owned(),
                    // The shop is the same whether a proxy stands before it or not.
                    url: "http://shop.example/".to_owned(),
                },
                limits: GuardLimits::default(),
                protect: Vec::new(),
            },
            keep_going: false,
            cancel: CancellationToken::new(),
            state_dir,
            target,
        }
    }

    /// Allows what stands behind `--allow`.
    #[must_use]
    pub fn allowing(mut self, allowances: &[&str]) -> Self {
        self.planner.allow =
            GuardOverrides::parse(allowances.iter().copied()).expect("there are such guards");
        self
    }

    /// Tries each read that often in all.
    #[must_use]
    pub fn with_attempts(mut self, attempts: usize) -> Self {
        self.reader = Reader::new(connection(&self.target, with_attempts(attempts)));
        self
    }

    /// Lets reads show for so long what stood before a write.
    #[must_use]
    pub fn with_reads_behind(mut self, consistency: Duration) -> Self {
        let limits = Limits {
            consistency,
            ..with_attempts(1)
        };
        self.reader = Reader::new(connection(&self.target, limits));
        self
    }

    /// Gives all requests together that long from now on.
    #[must_use]
    pub fn within(mut self, time: Duration) -> Self {
        let limits = Limits {
            run: Some(time),
            consistency: Duration::ZERO,
            ..Limits::default()
        };
        self.reader = Reader::new(connection(&self.target, limits));
        self
    }

    /// Writes the rest when the shop refuses a link.
    #[must_use]
    pub fn keeping_going(mut self) -> Self {
        self.keep_going = true;
        self
    }

    /// Leaves the index to the shop's cron.
    #[must_use]
    pub fn without_steps(mut self) -> Self {
        self.reindex = Reindex::Cron;
        self
    }

    /// Gives each reindex step that many seconds.
    #[must_use]
    pub fn with_seconds(mut self, seconds: u64) -> Self {
        if let Reindex::Steps(steps) = &mut self.reindex {
            for step in steps {
                step.timeout = Duration::from_secs(seconds);
            }
        }
        self
    }

    /// Makes a plan from a read.
    pub fn build(&self, live: &LiveState) -> Result<Plan, PlanError> {
        self.planner.plan(&self.rules, live, Timestamp::UNIX_EPOCH)
    }

    /// Reads and plans.
    pub async fn plan(&self) -> Result<Plan, ApiError> {
        let live = self.reader.fetch().await?;
        Ok(self.build(&live).expect("the inventory fits the shop"))
    }

    /// Reads, plans and has the guards approve.
    pub async fn approved(&self) -> ApprovedPlan {
        let plan = self.plan().await.expect("the shop can be read");
        approve(plan, self.rules.limits, &self.planner.allow).expect("no guard refuses the plan")
    }

    /// Carries a plan out.
    pub async fn apply(
        &self,
        approved: &ApprovedPlan,
        observer: &dyn Observer,
    ) -> Result<Applied, ApplyError> {
        let opening = Opening {
            command: "apply",
            max_wait: Duration::ZERO,
        };
        let journal = Journal::open(&self.state_dir, &self.rules.label, opening, &()).await;
        let mut journal = journal.expect("the journal can be opened");
        let reindexer = Reindexer::new(self.reindex.clone(), Keyring::default(), Tls::default());
        let prover = IndexProver {
            reader: &self.reader,
            scope: Scope::Custom,
            products: Products::All,
        };
        let applier = Applier {
            reader: &self.reader,
            journal: &mut journal,
            observer,
            planner: &self.planner,
            target: &self.rules,
            reindexer: &reindexer,
            prover: &prover,
            prove: None,
            cancel: &self.cancel,
            keep_going: self.keep_going,
        };
        applier.run(approved).await
    }

    /// The whole of `apply --yes`.
    pub async fn run(&self) -> Applied {
        let approved = self.approved().await;
        self.apply(&approved, &())
            .await
            .expect("nothing stops the run before it writes")
    }

    /// Whether the journal remembers that a reindex is owed.
    pub fn is_owed(&self) -> bool {
        self.peek()()
    }

    /// The same question, to be asked from elsewhere while a run is under way.
    pub fn peek(&self) -> impl Fn() -> bool + Send + 'static {
        let (state_dir, label) = (self.state_dir.clone(), self.rules.label.clone());
        move || {
            Journal::peek(&state_dir, &label)
                .expect("the journal can be read")
                .0
        }
    }
}

/// Each change that is not done, with its source, result and reason.
pub fn undone(applied: &Applied, approved: &ApprovedPlan) -> Vec<(String, ChangeResult, Option<String>)> {
    let stocks = approved.plan().stocks.iter();
    let changes = stocks.flat_map(|stock| stock.changes.iter().map(move |change| (stock.stock_id, change)));
    changes
        .map(|(stock, change)| {
            let found = applied.links.results.of(stock, change.source_code());
            let code = change.source_code().as_str().to_owned();
            (code, found.result(), found.reason().map(ToOwned::to_owned))
        })
        .filter(|(_, result, _)| *result != ChangeResult::Done)
        .collect()
}

/// How many changes were done, failed, are unknown, were not tried.
pub fn tally(applied: &Applied) -> [usize; 4] {
    use ChangeResult::{Done, Failed, NotTried, Unknown};
    [Done, Failed, Unknown, NotTried].map(|result| applied.links.count(result))
}

/// Reads of the shop do not lag behind its writes, unless a test has them do so.
fn with_attempts(attempts: usize) -> Limits {
    Limits {
        attempts,
        consistency: Duration::ZERO,
        ..Limits::default()
    }
}

fn connection(target: &Target, limits: Limits) -> Connection {
    let api = Api::Paas {
        store: "all".to_owned(),
    };
    let connection = Connection::new(
        &target.url,
        &api,
        Credential::Bearer(TOKEN.into()),
        limits,
        &Tls::default(),
    );
    connection.expect("a loopback address can be connected to")
}
