//! Writes that stay unknown: they may still arrive, or somebody else wrote the same links.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use stocktake::run::{Proof, ReindexOutcome};

use super::{APOLOGY, SAVE, is_write, sent};
use testkit::engine_fixture::{EngineFixture, TUTORIAL, tally};
use testkit::proxy::{Action, Canned, Proxy};

/// A server that nobody waits for any more may still write (11-000 to 11-003): a read that does not show it yet says little.
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
    let run = fixture
        .run(proxy.address, TUTORIAL)
        .with_request_timeout(Duration::from_secs(1));

    let applied = run.run().await;

    assert_eq!(tally(&applied), [0, 0, 6, 2]);
    assert!(matches!(applied.proof, Proof::Unreadable(_)));
    assert!(matches!(applied.reindex, ReindexOutcome::NotTried));
    assert!(run.is_owed(), "it did take effect, and nobody knows");
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
        let shop = Arc::clone(&fixture.shop);
        let mut is_written = false;
        let proxy = Proxy::before(fixture.address, move |asked| {
            if is_written && asked.path.ends_with("stock-source-links") {
                let mut state = shop.state();
                let links = &mut state.store.links;
                links.retain(|link| (link.stock_id, link.source_code.as_str()) != (4, "berlin"));
                let mut foreign = links.last().expect("the demo shop has links").clone();
                (foreign.stock_id, foreign.source_code, foreign.priority) = (4, "berlin".to_owned(), 77);
                links.push(foreign);
            }
            is_written |= is_write(asked, SAVE);
            Action::Pass
        });
        let run = fixture.run(proxy.address, &inventory).without_steps();
        let approved = run.approved().await;
        let schedule = json!({ "at": [{ "write": 1, "fault": fault }] });
        fixture
            .shop
            .follow(serde_json::from_value(schedule).expect("it is a schedule"));

        let applied = run.apply(&approved, &()).await.expect("it is stopped later");

        assert!(fixture.links(4).contains(&("berlin".to_owned(), 77)));
        assert_eq!(tally(&applied), [0, 0, 1, 0], "{fault}");
        assert!(run.is_owed());
    }
}
