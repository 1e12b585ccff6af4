//! Somebody else writes too: before the first write it stops the run, after it the proof finds it.

use stocktake::engine::{Proof, Stop};
use stocktake::reconcile::Difference;

use super::proxy::{Fate, Proxy};
use super::scene::{Scene, TUTORIAL, tally};

/// Puts `hq` of Europe Stock level with the first source behind everybody's back.
fn somebody_else_writes(shop: &stocktake::sandbox::Shop) {
    let mut state = shop.state();
    let mut links = state.store.links.iter_mut();
    let link = links.find(|link| link.stock_id == 3 && link.source_code == "hq");
    link.expect("the demo shop has that link").priority = 1;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_between_plan_and_apply_stops_the_run_before_it_writes() {
    let scene = Scene::demo().await;
    let run = scene.run(scene.address, TUTORIAL);
    let approved = run.approved().await;
    somebody_else_writes(&scene.shop);

    let stop = run.apply(&approved, &()).await.expect_err("the plan is stale");

    let Stop::Stale { now, differences } = stop else {
        panic!("stopped for another reason: {stop:?}");
    };
    let [
        Difference::Link {
            stock,
            source_code,
            was: Some(3),
            now: Some(1),
        },
        Difference::Changes { .. },
    ] = differences.as_slice()
    else {
        panic!("told: {differences:?}");
    };
    assert_eq!((stock.as_str(), source_code.as_str()), ("Europe Stock", "hq"));
    assert_ne!(now.live_sha256, approved.plan().live_sha256);
    assert!(!now.in_sync());
    assert_eq!(scene.writes(), 0);
    assert!(!run.is_owed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_stock_that_no_file_owns_stops_nothing() {
    let scene = Scene::demo().await;
    let run = scene.run(scene.address, TUTORIAL);
    let approved = run.approved().await;
    let outlet = |link: &stocktake::sandbox::store::Link| link.stock_id == 4;
    scene.shop.state().store.links.retain(|link| !outlet(link));

    let applied = run.apply(&approved, &()).await.expect("nothing of ours changed");

    assert_eq!(tally(&applied), [8, 0, 0, 0]);
    assert!(matches!(applied.proof, Proof::Converged));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_during_apply_is_found_by_the_proof() {
    let scene = Scene::demo().await;
    let shop = std::sync::Arc::clone(&scene.shop);
    let proxy = Proxy::before(scene.address, move |asked| {
        if asked.path.ends_with("stock-source-links-delete") {
            somebody_else_writes(&shop);
        }
        Fate::Pass
    });
    let run = scene.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    assert_eq!(tally(&applied), [8, 0, 0, 0]);
    let Proof::Left(left) = applied.proof else {
        panic!("proven: {:?}", applied.proof);
    };
    assert!(left.stocks[0].in_sync());
    assert_eq!(left.stocks[1].changes.len(), 1);
    assert_eq!(left.stocks[1].changes[0].source_code().as_str(), "hq");
}
