//! Writes whose answer is lost, odd or a refusal: what is true is found out by reading, never guessed.

use std::sync::Arc;

use serde_json::json;
use stocktake::run::{Proof, ReindexOutcome};

use testkit::engine_fixture::{EngineFixture, TOKEN, TUTORIAL, tally};
use testkit::proxy::{Action, Canned, Proxy, Request};
use testkit::wire::{self, Message};

const SAVE: &str = "stock-source-links";
const DELETE: &str = "stock-source-links-delete";
const APOLOGY: &str = "An error has happened during application run. See exception log for details.";

fn is_write(asked: &Request, name: &str) -> bool {
    asked.method == "POST" && asked.path.ends_with(name)
}

/// How often each of the two writes was sent.
fn sent(proxy: &Proxy) -> [usize; 2] {
    let writes = proxy.writes();
    [SAVE, DELETE].map(|wanted| writes.iter().filter(|(name, _)| name == wanted).count())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_whose_answer_is_lost_counts_as_done_and_owes_a_reindex() {
    for lost in [
        || Action::CutAfter,
        || Action::CutShort,
        || Action::AnswerAfter(Canned::new(200, "text/html", APOLOGY)),
    ] {
        let fixture = EngineFixture::demo().await;
        let proxy = Proxy::before(fixture.address, move |asked| {
            if is_write(asked, SAVE) || is_write(asked, DELETE) {
                lost()
            } else {
                Action::Pass
            }
        });
        let run = fixture.run(proxy.address, TUTORIAL).without_steps();

        let applied = run.run().await;

        assert_eq!(tally(&applied), [8, 0, 0, 0]);
        assert!(applied.links.stopped_by.is_none());
        assert!(matches!(applied.proof, Proof::Converged));
        assert_eq!(sent(&proxy), [1, 1], "what took effect is not sent again");
        assert!(run.is_owed());
    }
}

/// A gateway that sends a request twice tells of the second try; what comes after the rows are saved may refuse in any words.
#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_believed_but_the_plain_one() {
    const JSON: &str = "application/json";
    const NO: &str = r#"{"message":"No such entity with %fieldName = %fieldValue","parameters":{}}"#;
    const UNSIGNED: &str =
        r#"{"message":"The consumer isn't authorized to access %resources.","parameters":{"resources":"x"}}"#;
    const INVALID: &str = r#"{"message":"Validation Failed","errors":[{"message":"x","parameters":[]}]}"#;
    const MASKED: &str = r#"{"message":"Could not save StockSourceLinks"}"#;
    const LIMIT: &str = r#"{"message":"Maximum items is %max","parameters":{"max":1000}}"#;
    let answers = [
        (200, JSON, "null"),
        (200, JSON, "[1]"),
        (200, JSON, ""),
        (200, "text/plain", "[]"),
        (200, "", "[]"),
        (201, JSON, "[]"),
        (202, JSON, "[]"),
        (204, "", ""),
        (301, "text/html", ""),
        (307, JSON, "[]"),
        (400, JSON, MASKED),
        (400, JSON, INVALID),
        (400, JSON, LIMIT),
        (400, "text/html", "<title>Bad Request</title>"),
        (401, JSON, UNSIGNED),
        (401, "text/html", "<title>Sign in</title>"),
        (403, "text/html", "<title>Forbidden</title>"),
        (404, JSON, NO),
        (405, "text/html", "<title>Not Allowed</title>"),
        (408, "text/html", ""),
        (409, JSON, NO),
        (429, JSON, NO),
        (499, "text/html", ""),
        (500, JSON, NO),
        (502, "text/html", ""),
        (524, "text/html", ""),
    ];
    for (status, media_type, body) in answers {
        let fixture = EngineFixture::demo().await;
        let proxy = Proxy::before(fixture.address, move |asked| {
            if is_write(asked, SAVE) || is_write(asked, DELETE) {
                Action::AnswerAfter(Canned::new(status, media_type, body))
            } else {
                Action::Pass
            }
        });
        let run = fixture.run(proxy.address, TUTORIAL).without_steps();

        let applied = run.run().await;

        assert_eq!(tally(&applied), [8, 0, 0, 0], "{status} {body}");
        assert!(applied.links.stopped_by.is_none(), "{status} {body}");
        assert!(matches!(applied.proof, Proof::Converged));
        assert_eq!(
            sent(&proxy),
            [1, 1],
            "{status} {body}: what took effect is not sent again"
        );
        assert!(run.is_owed(), "{status} {body}");
    }
}

