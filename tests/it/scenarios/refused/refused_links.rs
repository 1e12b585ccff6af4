//! The refused link is named, and the rest is applied or not tried.

use stocktake::run::{ChangeResult, Proof, ReindexOutcome};

use super::{INVALID, MASKED, is_save, refusing, written};
use testkit::engine_fixture::{EngineFixture, TUTORIAL, tally, undone};
use testkit::proxy::{Action, Canned, Proxy};

#[tokio::test(flavor = "multi_thread")]
async fn the_guilty_link_is_named_and_what_follows_the_batch_is_not_tried() {
    let fixture = EngineFixture::demo().await;
    let proxy = refusing(&fixture, &["huntington"], INVALID);
    let run = fixture.run(proxy.address, TUTORIAL);
    let approved = run.approved().await;

    let applied = run.apply(&approved, &()).await.expect("the plan is fresh");

    assert_eq!(tally(&applied), [5, 1, 0, 2]);
    assert_eq!(
        undone(&applied, &approved),
        [
            ("austin_wh".to_owned(), ChangeResult::NotTried, None),
            (
                "huntington".to_owned(),
                ChangeResult::Failed,
                Some(r#"400 Validation Failed; "source_code" can not be empty."#.to_owned())
            ),
            ("baltimore_wh".to_owned(), ChangeResult::NotTried, None),
        ]
    );
    assert!(applied.links.stopped_by.is_some());
    assert!(matches!(applied.reindex, ReindexOutcome::NotTried));
    assert!(run.is_owed(), "frankfurt was linked");
    assert!(applied.external.is_empty());
    let sizes: Vec<usize> = written(&proxy).iter().map(Vec::len).collect();
    assert_eq!(sizes, [6, 3, 2, 1, 3]);
    let reads = proxy.methods()["GET"];
    assert_eq!(
        reads,
        6 * 3,
        "two before the writes, one after each refusal, and the proof"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn to_keep_going_applies_the_rest_but_takes_nothing_from_a_stock_with_a_refused_link() {
    let fixture = EngineFixture::demo().await;
    let proxy = refusing(&fixture, &["huntington"], INVALID);
    let run = fixture.run(proxy.address, TUTORIAL).keeping_going();
    let approved = run.approved().await;

    let applied = run.apply(&approved, &()).await.expect("the plan is fresh");

    assert_eq!(tally(&applied), [6, 1, 0, 1]);
    let undone = undone(&applied, &approved);
    assert_eq!(
        undone[0],
        (
            "austin_wh".to_owned(),
            ChangeResult::NotTried,
            Some("held back, since the shop refused a link of the same stock".to_owned())
        )
    );
    assert_eq!(undone[1].0, "huntington");
    assert!(applied.links.stopped_by.is_none());
    assert!(applied.links.refusal.is_some());
    assert!(
        matches!(applied.reindex, ReindexOutcome::Done(_)),
        "{:?}",
        applied.reindex
    );
    assert!(!run.is_owed());
    assert!(fixture.links(2).iter().any(|(code, _)| code == "austin_wh"));
    assert!(!fixture.links(3).iter().any(|(code, _)| code == "baltimore_wh"));
    assert!(matches!(applied.proof, Proof::Left(_)) && applied.external.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_that_may_be_a_deadlock_is_tried_again_whole_and_then_halved() {
    let fixture = EngineFixture::demo().await;
    let proxy = refusing(&fixture, &["frankfurt"], MASKED);
    let run = fixture.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    assert_eq!(tally(&applied), [5, 1, 0, 2]);
    let writes = written(&proxy);
    let sizes: Vec<usize> = writes.iter().map(Vec::len).collect();
    assert_eq!(sizes, [6, 6, 6, 6, 3, 3, 2, 1, 1, 1, 1, 1, 1]);
    let alone = writes.iter().filter(|links| **links == ["frankfurt"]).count();
    assert_eq!(
        alone, 4,
        "a link is not blamed for a deadlock before it was tried again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_that_passes_while_it_is_halved_blames_nobody() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |asked| {
        if is_save(asked) && asked.nth <= 5 {
            Action::Answer(Canned::new(400, "application/json", MASKED))
        } else {
            Action::Pass
        }
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    assert_eq!(tally(&applied), [8, 0, 0, 0]);
    assert!(applied.links.refusal.is_none());
    assert!(matches!(applied.proof, Proof::Converged));
    assert!(matches!(applied.reindex, ReindexOutcome::Done(_)));
}
