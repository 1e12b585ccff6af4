//! The server refuses a write or is busy: the batch is halved, tried again, or reported in the server's words.

use std::sync::Arc;

use stocktake::run::{Proof, ReindexOutcome};

use super::{SAVE, is_write, sent};
use testkit::engine_fixture::{EngineFixture, TOKEN, TUTORIAL, tally};
use testkit::proxy::{Action, Canned, Proxy};
use testkit::wire::{self, Message};

/// The parts write the same again, whatever became of the whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_is_reported_as_too_long_may_have_been_carried_out() {
    let limit = r#"{"message":"Maximum items is %max","parameters":{"max":4}}"#;
    for (status, body) in [(413, "<title>Too Large</title>"), (400, limit)] {
        for next in [200, 401] {
            let fixture = EngineFixture::demo().await;
            let proxy = Proxy::before(fixture.address, {
                let mut is_refused = false;
                move |asked| {
                    let is_first = is_write(asked, SAVE) && asked.nth == 1;
                    if is_first {
                        let media_type = if status == 413 {
                            "text/html"
                        } else {
                            "application/json"
                        };
                        return Action::AnswerAfter(Canned::new(status, media_type, body));
                    }
                    // From the first part on the token is dead.
                    is_refused |= next == 401 && is_write(asked, SAVE);
                    if is_refused {
                        return Action::Answer(Canned::new(401, "application/json", r#"{"message":"no"}"#));
                    }
                    Action::Pass
                }
            });
            let run = fixture.run(proxy.address, TUTORIAL).without_steps();

            let applied = run.run().await;

            assert!(run.is_owed(), "{status}");
            if next == 200 {
                assert_eq!(tally(&applied), [8, 0, 0, 0], "{status}");
                assert!(matches!(applied.proof, Proof::Converged));
            } else {
                assert_eq!(tally(&applied), [0, 0, 6, 2], "{status}: nobody can look");
                assert!(matches!(applied.reindex, ReindexOutcome::NotTried));
            }
        }
    }
}

/// The token that a gateway's second try was refused for is refused for the reads too.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_after_which_nothing_can_be_read_is_unknown_and_owes_a_reindex() {
    let fixture = EngineFixture::demo().await;
    let refused = || {
        Canned::new(
            401,
            "application/json",
            r#"{"message":"The consumer isn't authorized"}"#,
        )
    };
    let proxy = Proxy::before(fixture.address, {
        let mut is_over = false;
        move |asked| match asked.method.as_str() {
            "POST" => {
                is_over = true;
                Action::AnswerAfter(refused())
            }
            _ if is_over => Action::Answer(refused()),
            _ => Action::Pass,
        }
    });
    let run = fixture.run(proxy.address, TUTORIAL).without_steps();

    let applied = run.run().await;

    assert_eq!(tally(&applied), [0, 0, 6, 2]);
    assert_eq!(sent(&proxy), [1, 0]);
    assert!(run.is_owed());
}

/// What was halved stands when the last read comes, though the first ones did not show it.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_refused_batch_wrote_all_the_same_is_found_in_the_end() {
    let fixture = EngineFixture::demo().await;
    let invalid = r#"{"message":"Validation Failed","errors":[{"message":"x","parameters":[]}]}"#;
    let shop = fixture.address;
    let proxy = Proxy::before(fixture.address, {
        let mut first = None;
        move |asked| {
            if is_write(asked, SAVE) {
                first.get_or_insert_with(|| asked.clone());
                return Action::Answer(Canned::new(400, "application/json", invalid));
            }
            // Two reads before the writes, one after each refusal: three links are named by now.
            if asked.path.ends_with("inventory/stocks")
                && asked.nth == 9
                && let Some(late) = first.take()
            {
                let answer = wire::send(
                    shop,
                    &Message {
                        method: "POST",
                        target: &late.path,
                        headers: vec![
                            ("Authorization", format!("Bearer {TOKEN}")),
                            ("Content-Type", "application/json".to_owned()),
                        ],
                        body: Some(late.body),
                    },
                );
                assert_eq!(answer.status, 200);
            }
            Action::Pass
        }
    });
    let run = fixture
        .run(proxy.address, TUTORIAL)
        .without_steps()
        .keeping_going();

    let applied = run.run().await;

    assert_eq!(
        tally(&applied),
        [7, 0, 0, 1],
        "one delete was held back for a link that was named"
    );
    assert!(run.is_owed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_the_server_refuses_fails_with_the_servers_words() {
    let fixture = EngineFixture::demo().await;
    let shop = Arc::clone(&fixture.shop);
    let proxy = Proxy::before(fixture.address, move |asked| {
        if is_write(asked, SAVE) {
            shop.state()
                .store
                .sources
                .retain(|source| source.source_code != "frankfurt");
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    assert_eq!(tally(&applied), [5, 1, 0, 2]);
    let stop = applied.links.stopped_by.expect("the refusal stopped the run");
    assert!(
        stop.to_string().contains("400 Could not save StockSourceLinks"),
        "{stop}"
    );
    assert!(
        stop.hints()[0].contains("a source or stock that vanished"),
        "{:?}",
        stop.hints()
    );
    assert!(
        matches!(applied.proof, Proof::Unplannable(_)),
        "{:?}",
        applied.proof
    );
    assert_eq!(sent(&proxy)[1], 0);
    assert!(fixture.links(2).iter().any(|(code, _)| code == "huntington"));
    assert!(!fixture.links(3).iter().any(|(code, _)| code == "frankfurt"));
    assert!(run.is_owed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_busy_is_asked_again() {
    let busy = [
        || {
            Canned::new(429, "application/json", r#"{"message":"Too Many Requests"}"#)
                .with("Retry-After", "0")
        },
        || {
            Canned::new(
                503,
                "text/html",
                "<html><title>503 Service Unavailable</title></html>",
            )
        },
        || {
            Canned::new(
                400,
                "application/json",
                r#"{"message":"Could not save StockSourceLinks"}"#,
            )
        },
    ];
    for answer in busy {
        let fixture = EngineFixture::demo().await;
        let proxy = Proxy::before(fixture.address, move |asked| {
            let once = asked.nth == 1 && asked.method == "POST" && asked.path.contains(SAVE);
            if once {
                Action::Answer(answer())
            } else {
                Action::Pass
            }
        });
        let run = fixture.run(proxy.address, TUTORIAL);

        let applied = run.run().await;

        assert_eq!(tally(&applied), [8, 0, 0, 0]);
        assert!(matches!(applied.proof, Proof::Converged));
        assert_eq!(sent(&proxy), [2, 2]);
    }
}
