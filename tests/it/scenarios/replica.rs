//! Reads from a replica that lags behind the writes: they are made again for a while, and nobody else is accused.

use std::time::Duration;

use commerce_sandbox::Seed;
use stocktake::run::{Proof, ReindexOutcome};

use testkit::engine_fixture::{EngineFixture, Run, TOKEN, TUTORIAL, tally};
use testkit::proxy::{Action, Canned, Proxy, Request};
use testkit::wire::{self, Message};

/// Longer than any test may take.
const LONG: Duration = Duration::from_mins(5);

fn is_list_of_links(asked: &Request) -> bool {
    asked.method == "GET" && asked.path.ends_with("stock-source-links")
}

fn is_write(asked: &Request) -> bool {
    asked.method == "POST" && asked.path.contains("stock-source-links")
}

/// A shop whose list of links shows, so many times after each write, what stood before that write. `answer` may give the
/// writes answers of its own.
fn behind(
    fixture: &EngineFixture,
    reads: usize,
    mut answer: impl FnMut(&Request) -> Option<Canned> + Send + 'static,
) -> Proxy {
    let shop = fixture.address;
    let mut list = None::<Request>;
    let mut old_body = Vec::new();
    let mut left = 0;
    Proxy::before(shop, move |asked| {
        if is_write(asked) {
            let list = list.as_ref().expect("links are read before they are written");
            let before = wire::send(
                shop,
                &Message {
                    method: "GET",
                    target: &format!("{}?{}", list.path, list.query),
                    headers: vec![("Authorization", format!("Bearer {TOKEN}"))],
                    body: None,
                },
            );
            old_body = before.body;
            left = reads;
            return answer(asked).map_or(Action::Pass, Action::AnswerAfter);
        }
        if is_list_of_links(asked) {
            list = Some(asked.clone());
            if left > 0 {
                left -= 1;
                return Action::Answer(Canned::new(200, "application/json", old_body.clone()));
            }
        }
        Action::Pass
    })
}

fn run(fixture: &EngineFixture, proxy: &Proxy, consistency: Duration) -> Run {
    fixture
        .run(proxy.address, TUTORIAL)
        .without_steps()
        .with_reads_behind(consistency)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_from_before_the_writes_is_read_again() {
    for reads in [1, 3] {
        let fixture = EngineFixture::demo().await;
        let proxy = behind(&fixture, reads, |_| None);

        let applied = run(&fixture, &proxy, LONG).run().await;

        assert_eq!(tally(&applied), [8, 0, 0, 0]);
        assert!(matches!(applied.proof, Proof::Converged), "{:?}", applied.proof);
        let asked = proxy.seen().into_iter().filter(is_list_of_links).count();
        assert_eq!(asked, 2 + reads + 1, "one that shows the writes ends it");
        assert_eq!(proxy.writes().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_still_does_not_show_has_not_arrived_and_is_nobody_elses() {
    let fixture = EngineFixture::demo().await;
    let proxy = behind(&fixture, usize::MAX, |_| None);

    let applied = run(&fixture, &proxy, Duration::from_millis(400)).run().await;

    assert_eq!(tally(&applied), [8, 0, 0, 0], "the shop has confirmed them");
    assert!(matches!(applied.proof, Proof::Left(_)));
    assert!(applied.external.is_empty(), "{:?}", applied.external);
    // The list shows the saves: it stands before the deletes.
    let missing: Vec<&str> = applied
        .not_arrived
        .iter()
        .map(|link| link.source_code.as_str())
        .collect();
    assert_eq!(missing, ["austin_wh", "baltimore_wh"]);
    assert!(matches!(applied.reindex, ReindexOutcome::LeftToCron));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_not_believed_because_a_lagging_read_shows_nothing() {
    let invalid = r#"{"message":"Validation Failed","errors":[{"message":"x","parameters":[]}]}"#;
    for (status, media_type, body) in [
        (401, "application/json", r#"{"message":"no"}"#),
        (400, "application/json", invalid),
        (200, "text/html", "An error has happened"),
        (404, "text/html", "<title>Not Found</title>"),
    ] {
        let fixture = EngineFixture::demo().await;
        let proxy = behind(&fixture, 2, move |asked| {
            (asked.nth == 1).then(|| Canned::new(status, media_type, body))
        });
        let run = run(&fixture, &proxy, LONG);

        let applied = run.run().await;

        assert_eq!(tally(&applied), [8, 0, 0, 0], "{status}");
        assert!(applied.links.stopped_by.is_none(), "{status}");
        assert!(matches!(applied.proof, Proof::Converged), "{status}");
        assert!(run.is_owed(), "{status}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_changed_is_reported_at_once() {
    let fixture = EngineFixture::of(Seed::demo()).await;
    let shop = std::sync::Arc::clone(&fixture.shop);
    let proxy = Proxy::before(fixture.address, move |asked| {
        if is_list_of_links(asked) && asked.nth == 3 {
            let mut state = shop.state();
            let mut links = state.store.links.iter_mut();
            let link = links.find(|link| link.stock_id == 3 && link.source_code == "frankfurt");
            link.expect("it was made").priority = 77;
        }
        Action::Pass
    });

    let applied = run(&fixture, &proxy, LONG).run().await;

    assert!(applied.not_arrived.is_empty());
    let foreign: Vec<_> = applied
        .external
        .iter()
        .map(|link| (link.left, link.found))
        .collect();
    assert_eq!(foreign, [(Some(3), Some(77))]);
    let asked = proxy.seen().into_iter().filter(is_list_of_links).count();
    assert_eq!(asked, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_ends_the_wait() {
    let fixture = EngineFixture::demo().await;
    let cancel = tokio_util::sync::CancellationToken::new();
    let reads = cancel.clone();
    let mut seen = 0;
    let inner = behind(&fixture, usize::MAX, |_| None);
    let proxy = Proxy::before(inner.address, move |asked| {
        seen += usize::from(is_list_of_links(asked));
        if seen == 4 {
            reads.cancel();
        }
        Action::Pass
    });
    let mut run = run(&fixture, &proxy, LONG);
    run.cancel = cancel;

    let applied = run.run().await;

    assert_eq!(tally(&applied), [8, 0, 0, 0]);
    assert!(matches!(applied.proof, Proof::Left(_)));
}
