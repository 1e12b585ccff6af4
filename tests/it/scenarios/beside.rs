//! Calls that go beside one another: two at most, never of one stock, and none any more once one has failed.

use std::time::Duration;

use commerce_sandbox::chaos::Schedule;
use commerce_sandbox::{Actor, Logged, Options, Profile, Seed};
use serde_json::{Value, json};
use stocktake::model::GuardLimits;
use stocktake::run::{Proof, StopCause};

use testkit::engine_fixture::{EngineFixture, Run, tally};
use testkit::proxy::{Action, Canned, Proxy};

/// Six stocks more than the demo shop's, each to be served by four sources in calls of two links.
const STOCKS: std::ops::Range<i64> = 20..26;
const SOURCES: [&str; 4] = ["s0", "s1", "s2", "s3"];

/// The first write finds out the limit, the four after it go alone.
const BESIDE: u64 = 6;

fn seed(linked: &[&str]) -> Seed {
    let mut seed = serde_json::to_value(Seed::demo()).expect("a seed is JSON");
    let mut push = |list: &str, item: Value| seed[list].as_array_mut().expect("a list").push(item);
    for code in SOURCES.into_iter().chain(linked.iter().copied()) {
        let mut source = serde_json::to_value(&Seed::demo().sources[0]).expect("a source is JSON");
        source["source_code"] = json!(code);
        push("sources", source);
    }
    for id in STOCKS {
        push("stocks", json!({ "stock_id": id, "name": format!("Stock {id}") }));
        for (source, priority) in linked.iter().zip(1..) {
            push(
                "links",
                json!({ "stock_id": id, "source_code": source, "priority": priority }),
            );
        }
    }
    serde_json::from_value(seed).expect("the seed is well-formed")
}

fn inventory() -> String {
    let stock = |id| format!("  - name: Stock {id}\n    sources: [{}]\n", SOURCES.join(", "));
    format!("version: 1\nstocks:\n{}", STOCKS.map(stock).collect::<String>())
}

/// A shop that takes two links at once, in which these sources serve each stock.
async fn fixture(linked: &[&str]) -> EngineFixture {
    let options = Options {
        profile: Profile::V2_4_3,
        item_limit: Some(2),
        ..Options::default()
    };
    EngineFixture::serving(seed(linked), options).await
}

fn run(fixture: &EngineFixture) -> Run {
    let mut run = fixture.run(fixture.address, &inventory()).without_steps();
    run.rules.limits = GuardLimits {
        max_deletes: 1_000,
        max_delete_percent: 100,
    };
    run
}

/// Has faults come at the writes of those numbers.
fn follow(fixture: &EngineFixture, faults: &[(u64, Value)]) {
    let at: Vec<Value> = faults
        .iter()
        .map(|(write, fault)| json!({ "write": write, "fault": fault }))
        .collect();
    let schedule: Schedule = serde_json::from_value(json!({ "at": at })).expect("it is a schedule");
    fixture.shop.follow(schedule);
}

fn writes(fixture: &EngineFixture) -> Vec<Logged> {
    let log = fixture.shop.log().into_iter();
    log.filter(|logged| logged.actor == Actor::Client && logged.method == "POST")
        .collect()
}

fn stocks(logged: &Logged) -> Vec<i64> {
    let mut stocks: Vec<i64> = logged.links.iter().map(|link| link.stock_id).collect();
    stocks.dedup();
    stocks
}

