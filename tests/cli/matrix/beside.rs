//! A run that is killed with two writes under way: both are remembered, and the next run ends them.

use std::sync::mpsc;

use serde_json::Value;

use super::world::World;
use testkit::killed_apply::KilledApply;
use testkit::proxy::{Action, Proxy};
use testkit::workspace::{TOKEN, WITHOUT_WAITS};

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
    let workspace = WORLD.workspace().variable("SHOP_TOKEN", TOKEN);
    let shop = WORLD.start(&workspace, "2.4.3", &[]);
    let run = KilledApply::default();
    let asking = run.clone();
    let (killed, is_killed) = mpsc::channel();
    let mut is_killed = Some(is_killed);
    let front = Proxy::before(shop.address, move |asked| {
        if asked.method != "POST" || !BESIDE.contains(&asked.nth) {
            return Action::Pass;
        }
        if let Some(is_killed) = is_killed.take() {
            return Action::Then(Box::new(move || is_killed.recv().expect("the other write tells")));
        }
        asking.kill();
        killed.send(()).expect("the other write waits");
        Action::CutBefore
    });
    workspace.settings(
        &front.url(),
        &["reindex: cron", &format!("connection: {{ {WITHOUT_WAITS} }}")],
    );

    let output = run.apply(&workspace);
    assert!(!output.contains("Applied."), "{output}");

    let journal = std::fs::read_to_string(workspace.journal()).expect("there is a journal");
    let begun = lines(&journal, "write_begins");
    let mut open: Vec<&Value> = begun.iter().map(|line| &line["at"]).collect();
    for end in lines(&journal, "write_ends") {
        open.retain(|began| **began != end["began"]);
    }
    // What became of the one that was too long is known when the run ends, and it did not end.
    assert_eq!((begun.len(), open.len()), (7, 3), "{journal}");
    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: owed")
    );

    workspace.run(&["apply", "--yes"]).exits(0);
    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
    assert_eq!(shop.tables().len(), WORLD.before() + WORLD.wanted());
}
