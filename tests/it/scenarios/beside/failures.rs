//! A call that fails waits for the one beside it, and then one goes after another.

use std::time::Duration;

use commerce_sandbox::Logged;
use serde_json::{Value, json};
use stocktake::run::Proof;

use super::{BESIDE, fixture, follow, held_together, inventory, run, stocks, writes};
use testkit::engine_fixture::tally;
use testkit::proxy::{Action, Canned, Proxy};

/// A read in which a write of our own moves something would settle nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_fails_waits_for_the_one_beside_it_and_then_one_goes_after_another() {
    for failing in [BESIDE, BESIDE + 1] {
        let held = BESIDE + BESIDE + 1 - failing;
        let fixture = fixture(&[]).await;
        let run = run(&fixture);
        let approved = run.approved().await;
        let hold = json!("hold_before");
        follow(&fixture, &[(failing, json!("deadlock")), (held, hold)]);
        let watch = async {
            held_together(&fixture, 1).await;
            let fails = |logged: &Logged| logged.faults.contains(&"deadlock");
            while !fixture.shop.log().iter().any(fails) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let before = fixture.shop.log().len();
            // Nothing may come; a program that does not wait has come by then.
            tokio::time::sleep(Duration::from_millis(300)).await;
            let meanwhile = fixture.shop.log().split_off(before);
            // Those from then on would be held as long as the one before them.
            follow(&fixture, &[]);
            fixture.shop.hold.release();
            meanwhile
        };

        let (applied, meanwhile) = tokio::join!(run.apply(&approved, &()), watch);

        let applied = applied.expect("nothing stops the run");
        assert!(
            meanwhile.iter().all(|logged| logged.method == "POST"),
            "{meanwhile:?}"
        );
        assert_eq!(tally(&applied), [24, 0, 0, 0], "{failing}");
        assert!(matches!(applied.proof, Proof::Converged));
        assert_eq!(writes(&fixture).len(), 1 + 12 + 1, "one was sent again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_calls_may_fail_and_what_had_no_effect_is_sent_again() {
    let fixture = fixture(&[]).await;
    let run = run(&fixture);
    let approved = run.approved().await;
    let cut = json!("cut_after");
    follow(&fixture, &[(BESIDE, json!("deadlock")), (BESIDE + 1, cut)]);

    let applied = run.apply(&approved, &()).await.expect("nothing stops the run");

    assert_eq!(tally(&applied), [24, 0, 0, 0]);
    assert!(matches!(applied.proof, Proof::Converged));
    let all = writes(&fixture);
    assert_eq!(all.len(), 1 + 12 + 1, "one was sent again");
    let failed = all.iter().filter(|logged| !logged.faults.is_empty());
    let mut failed: Vec<Vec<i64>> = failed.map(stocks).collect();
    failed.sort();
    assert_eq!(failed, [[22], [23]], "two were under way");
    assert!(run.is_owed());
}

/// The first of two that fail ends the run: the second one is settled, and not sent again.
#[tokio::test(flavor = "multi_thread")]
async fn what_failed_beside_a_failure_for_good_is_not_sent_again() {
    let fixture = fixture(&[]).await;
    let front = Proxy::before(fixture.address, |asked| {
        let body: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
        let links = body["links"].as_array().map_or(&[][..], Vec::as_slice);
        match (links.len(), links.first().map(|link| &link["stock_id"])) {
            (2, Some(stock)) if stock == 22 => {
                Action::Answer(Canned::new(200, "text/html", "An error has happened"))
            }
            (2, Some(stock)) if stock == 23 => {
                let body = r#"{"message":"Could not save StockSourceLinks"}"#;
                Action::Answer(Canned::new(400, "application/json", body))
            }
            _ => Action::Pass,
        }
    });
    let run = fixture.run(front.address, &inventory()).without_steps();

    let applied = run.run().await;

    assert_eq!(tally(&applied), [8, 4, 0, 12]);
    assert_eq!(front.writes().len(), 1 + 4 + 2);
    assert_eq!(writes(&fixture).len(), 1 + 4);
    let stopped = applied.links.stopped_by.expect("a write failed").to_string();
    assert!(stopped.contains("text/html"), "{stopped}");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failure_for_good_nothing_more_is_sent() {
    let fixture = fixture(&[]).await;
    let run = run(&fixture);
    let approved = run.approved().await;
    follow(
        &fixture,
        &[(BESIDE, json!({ "error_before": { "status": 403 } }))],
    );

    let applied = run.apply(&approved, &()).await.expect("it is stopped later");

    // Until its answer is here, the call beside it may end and another one begin.
    let [done, failed, unknown, not_tried] = tally(&applied);
    assert_eq!((failed, unknown), (2, 0));
    assert!(done >= 10 && not_tried > 0, "{done} done, {not_tried} not tried");
    assert!(applied.links.stopped_by.is_some());
    assert_eq!(writes(&fixture).len(), 1 + (done + failed).div_ceil(2));
    assert!(run.is_owed());
}
