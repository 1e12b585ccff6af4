//! Calls that go beside one another: two at most, never of one stock, and none any more once one has failed.

mod failures;
mod order;

use commerce_sandbox::chaos::Schedule;
use commerce_sandbox::{Actor, Logged, Options, Profile, Seed};
use serde_json::{Value, json};
use stocktake::model::GuardLimits;

use testkit::engine_fixture::{EngineFixture, Run};

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
