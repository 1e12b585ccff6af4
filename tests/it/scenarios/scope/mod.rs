//! Runs for the stocks that are named: what they read, what they change, and what they leave to the next run for all.

mod journal;
mod reads;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use commerce_sandbox::Seed;
use serde_json::{Value, json};
use spanned_yaml::diag::InputFiles;
use stocktake::model::{GuardLimits, StockName};
use stocktake::reconcile::{Plan, StockScope};
use stocktake::run::{ApplyDone, ApplyRequest, ApplyRun, Failure, Interrupts, Planner, SavedPlan, Session};
use stocktake::target::{SecretRef, Target};

use testkit::engine_fixture::{EngineFixture, TOKEN, TUTORIAL};
use testkit::proxy::{Action, Proxy, Request};

/// A shop behind a proxy, with a state directory.
struct Setup {
    fixture: EngineFixture,
    proxy: Proxy,
}

impl Setup {
    async fn demo() -> Self {
        Self::of(Seed::demo(), |_| Action::Pass).await
    }

    async fn of(seed: Seed, rule: impl FnMut(&Request) -> Action + Send + 'static) -> Self {
        let fixture = EngineFixture::of(seed).await;
        let proxy = Proxy::before(fixture.address, rule);
        Self { fixture, proxy }
    }

    fn state_dir(&self) -> &Path {
        self.fixture.state_dir.path()
    }

    async fn session(&self) -> Session {
        let token = SecretRef::Value(TOKEN.into());
        let mut target = Target::sandbox(&self.proxy.url(), token).expect("a loopback address is a target");
        target.guard = GuardLimits {
            max_deletes: 100,
            max_delete_percent: 100,
        };
        Session::open(target, self.state_dir().to_owned())
            .await
            .expect("a session needs no request")
    }

    /// Reads and plans.
    async fn plan(&self, planner: &Planner) -> Result<Plan, Failure> {
        let compared = self.session().await.compare(planner).await?;
        Ok(compared.plan)
    }

    async fn open(&self, planner: Planner, saved: Option<SavedPlan>) -> ApplyRun {
        let request = ApplyRequest {
            saved,
            ..ApplyRequest::new(planner, self.session().await)
        };
        let run = ApplyRun::open(request, "apply", Duration::ZERO, Arc::new(())).await;
        run.expect("nobody else holds the lock")
    }

    /// The whole of `apply --yes`.
    async fn apply(&self, planner: Planner) -> ApplyDone {
        self.applied(self.open(planner, None).await)
            .await
            .expect("nothing stops the run")
    }

    async fn applied(&self, mut run: ApplyRun) -> Result<ApplyDone, Failure> {
        let plan = run.plan().await?;
        let approved = run.approve(plan)?;
        Box::pin(approved.apply(&Interrupts::default())).await
    }

    /// The requests since that many.
    fn since(&self, before: usize) -> Vec<Request> {
        self.proxy.seen().split_off(before)
    }
}

fn planner(inventory: &str, stocks: &[&str]) -> Planner {
    let mut files = InputFiles::default();
    files.add_bytes("inventory.yaml".to_owned(), inventory.as_bytes().to_vec());
    let names = stocks.iter().map(|name| StockName::from_server(name));
    Planner::new(files)
        .expect("the inventory is valid")
        .comparing(StockScope::of(names))
}

/// The tutorial's inventory for some stocks.
fn tutorial(stocks: &[&str]) -> Planner {
    planner(TUTORIAL, stocks)
}

/// The demo shop with more in it.
fn seed(more: impl FnOnce(&mut Value)) -> Seed {
    let mut seed = serde_json::to_value(Seed::demo()).expect("a seed is JSON");
    more(&mut seed);
    serde_json::from_value(seed).expect("the seed is well-formed")
}

fn link(stock: u32, source: &str, priority: usize) -> Value {
    json!({ "stock_id": stock, "source_code": source, "priority": priority })
}

/// The files under a folder whose names end so.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let found = paths.flat_map(|path| {
        if path.is_dir() {
            files(&path, ending)
        } else {
            vec![path]
        }
    });
    found
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect()
}

/// Each source of a stock with its priority, as the shop has it.
fn links(setup: &Setup, stock: i64) -> Vec<(String, i64)> {
    setup.fixture.links(stock)
}
