//! The answer is lost or odd: a write that took effect is not sent again, one that never arrived is.

use stocktake::run::{Proof, ReindexOutcome};

use super::{APOLOGY, DELETE, SAVE, is_write, sent};
use testkit::engine_fixture::{EngineFixture, TUTORIAL, tally};
use testkit::proxy::{Action, Canned, Proxy};

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
        (500, "text/plain;charset=UTF-8", APOLOGY),
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

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_the_server_ended_without_effect_failed_and_what_comes_after_it_is_not_tried() {
    // 04-184: before 2.4.3 and since.
    for (status, media_type) in [
        (200, "text/html; charset=UTF-8"),
        (500, "text/plain;charset=UTF-8"),
    ] {
        let fixture = EngineFixture::demo().await;
        let proxy = Proxy::before(fixture.address, move |asked| {
            if is_write(asked, SAVE) {
                return Action::Answer(Canned::new(status, media_type, APOLOGY));
            }
            Action::Pass
        });
        let run = fixture.run(proxy.address, TUTORIAL);

        let applied = run.run().await;

        assert_eq!(tally(&applied), [0, 6, 0, 2], "{status}");
        assert_eq!(sent(&proxy), [1, 0], "{status}: a fault in PHP does not pass");
        assert!(matches!(applied.reindex, ReindexOutcome::NotNeeded));
        assert!(!run.is_owed(), "{status}: nothing was written");
        assert!(matches!(applied.proof, Proof::Left(_)));
    }
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