/// Waits until so many writes are held; gives their numbers among all requests.
async fn held_together(fixture: &EngineFixture, count: usize) -> Vec<u64> {
    let held = fixture.shop.hold.until_all_held(count).await;
    held.iter().map(|held| held.request).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_calls_are_under_way_and_share_no_stock() {
    let fixture = fixture(&[]).await;
    let run = run(&fixture);
    let approved = run.approved().await;
    follow(
        &fixture,
        &[(BESIDE, json!("hold_before")), (BESIDE + 1, json!("hold_before"))],
    );
    let watch = async {
        let together = held_together(&fixture, 2).await;
        fixture.shop.hold.release();
        together
    };

    let (applied, together) = tokio::join!(run.apply(&approved, &()), watch);

    let applied = applied.expect("nothing stops the run");
    assert_eq!(tally(&applied), [24, 0, 0, 0]);
    assert!(matches!(applied.proof, Proof::Converged));
    let all = writes(&fixture);
    let mut both: Vec<Vec<i64>> = all
        .iter()
        .filter(|logged| logged.request.is_some_and(|request| together.contains(&request)))
        .map(stocks)
        .collect();
    both.sort();
    assert_eq!(both, [[22], [23]]);
    assert_eq!(
        all.len(),
        1 + 12,
        "the one that found out the limit, and twelve of two"
    );
    assert!(run.is_owed());
}

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
async fn an_interrupt_lets_both_calls_end() {
    let fixture = fixture(&[]).await;
    let run = run(&fixture);
    let approved = run.approved().await;
    let hold = json!("hold_before");
    follow(&fixture, &[(BESIDE, hold.clone()), (BESIDE + 1, hold)]);
    let interrupt = async {
        held_together(&fixture, 2).await;
        run.cancel.cancel();
        fixture.shop.hold.release();
    };

    let (applied, ()) = tokio::join!(run.apply(&approved, &()), interrupt);

    let applied = applied.expect("it is stopped later");
    assert_eq!(tally(&applied), [12, 0, 0, 12]);
    assert!(matches!(applied.links.stopped_by, Some(StopCause::Interrupted)));
    assert_eq!(writes(&fixture).len(), 1 + 4 + 2);
    assert!(run.is_owed());
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failure_for_good_nothing_more_is_sent() {
    let fixture = fixture(&[]).await;
    let run = run(&fixture);
    let approved = run.approved().await;
    follow(&fixture, &[(BESIDE, json!("crash_before"))]);

    let applied = run.apply(&approved, &()).await.expect("it is stopped later");

    // Until its answer is here, the call beside it may end and another one begin.
    let [done, failed, unknown, not_tried] = tally(&applied);
    assert_eq!((failed, unknown), (2, 0));
    assert!(done >= 10 && not_tried > 0, "{done} done, {not_tried} not tried");
    assert!(applied.links.stopped_by.is_some());
    assert_eq!(writes(&fixture).len(), 1 + (done + failed).div_ceil(2));
    assert!(run.is_owed());
}

/// The events of a run's writes, in order: each a save or a delete that begins, or the end of one.
fn events(fixture: &EngineFixture) -> Vec<&'static str> {
    let targets = std::fs::read_dir(fixture.state_dir.path()).expect("there is a state");
    let target = targets.flatten().next().expect("of one target").path();
    let journal = std::fs::read_to_string(target.join("journal.jsonl")).expect("with a journal");
    let lines: Vec<Value> = journal
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect();
    let answered: Vec<String> = lines
        .iter()
        .filter(|line| line["event"] == "write_answered")
        .map(|line| line["began"].to_string())
        .collect();
    let event = |line: &Value| {
        match line["event"].as_str() {
            Some("write_begins") if line["links"][0]["priority"].is_null() => Some("delete"),
            Some("write_begins") => Some("save"),
            // What became of the one that found out the limit is known at the end.
            Some("write_ends") if answered.contains(&line["began"].to_string()) => None,
            Some("write_answered" | "write_ends") => Some("end"),
            _ => None,
        }
    };
    lines.iter().filter_map(event).collect()
}

/// No stock may be without a source in between; a save that is held has no end before it is let go.
#[tokio::test(flavor = "multi_thread")]
async fn no_delete_begins_before_the_last_save_has_ended_and_deletes_go_alone() {
    let fixture = fixture(&["old0", "old1"]).await;
    let run = run(&fixture).allowing(&["deletes"]);
    let approved = run.approved().await;
    let last_save = 1 + 12;
    follow(&fixture, &[(last_save, json!("hold_after"))]);
    let release = async {
        held_together(&fixture, 1).await;
        fixture.shop.hold.release();
    };

    let (applied, ()) = tokio::join!(run.apply(&approved, &()), release);

    let applied = applied.expect("nothing stops the run");
    assert_eq!(tally(&applied), [36, 0, 0, 0]);
    let events = events(&fixture);
    let saves = events.iter().filter(|event| **event == "save").count();
    let (saving, deleting) = events.split_at(2 * saves);
    assert!(!saving.contains(&"delete"), "{events:?}");
    assert!(
        saving.windows(2).any(|pair| pair == ["save", "save"]),
        "{events:?}"
    );
    assert_eq!(deleting, ["delete", "end"].repeat(6));
}
