//! The shop is away for some seconds right after a write, as when its PHP is restarted: the run reads when it is back.

use std::time::Duration;

use stocktake::run::{Proof, StopCause};

use super::{SAVE, is_write, sent};
use testkit::engine_fixture::{EngineFixture, TUTORIAL, tally};
use testkit::proxy::{Action, Canned, Proxy};

/// 2.4.1/11-010: nginx while php-fpm is away.
fn bad_gateway() -> Canned {
    Canned::new(
        502,
        "text/html",
        "<html><head><title>502 Bad Gateway</title></head></html>",
    )
}

/// A shop that is away from its first save on for that many requests, each of which meets this.
fn away(fixture: &EngineFixture, save: fn() -> Action, mut requests: usize, meets: fn() -> Action) -> Proxy {
    let mut has_begun = false;
    Proxy::before(fixture.address, move |asked| {
        if !has_begun {
            has_begun = is_write(asked, SAVE);
            return if has_begun { save() } else { Action::Pass };
        }
        match requests.checked_sub(1) {
            Some(rest) => {
                requests = rest;
                meets()
            }
            None => Action::Pass,
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_into_a_shop_that_goes_away_is_settled_when_it_is_back() {
    let saves: [(fn() -> Action, usize); 2] = [
        (|| Action::Answer(bad_gateway()), 2),
        (|| Action::AnswerAfter(bad_gateway()), 1),
    ];
    let meetings: [fn() -> Action; 3] = [
        || Action::Answer(bad_gateway()),
        || Action::Answer(Canned::new(503, "text/html", "")),
        || Action::CutBefore,
    ];
    for (save, saves_sent) in saves {
        for meets in meetings {
            let fixture = EngineFixture::demo().await;
            let proxy = away(&fixture, save, 4, meets);
            let run = fixture.run(proxy.address, TUTORIAL);

            let applied = run.run().await;

            assert_eq!(tally(&applied), [8, 0, 0, 0], "{:?}", applied.links.stopped_by);
            assert!(matches!(applied.proof, Proof::Converged));
            assert_eq!(sent(&proxy), [saves_sent, 1]);
        }
    }
}

/// The time of one request bounds the wait: after it the write can no longer arrive.
#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_stays_away_is_not_waited_for_beyond_the_time_of_a_request() {
    let fixture = EngineFixture::demo().await;
    let stays: fn() -> Action = || Action::Answer(bad_gateway());
    let proxy = away(&fixture, stays, usize::MAX, stays);
    let run = fixture
        .run(proxy.address, TUTORIAL)
        .with_request_timeout(Duration::from_secs(1));

    let applied = run.run().await;

    assert!(matches!(applied.links.stopped_by, Some(StopCause::Api(_))));
    assert!(matches!(applied.proof, Proof::Unreadable(_)));
    assert_eq!(sent(&proxy)[0], 1, "it is not sent again unread");
    assert!(run.is_owed());
}
