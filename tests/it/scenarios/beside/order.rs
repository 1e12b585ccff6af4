//! Two calls at a time, on different stocks; deletes after the saves, alone.

use serde_json::{Value, json};
use stocktake::run::{Proof, StopCause};

use super::{BESIDE, fixture, follow, held_together, run, stocks, writes};
use testkit::engine_fixture::{EngineFixture, tally};

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
