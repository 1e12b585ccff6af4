//! A run that is killed with two writes under way: both are remembered, and the next run ends them.

use std::sync::mpsc;

use serde_json::Value;

use super::desk::TOKEN;
use super::doomed::Doomed;
use super::proxy::{Fate, Proxy};
use super::world::World;

/// Twelve calls of twenty links after the one that finds the limit out.
const WORLD: World = World {
    empty: 6,
    full: 0,
    sources: 40,
};

/// The first write that goes beside another one, and that one.
const BESIDE: [usize; 2] = [6, 7];

/// The lines of a journal that tell of one kind of event.
fn lines(journal: &str, event: &str) -> Vec<Value> {
    let lines = journal.lines().filter_map(|line| serde_json::from_str(line).ok());
    lines.filter(|line: &Value| line["event"] == event).collect()
}

#[test]
fn killed_with_two_writes_under_way_of_which_one_arrives() {
    let desk = WORLD.desk().variable("STOCKTAKE_TOKEN", TOKEN);
    let shop = WORLD.start(&desk, "2.4.3", &[]);
    let doomed = Doomed::default();
    let asking = doomed.clone();
    let (killed, is_killed) = mpsc::channel();
    let mut is_killed = Some(is_killed);
    let front = Proxy::before(shop.address, move |asked| {
        if asked.method != "POST" || !BESIDE.contains(&asked.nth) {
            return Fate::Pass;
        }
        if let Some(is_killed) = is_killed.take() {
            return Fate::Then(Box::new(move || is_killed.recv().expect("the other write tells")));
        }
        asking.kill();
        killed.send(()).expect("the other write waits");
        Fate::CutBefore
    });
    let desk = desk.variable("STOCKTAKE_URL", front.url());

    let told = doomed.apply(&desk);
    assert!(!told.contains("Applied."), "{told}");

    let journal = std::fs::read_to_string(desk.journal()).expect("there is a journal");
    let begun = lines(&journal, "write_begins");
    let mut open: Vec<&Value> = begun.iter().map(|line| &line["at"]).collect();
    for end in lines(&journal, "write_ends") {
        open.retain(|began| **began != end["began"]);
    }
    // What became of the one that was too long is known when the run ends, and it did not end.
    assert_eq!((begun.len(), open.len()), (7, 3), "{journal}");
    assert!(desk.run(&["status"]).exits(0).stdout.contains("Reindex: owed"));

    desk.run(&["apply", "--yes"]).exits(0);
    desk.run(&["plan", "--detailed-exitcode"]).exits(0);
    assert_eq!(shop.tables().len(), WORLD.before() + WORLD.wanted());
}
