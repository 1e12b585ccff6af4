//! The time for the whole run: it bounds reads, writes, pauses and settling, and the report stays true.

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use stocktake::run::{ApplyError, Proof, ReindexOutcome};

use testkit::engine_fixture::{EngineFixture, TUTORIAL, tally};
use testkit::proxy::{Action, Canned, Proxy};

fn busy(seconds: &str) -> Action {
    let body = r#"{"message":"Too many requests"}"#;
    Action::Answer(Canned::new(429, "application/json", body).with("Retry-After", seconds))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_pause_goes_beyond_the_time_of_the_run() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |asked| {
        if asked.method == "POST" {
            busy("55")
        } else {
            Action::Pass
        }
    });
    let run = fixture
        .run(proxy.address, TUTORIAL)
        .within(Duration::from_secs(50));
    let started = Instant::now();

    let applied = run.run().await;

    assert!(started.elapsed() < Duration::from_secs(50), "it did not wait");
    assert_eq!(tally(&applied), [0, 0, 6, 2]);
    assert_eq!(proxy.writes().len(), 1);
    assert!(
        matches!(applied.proof, Proof::Left(_)),
        "there is time left to look"
    );
    assert!(run.is_owed(), "a gateway may have sent it twice");

    let proxy = Proxy::before(fixture.address, |_| busy("55"));
    let run = fixture
        .run(proxy.address, TUTORIAL)
        .within(Duration::from_secs(50));
    run.plan().await.expect_err("the shop is busy");
    assert_eq!(proxy.seen().len(), 1);
    assert!(started.elapsed() < Duration::from_secs(50), "it did not wait");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_the_time_cuts_off_is_unknown_and_the_rest_is_not_tried() {
    let fixture = EngineFixture::demo().await;
    let (end, ended) = channel::<()>();
    let proxy = Proxy::before(fixture.address, move |asked| {
        if asked.method == "POST" {
            // Nobody answers any more until the test is over.
            ended.recv().expect_err("nothing is ever sent");
        }
        Action::Pass
    });
    // Only the apply is short of time.
    let approved = fixture.run(fixture.address, TUTORIAL).approved().await;
    let run = fixture
        .run(proxy.address, TUTORIAL)
        .within(Duration::from_secs(6));
    let started = Instant::now();

    let applied = run.apply(&approved, &()).await.expect("the plan is fresh");
    drop(end);

    assert!(
        started.elapsed() < Duration::from_mins(1),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(tally(&applied), [0, 0, 6, 2]);
    assert!(matches!(applied.proof, Proof::Unreadable(_)));
    assert!(matches!(applied.reindex, ReindexOutcome::NotTried));
    assert!(run.is_owed());
    let stop = applied.links.stopped_by.expect("the time stopped the run");
    assert!(
        stop.hints().iter().any(|hint| hint.contains("run_timeout")),
        "{:?}",
        stop.hints()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_is_over_before_the_first_write_stops_the_run() {
    let fixture = EngineFixture::demo().await;
    let approved = fixture.run(fixture.address, TUTORIAL).approved().await;
    let run = fixture.run(fixture.address, TUTORIAL).within(Duration::ZERO);

    let stop = run.apply(&approved, &()).await.expect_err("there is no time");

    let ApplyError::Unreadable(error) = stop else {
        panic!("stopped for another reason: {stop:?}");
    };
    assert!(
        error.to_string().ends_with("the time for the whole run is over"),
        "{error}"
    );
    assert_eq!(fixture.writes(), 0);
}
