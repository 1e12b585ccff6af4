//! One run of the engine: read, plan, approve and apply, whole or step by step.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use spanned_yaml::diag::InputFiles;
use stocktake::commerce::{Api, ApiError, Connection, Credential, Limits, Reader, Tls};
use stocktake::model::{GuardLimits, LiveState};
use stocktake::reconcile::{ApprovedPlan, GuardOverrides, Plan, PlanError, TargetLabel, approve};
use stocktake::run::{
    Applied, Applier, ApplyError, ChangeResult, IndexProver, Journal, Observer, Opening, Planner, Products,
    Reindexer, Scope, TargetRules,
};
use stocktake::target::{Keyring, Reindex, Target};
use tokio_util::sync::CancellationToken;

use crate::workspace::TOKEN;

/// One run of the program against a target.
pub struct Run {
    /// Reads the shop.
    pub reader: Reader,
    target: Target,
    /// The reindex steps, or none.
    pub reindex: Reindex,
    /// Makes the plans.
    pub planner: Planner,
    /// The target's label, limits and protected stocks.
    pub rules: TargetRules,
    /// Goes on with the rest when the shop refuses a link.
    pub keep_going: bool,
    /// Interrupts the run.
    pub cancel: CancellationToken,
    state_dir: std::path::PathBuf,
    /// The last whole read.
    read: Mutex<Option<Arc<LiveState>>>,
    /// Applies without a comparison right before the first write.
    pub at_once: bool,
}

impl Run {
    pub(super) fn new(target: Target, inventory: &str, state_dir: std::path::PathBuf) -> Self {
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
            read: Mutex::default(),
            at_once: false,
        }
    }

    /// Overrides guards as `--allow` does.
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

    /// Waits that long for reads to show a write.
    #[must_use]
    pub fn with_reads_behind(mut self, consistency: Duration) -> Self {
        let limits = Limits {
            consistency,
            ..with_attempts(1)
        };
        self.reader = Reader::new(connection(&self.target, limits));
        self
    }

    /// Gives each request that much time.
    #[must_use]
    pub fn with_request_timeout(mut self, request: Duration) -> Self {
        let limits = Limits {
            request,
            ..with_attempts(1)
        };
        self.reader = Reader::new(connection(&self.target, limits));
        self
    }

    /// Gives all requests together that much time from now on.
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
        let plan = self.build(&live).expect("the inventory fits the shop");
        *self.read.lock().expect("no test panics while it holds it") = Some(Arc::new(live));
        Ok(plan)
    }

    /// Reads, plans and has the guards approve.
    pub async fn approved(&self) -> ApprovedPlan {
        let plan = self.plan().await.expect("the shop can be read");
        approve(plan, self.rules.limits, &self.planner.allow).expect("no guard refuses the plan")
    }

    /// Applies a plan.
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
            seed: 0,
        };
        let applier = Applier {
            reader: &self.reader,
            journal: &mut journal,
            observer,
            planner: &self.planner,
            target: &self.rules,
            read: self
                .read
                .lock()
                .expect("no test panics while it holds it")
                .clone(),
            read_ended: self.at_once.then(Timestamp::now),
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

    /// True when the journal says that a reindex is owed.
    pub fn is_owed(&self) -> bool {
        self.peek()()
    }

    /// The same check for another thread, while a run is under way.
    pub fn peek(&self) -> impl Fn() -> bool + Send + 'static {
        let (state_dir, label) = (self.state_dir.clone(), self.rules.label.clone());
        move || Journal::peek(&state_dir, &label).expect("the journal can be read")
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

/// The number of changes that are done, failed, unknown and not tried.
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
