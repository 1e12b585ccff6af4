//! Writes of earlier runs in stocks that a run does not look at: they stay in the journal as they are, and delay nothing.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use stocktake::run::{Exit, Journal, ReindexOutcome};

use super::{Setup, files, tutorial};

/// Adds events of an earlier run, so many seconds ago, about a write of one link of North America Stock.
async fn earlier(setup: &Setup, seconds: i64, source: &str, priority: Option<u16>, events: &[Value]) {
    let label = setup.session().await.rules.label;
    let at = (Timestamp::now() - SignedDuration::from_secs(seconds)).to_string();
    let begins = json!({
        "event": "write_begins", "needs_reindex": true, "live_sha256": "", "timeout_seconds": 1,
        "links": [{ "stock_id": 2, "source_code": source, "priority": priority }],
    });
    let journal = files(setup.state_dir(), "journal.jsonl");
    let mut journal = OpenOptions::new()
        .append(true)
        .open(&journal[0])
        .expect("the journal can be written");
    for event in [&[begins], events].concat() {
        let mut line = json!({ "at": at, "run": "0", "target": label.name, "url": label.url, "actor": "ci" });
        line.as_object_mut()
            .expect("an object")
            .extend(event.as_object().expect("an object").clone());
        if line.get("began") == Some(&Value::Null) {
            line["began"] = json!(at);
        }
        writeln!(journal, "{line}").expect("the journal can be written");
    }
}

async fn is_owed(setup: &Setup) -> bool {
    let label = setup.session().await.rules.label;
    Journal::peek(setup.state_dir(), &label).expect("the journal can be read")
}

/// A shop on which Europe Stock is applied and the index is valid.
async fn setup() -> Setup {
    let setup = Setup::demo().await;
    assert_eq!(setup.apply(tutorial(&["Europe Stock"])).await.exit, Exit::Done);
    assert!(!is_owed(&setup).await);
    setup
}

/// A delete that was refused and showed no effect: its link is not in the read of another stock, which must not look as if the
/// shop had deleted it after all.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_not_read_is_no_late_write() {
    let refused = [
        json!({ "event": "write_answered", "began": null }),
        json!({ "event": "write_ends", "began": null, "effect": "none" }),
    ];
    let setup = setup().await;
    earlier(&setup, 7200, "hq", None, &refused).await;
    let done = setup.apply(tutorial(&["Europe Stock"])).await;
    assert!(
        matches!(done.applied.reindex, ReindexOutcome::NotNeeded),
        "{:?}",
        done.applied.reindex
    );
    assert!(!is_owed(&setup).await);

    // The shop deletes it all the same: the next run that reads its stock sees that.
    setup
        .fixture
        .shop
        .state()
        .store
        .links
        .retain(|link| (link.stock_id, link.source_code.as_str()) != (2, "hq"));
    let done = setup.apply(tutorial(&["Europe Stock"])).await;
    assert!(matches!(done.applied.reindex, ReindexOutcome::NotNeeded));
    let done = setup
        .apply(tutorial(&["Europe Stock", "North America Stock"]))
        .await;
    assert!(matches!(done.applied.reindex, ReindexOutcome::Done(_)));
}

/// A write in doubt is settled by a whole read, whatever stock it is in, and the reindex that it owes is run.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_in_doubt_of_another_stock_is_settled_and_its_reindex_is_run() {
    let setup = setup().await;
    let arrived = setup
        .fixture
        .links(2)
        .into_iter()
        .find(|(code, _)| code == "hq")
        .expect("it is linked");
    let priority = u16::try_from(arrived.1).expect("a priority");
    earlier(
        &setup,
        0,
        "hq",
        Some(priority),
        &[json!({ "event": "write_ends", "began": null, "effect": "unknown" })],
    )
    .await;
    assert!(is_owed(&setup).await);
    let done = setup.apply(tutorial(&["Europe Stock"])).await;
    assert_eq!(done.exit, Exit::Done);
    assert!(
        matches!(done.applied.reindex, ReindexOutcome::Done(_)),
        "{:?}",
        done.applied.reindex
    );
    assert!(!is_owed(&setup).await);
}

/// Reads are repeated as long as they may not show the last writes; writes to stocks that are not read do not count.
#[tokio::test(flavor = "multi_thread")]
async fn a_recent_write_to_another_stock_delays_no_read() {
    let setup = setup().await;
    earlier(
        &setup,
        0,
        "hq",
        Some(999),
        &[json!({ "event": "write_ends", "began": null, "effect": "some" })],
    )
    .await;
    let (began, before) = (Instant::now(), setup.proxy.seen().len());
    setup
        .plan(&tutorial(&["Europe Stock"]))
        .await
        .expect("a plan can be made");
    assert_eq!(setup.since(before).len(), 3);
    assert!(began.elapsed() < Duration::from_secs(5));
}
