//! An index run that is open while links are written forgets them: the run ends proven or owed, never done and stale.

use std::sync::Arc;

use commerce_sandbox::Shop;
use commerce_sandbox::backdoor::index;
use stocktake::run::{Event, Observer, Proof, ReindexOutcome, StepFailure};

use testkit::engine_fixture::{EngineFixture, TUTORIAL};
use testkit::proxy::{Action, Proxy};

/// Ends the open index run as soon as stocktake has found the index held.
struct Finisher(Arc<Shop>);

impl Observer for Finisher {
    fn notice(&self, event: Event<'_>) {
        if matches!(event, Event::IndexLocked { .. }) {
            // It is open at the first time only.
            let _ = index::finish(&mut self.0.state().store);
        }
    }
}

fn begin(fixture: &EngineFixture) {
    index::begin(&mut fixture.shop.state().store).expect("no index run is open");
}

fn finish(fixture: &EngineFixture) {
    index::finish(&mut fixture.shop.state().store).expect("an index run is open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_ends_while_we_wait_is_followed_by_our_own() {
    let fixture = EngineFixture::demo().await;
    let run = fixture.run(fixture.address, TUTORIAL);
    begin(&fixture);
    let approved = run.approved().await;

    let applied = run
        .apply(&approved, &Finisher(Arc::clone(&fixture.shop)))
        .await
        .expect("nothing stops it");

    assert!(matches!(applied.proof, Proof::Converged));
    assert!(
        matches!(applied.reindex, ReindexOutcome::Done(_)),
        "{:?}",
        applied.reindex
    );
    assert!(!run.is_owed());
    assert_eq!(fixture.quantity("alpine-jacket", 2), 42);
    assert_eq!(fixture.quantity("alpine-jacket", 3), 29);
    assert_eq!(fixture.quantity("canvas-tent", 2), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_outlasts_us_leaves_the_reindex_owed_and_the_next_apply_runs_it() {
    let fixture = EngineFixture::demo().await;
    let run = fixture.run(fixture.address, TUTORIAL).with_seconds(1);
    begin(&fixture);

    let applied = run.run().await;

    let ReindexOutcome::Failed(steps) = &applied.reindex else {
        panic!("not failed: {:?}", applied.reindex);
    };
    assert!(
        matches!(&steps[0].failure, Some(StepFailure::Locked { indexes, .. }) if indexes == &["Inventory"]),
        "{steps:?}"
    );
    assert!(run.is_owed());

    // The server forgets: the index calls itself ready and is stale, and its cron has nothing to do.
    finish(&fixture);
    assert!(
        fixture
            .magento(&["indexer:status", "inventory"])
            .contains("| Ready ")
    );
    fixture.magento(&["cron:run", "--group=index"]);
    assert_eq!(fixture.quantity("alpine-jacket", 2), 17);
    assert!(run.is_owed(), "stocktake does not forget");

    let writes = fixture.writes();
    let next = run.run().await;
    assert_eq!(fixture.writes(), writes);
    assert!(matches!(next.reindex, ReindexOutcome::Done(_)));
    assert!(!run.is_owed());
    assert_eq!(fixture.quantity("alpine-jacket", 2), 42);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_begins_and_ends_among_our_writes_is_made_good_by_our_own() {
    let fixture = EngineFixture::demo().await;
    let shop = Arc::clone(&fixture.shop);
    let proxy = Proxy::before(fixture.address, move |asked| {
        let mut state = shop.state();
        if asked.method == "POST" && asked.path.ends_with("stock-source-links") {
            index::begin(&mut state.store).expect("no index run is open");
        }
        if asked.path.ends_with("magento") {
            index::finish(&mut state.store).expect("an index run is open");
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    assert!(matches!(applied.proof, Proof::Converged));
    assert!(
        matches!(applied.reindex, ReindexOutcome::Done(_)),
        "{:?}",
        applied.reindex
    );
    assert!(!run.is_owed());
    assert_eq!(fixture.quantity("alpine-jacket", 2), 42);
    assert_eq!(fixture.quantity("canvas-tent", 2), 0);
}
