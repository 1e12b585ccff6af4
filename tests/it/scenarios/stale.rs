//! Somebody else writes too: before the first write it stops the run, after it the proof finds it.

use stocktake::reconcile::StaleReason;
use stocktake::run::{Applied, ApplyError, ChangeResult, Proof};

use testkit::engine_fixture::{EngineFixture, TUTORIAL, tally, undone};
use testkit::proxy::{Action, Canned, Proxy};

/// Puts `hq` of Europe Stock level with the first source behind everybody's back.
fn somebody_else_writes(shop: &commerce_sandbox::Shop) {
    let mut state = shop.state();
    let mut links = state.store.links.iter_mut();
    let link = links.find(|link| link.stock_id == 3 && link.source_code == "hq");
    link.expect("the demo shop has that link").priority = 1;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_between_plan_and_apply_stops_the_run_before_it_writes() {
    let fixture = EngineFixture::demo().await;
    let run = fixture.run(fixture.address, TUTORIAL);
    let approved = run.approved().await;
    somebody_else_writes(&fixture.shop);

    let stop = run.apply(&approved, &()).await.expect_err("the plan is stale");

    let ApplyError::Stale { now, differences } = stop else {
        panic!("stopped for another reason: {stop:?}");
    };
    let [
        StaleReason::Link {
            stock,
            source_code,
            was: Some(3),
            now: Some(1),
        },
        StaleReason::Changes { .. },
    ] = differences.as_slice()
    else {
        panic!("differences: {differences:?}");
    };
    assert_eq!((stock.as_str(), source_code.as_str()), ("Europe Stock", "hq"));
    assert_ne!(now.live_sha256, approved.plan().live_sha256);
    assert!(!now.in_sync());
    assert_eq!(fixture.writes(), 0);
    assert!(!run.is_owed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_stock_that_no_file_owns_stops_nothing() {
    let fixture = EngineFixture::demo().await;
    let run = fixture.run(fixture.address, TUTORIAL);
    let approved = run.approved().await;
    let outlet = |link: &commerce_sandbox::backdoor::Link| link.stock_id == 4;
    fixture.shop.state().store.links.retain(|link| !outlet(link));

    let applied = run.apply(&approved, &()).await.expect("nothing of ours changed");

    assert_eq!(tally(&applied), [8, 0, 0, 0]);
    assert!(matches!(applied.proof, Proof::Converged));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_during_apply_is_found_by_the_proof() {
    let fixture = EngineFixture::demo().await;
    let shop = std::sync::Arc::clone(&fixture.shop);
    let proxy = Proxy::before(fixture.address, move |asked| {
        if asked.path.ends_with("stock-source-links-delete") {
            somebody_else_writes(&shop);
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    assert_eq!(tally(&applied), [8, 0, 0, 0]);
    let Proof::Left(left) = &applied.proof else {
        panic!("proven: {:?}", applied.proof);
    };
    assert!(left.stocks[0].in_sync());
    assert_eq!(left.stocks[1].changes.len(), 1);
    assert_eq!(left.stocks[1].changes[0].source_code().as_str(), "hq");
    assert_eq!(foreign(&applied), [("Europe Stock", "hq", Some(4), Some(1))]);
}

/// What somebody else changed: stock, source, and the priorities that the run left and the proof found.
fn foreign(applied: &Applied) -> Vec<(&str, &str, Option<u16>, Option<u16>)> {
    let changes = applied.external.iter();
    changes
        .map(|change| {
            let (stock, source) = (change.stock.as_str(), change.source_code.as_str());
            (stock, source, change.left, change.found)
        })
        .collect()
}

/// Who changes the numbers of some links makes others the ones that must move: those were changed by nobody.
#[tokio::test(flavor = "multi_thread")]
async fn what_must_move_and_what_somebody_changed_are_different_things() {
    let fixture = EngineFixture::demo().await;
    let shop = std::sync::Arc::clone(&fixture.shop);
    let proxy = Proxy::before(fixture.address, move |asked| {
        if asked.path.ends_with("stock-source-links-delete") {
            let mut state = shop.state();
            for link in &mut state.store.links {
                if link.stock_id == 3 && link.source_code != "hq" {
                    link.priority += 10;
                }
            }
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    let Proof::Left(left) = &applied.proof else {
        panic!("proven: {:?}", applied.proof);
    };
    let moves: Vec<&str> = left.stocks[1]
        .changes
        .iter()
        .map(|change| change.source_code().as_str())
        .collect();
    assert_eq!(moves, ["hq"]);
    assert_eq!(
        foreign(&applied),
        [
            ("Europe Stock", "berlin", Some(2), Some(12)),
            ("Europe Stock", "frankfurt", Some(3), Some(13)),
            ("Europe Stock", "leipzig", Some(1), Some(11)),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_others_made_and_took_are_named_and_our_own_leftovers_are_not() {
    let fixture = EngineFixture::demo().await;
    let shop = std::sync::Arc::clone(&fixture.shop);
    let proxy = Proxy::before(fixture.address, move |asked| {
        if asked.path.ends_with("stock-source-links-delete") {
            let mut state = shop.state();
            let links = &mut state.store.links;
            links.retain(|link| (link.stock_id, link.source_code.as_str()) != (3, "berlin"));
            let mut made = links.last().expect("the demo shop has links").clone();
            (made.stock_id, made.source_code, made.priority) = (3, "reno_wh".to_owned(), 9);
            links.push(made);
            return Action::Answer(Canned::new(200, "text/html", "An error has happened"));
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, TUTORIAL);
    let approved = run.approved().await;

    let applied = run.apply(&approved, &()).await.expect("the plan is fresh");

    assert_eq!(tally(&applied), [6, 2, 0, 0]);
    let failed = |code: &str| (code.to_owned(), ChangeResult::Failed, None);
    assert_eq!(
        undone(&applied, &approved),
        [failed("austin_wh"), failed("baltimore_wh")]
    );
    assert_eq!(
        foreign(&applied),
        [
            ("Europe Stock", "berlin", Some(2), None),
            ("Europe Stock", "reno_wh", None, Some(9)),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_apply_in_sync_rests_on_the_read_of_its_plan() {
    let fixture = EngineFixture::demo().await;
    let mut run = fixture.run(fixture.address, TUTORIAL);
    run.run().await;
    run.at_once = true;
    let approved = run.approved().await;
    assert!(approved.plan().in_sync());
    let before = fixture.shop.log().len();
    somebody_else_writes(&fixture.shop);

    let applied = run
        .apply(&approved, &())
        .await
        .expect("there is nothing to write");

    assert!(matches!(applied.proof, Proof::Converged), "{:?}", applied.proof);
    assert_eq!(fixture.shop.log().len(), before, "it reads nothing again");
}
