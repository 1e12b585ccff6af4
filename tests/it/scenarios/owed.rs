//! The memory of an owed reindex: it is there before the first byte of a write, and goes only by a reindex after it.

use std::sync::{Arc, Mutex};

use stocktake::run::{Proof, ReindexOutcome};

use testkit::engine_fixture::{EngineFixture, TUTORIAL, tally};
use testkit::proxy::{Action, Canned, Proxy};

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_says_owed_from_before_the_first_write_to_after_the_reindex() {
    let fixture = EngineFixture::demo().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let peek = fixture.run(fixture.address, TUTORIAL).peek();
    let proxy = Proxy::before(fixture.address, {
        let seen = Arc::clone(&seen);
        move |asked| {
            let name = asked.path.rsplit('/').next().unwrap_or_default().to_owned();
            seen.lock().expect("no other test holds it").push((name, peek()));
            Action::Pass
        }
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    assert!(matches!(applied.reindex, ReindexOutcome::Done(_)));
    assert!(!run.is_owed());
    let mut seen = seen.lock().expect("the run has ended").clone();
    seen.dedup();
    let first_write = seen
        .iter()
        .position(|(_, owed)| *owed)
        .expect("it was owed at some time");
    assert!(seen[..first_write].iter().all(|(_, owed)| !owed));
    assert_eq!(seen[first_write], ("stock-source-links".to_owned(), true));
    assert!(seen[first_write..].iter().all(|(_, owed)| *owed), "{seen:?}");
    assert_eq!(
        seen.last().expect("something was asked").0,
        "magento",
        "the reindex comes last"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn moves_alone_owe_nothing_and_start_no_reindex() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |_| Action::Pass);
    let moves = "version: 1\nstocks:\n  - name: Outlet Stock\n    sources: [austin_wh, reno_wh]\n";
    let run = fixture.run(proxy.address, moves);
    let ready = fixture.quantity("canvas-tent", 4);

    let applied = run.run().await;

    assert_eq!(tally(&applied), [1, 0, 0, 0]);
    assert!(matches!(applied.proof, Proof::Converged));
    assert!(matches!(applied.reindex, ReindexOutcome::NotNeeded));
    assert!(!run.is_owed());
    assert!(proxy.seen().iter().all(|asked| !asked.path.ends_with("magento")));
    assert_eq!(fixture.quantity("canvas-tent", 4), ready);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reindex_that_failed_is_made_up_for_by_the_next_run_although_no_link_changes() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |asked| {
        if asked.path.ends_with("magento") && asked.nth == 1 {
            return Action::Answer(Canned::new(502, "text/html", "<title>502 Bad Gateway</title>"));
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let first = run.run().await;
    assert!(first.links.complete());
    assert!(
        matches!(first.reindex, ReindexOutcome::Failed(_)),
        "{:?}",
        first.reindex
    );
    assert!(run.is_owed());
    assert_eq!(fixture.quantity("alpine-jacket", 2), 17, "stale");

    let writes = fixture.writes();
    let second = run.run().await;
    assert_eq!(fixture.writes(), writes, "no link is written again");
    assert!(matches!(second.reindex, ReindexOutcome::Done(_)));
    assert!(matches!(second.proof, Proof::Converged));
    assert!(!run.is_owed());
    assert_eq!(fixture.quantity("alpine-jacket", 2), 42);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_relies_on_its_cron_stays_owed_as_far_as_we_know() {
    let fixture = EngineFixture::demo().await;
    let run = fixture.run(fixture.address, TUTORIAL).without_steps();

    let applied = run.run().await;

    assert!(matches!(applied.reindex, ReindexOutcome::LeftToCron));
    assert!(run.is_owed());
    assert_eq!(fixture.quantity("alpine-jacket", 2), 17);
    fixture.magento(&["cron:run", "--group=index"]);
    assert_eq!(fixture.quantity("alpine-jacket", 2), 42);
}