/// The parts write the same again, whatever became of the whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_is_told_to_be_too_long_may_have_been_carried_out() {
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
async fn a_write_that_never_arrived_is_sent_again() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |asked| {
        if is_write(asked, SAVE) && asked.nth == 1 {
            Action::CutBefore
        } else {
            Action::Pass
        }
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    assert_eq!(tally(&applied), [8, 0, 0, 0]);
    assert_eq!(sent(&proxy), [2, 1]);
    assert!(matches!(applied.reindex, ReindexOutcome::Done(_)));
    assert!(!run.is_owed());
}

/// A server that nobody waits for any more may still write (commerce.md A17): a read that does not show it yet says little.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_may_still_arrive_is_unknown_and_owes_a_reindex() {
    for lost in [
        || Action::CutBefore,
        || {
            Action::Answer(Canned::new(
                504,
                "text/html",
                "<title>504 Gateway Time-out</title>",
            ))
        },
        // A gateway in the cloud tells it in JSON, like a refusal of the shop itself.
        || {
            let timed_out = r#"{"message":"Endpoint request timed out"}"#;
            Action::Answer(Canned::new(504, "application/json", timed_out))
        },
        // One that sent it twice tells of the second try.
        || Action::Answer(Canned::new(429, "text/html", "<title>Too Many Requests</title>")),
        || {
            Action::Answer(Canned::new(
                500,
                "text/html",
                "<title>Internal Server Error</title>",
            ))
        },
    ] {
        let fixture = EngineFixture::demo().await;
        let proxy = Proxy::before(fixture.address, move |asked| {
            if is_write(asked, SAVE) {
                lost()
            } else {
                Action::Pass
            }
        });
        let run = fixture.run(proxy.address, TUTORIAL);

        let applied = run.run().await;

        assert_eq!(tally(&applied), [0, 0, 6, 2]);
        assert_eq!(sent(&proxy), [4, 0], "sent again, since no read shows it");
        assert_eq!(fixture.writes(), 0);
        assert!(matches!(applied.reindex, ReindexOutcome::NotTried));
        assert!(run.is_owed(), "it may arrive when nobody looks any more");
        assert!(matches!(applied.proof, Proof::Left(_)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_the_server_ended_without_effect_failed_and_what_comes_after_it_is_not_tried() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |asked| {
        if is_write(asked, SAVE) {
            return Action::Answer(Canned::new(200, "text/html; charset=UTF-8", APOLOGY));
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    assert_eq!(tally(&applied), [0, 6, 0, 2]);
    assert!(matches!(applied.reindex, ReindexOutcome::NotNeeded));
    assert!(!run.is_owed(), "nothing was written");
    assert!(matches!(applied.proof, Proof::Left(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_delete_leaves_the_saves_done_and_the_reindex_owed() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |asked| {
        if is_write(asked, DELETE) {
            return Action::Answer(Canned::new(200, "text/html; charset=UTF-8", APOLOGY));
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    assert_eq!(tally(&applied), [6, 2, 0, 0]);
    let stop = applied.links.stopped_by.expect("the delete stopped the run");
    assert!(
        stop.to_string()
            .contains("200 with text/html in place of JSON: \"An error has happened"),
        "{stop}"
    );
    assert_eq!(sent(&proxy), [1, 1], "a fault in PHP does not pass");
    assert!(matches!(applied.reindex, ReindexOutcome::NotTried));
    assert!(run.is_owed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_without_an_answer_and_without_a_read_is_unknown_and_owes_a_reindex() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, {
        let mut down = false;
        move |asked| {
            down |= asked.method == "POST";
            match asked.method.as_str() {
                "POST" => Action::CutAfter,
                _ if down => Action::Answer(Canned::new(503, "text/html", "<title>Down</title>")),
                _ => Action::Pass,
            }
        }
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    assert_eq!(tally(&applied), [0, 0, 6, 2]);
    assert!(matches!(applied.proof, Proof::Unreadable(_)));
    assert!(matches!(applied.reindex, ReindexOutcome::NotTried));
    assert!(run.is_owed(), "it did take effect, and nobody knows");
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

/// What is cut from a call that may still arrive may arrive too, whatever becomes of the parts.
#[tokio::test(flavor = "multi_thread")]
async fn the_parts_of_a_write_that_may_still_arrive_are_unknown_too() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |asked| {
        if !is_write(asked, SAVE) {
            return Action::Pass;
        }
        match asked.nth {
            1 => Action::CutBefore,
            2 => {
                let body = r#"{"message":"Maximum items of type \"%type\" is %max","parameters":{"type":"x","max":2}}"#;
                Action::Answer(Canned::new(400, "application/json", body))
            }
            _ => Action::Answer(Canned::new(200, "text/html; charset=UTF-8", APOLOGY)),
        }
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    assert_eq!(tally(&applied), [0, 0, 6, 2]);
    assert_eq!(sent(&proxy), [3, 0]);
    assert!(run.is_owed());
}

/// A link that somebody deletes while its move is tried again is made by that move: the index must learn of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_turns_into_a_create_owes_a_reindex() {
    let fixture = EngineFixture::demo().await;
    let links = fixture.links(3);
    let moved = links
        .iter()
        .map(|(code, priority)| format!("      - {{ code: {code}, priority: {} }}\n", priority + 100));
    let inventory = format!(
        "version: 1\nstocks:\n  - name: Europe Stock\n    sources:\n{}",
        moved.collect::<String>()
    );
    let shop = Arc::clone(&fixture.shop);
    let proxy = Proxy::before(fixture.address, move |asked| {
        if is_write(asked, SAVE) && asked.nth == 1 {
            shop.state().store.links.retain(|link| link.stock_id != 3);
            let body = r#"{"message":"Could not save StockSourceLinks"}"#;
            return Action::Answer(Canned::new(400, "application/json", body));
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, &inventory).without_steps();

    let applied = run.run().await;

    assert_eq!(tally(&applied), [links.len(), 0, 0, 0]);
    assert_eq!(sent(&proxy), [2, 0]);
    assert!(run.is_owed(), "the links are new to the index");
}

/// What stands otherwise than before and otherwise than wanted may have been written before somebody else wrote.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_after_which_somebody_else_wrote_the_same_links_is_unknown_and_owes_a_reindex() {
    for fault in ["crash_after", "crash_before"] {
        let fixture = EngineFixture::demo().await;
        let sources = "[{ code: reno_wh, priority: 1 }, { code: austin_wh, priority: 2 }, { code: berlin, priority: 76 }]";
        let inventory = format!("version: 1\nstocks:\n  - name: Outlet Stock\n    sources: {sources}\n");
        let run = fixture.run(fixture.address, &inventory).without_steps();
        let approved = run.approved().await;
        // Three reads, the write, and the first read after it.
        let foreign = json!({ "foreign_link": { "stock_id": 4, "source_code": "berlin", "priority": 77 } });
        let schedule = json!({ "at": [{ "write": 1, "fault": fault }, { "request": 5, "fault": foreign }] });
        fixture
            .shop
            .follow(serde_json::from_value(schedule).expect("it is a schedule"));

        let applied = run.apply(&approved, &()).await.expect("it is stopped later");

        assert!(fixture.links(4).contains(&("berlin".to_owned(), 77)));
        assert_eq!(tally(&applied), [0, 0, 1, 0], "{fault}");
        assert!(run.is_owed());
    }
}
