//! Clocks that are set, a journal of a newer version, and files that somebody removes.

use std::path::Path;

use serde_json::{Value, json};

use super::{AT_ONCE, TIMEOUT, open, path, peek, save, shop};
use crate::run::journal::{Effect, Journal, JournalError};
use crate::spec::emit::Document;

/// The lines of a journal with one write that had no effect.
async fn lines(dir: &Path) -> Vec<Value> {
    let mut journal = open(dir).await;
    let began = journal.write_begins(&save("a", true), "", TIMEOUT).unwrap();
    journal.write_ends(began, Effect::None).unwrap();
    let text = std::fs::read_to_string(path(dir)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn put(dir: &Path, lines: &[Value]) {
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    std::fs::write(path(dir), lines.join("\n") + "\n").unwrap();
}

/// Whatever the clock says: the lines are from another time than this run's.
#[tokio::test]
async fn a_write_of_an_earlier_run_may_arrive_for_its_whole_time_from_the_start_of_this_one() {
    for at in ["2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z"] {
        let dir = tempfile::tempdir().unwrap();
        let mut lines = lines(dir.path()).await;
        lines[0]["at"] = json!(at);
        put(dir.path(), &lines[..1]);
        let journal = open(dir.path()).await;
        let left = journal.may_arrive_for(&journal.open_writes()[0]);
        assert!(left > TIMEOUT / 2 && left <= TIMEOUT, "{at}: {left:?}");
    }
}

/// The clock was set back: the newest pre-image is still that of the last run.
#[tokio::test]
async fn runs_sort_in_their_order_whatever_the_clock_says() {
    let dir = tempfile::tempdir().unwrap();
    let mut lines = lines(dir.path()).await;
    let future = "0e000000-0000-7000-8000-000000000001";
    lines[1]["run"] = json!(future);
    put(dir.path(), &lines);
    let mut last = future.to_owned();
    for _ in 0..3 {
        let mut journal = open(dir.path()).await;
        let run = journal.run.to_string();
        assert!(run > last, "{run} after {last}");
        assert!(journal.run.get_timestamp().is_some(), "{run}");
        journal.reindex_declared().unwrap();
        last = run;
    }
}

#[tokio::test]
async fn what_a_newer_version_wrote_is_refused_as_such_and_not_as_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let lines = lines(dir.path()).await;
    let change = |at: usize, change: &dyn Fn(&mut Value)| {
        let mut lines = lines.clone();
        change(&mut lines[at]);
        lines
    };
    for newer in [
        change(0, &|line| line["event"] = json!("website_switches")),
        change(0, &|line| line["version"] = json!(2)),
        change(0, &|line| line["links"][0]["kind"] = json!("website")),
        change(0, &|line| line["source"] = json!({ "code": "a" })),
        change(1, &|line| line["effect"] = json!("partly")),
        change(1, &|line| *line = json!({ "version": 2 })),
    ] {
        put(dir.path(), &newer);
        let error = Journal::peek(dir.path(), &shop()).unwrap_err();
        assert!(
            matches!(error, JournalError::Newer { .. }),
            "{newer:?}: {error:?}"
        );
        let message = error.to_string();
        assert!(
            message.contains("was written by a newer stocktake, as line "),
            "{message}"
        );
        assert!(message.ends_with("; use that version"), "{message}");
        let opened = Journal::open(dir.path(), &shop(), AT_ONCE, &()).await;
        assert!(matches!(opened, Err(JournalError::Newer { .. })), "{newer:?}");
    }
    // A key without a value says nothing.
    put(dir.path(), &change(1, &|line| line["plan_sha256"] = Value::Null));
    assert!(!peek(dir.path()));
}

#[cfg(unix)]
#[tokio::test]
async fn a_run_whose_files_are_removed_or_replaced_writes_nothing_more() {
    type Change = fn(&Path);
    let remove: Change = |folder| std::fs::remove_dir_all(folder).unwrap();
    let anew: Change = |folder| {
        std::fs::remove_dir_all(folder).unwrap();
        std::fs::create_dir(folder).unwrap();
        for name in ["journal.jsonl", "lock"] {
            std::fs::write(folder.join(name), "").unwrap();
        }
    };
    let without_lock: Change = |folder| std::fs::remove_file(folder.join("lock")).unwrap();
    let without_journal: Change = |folder| std::fs::remove_file(folder.join("journal.jsonl")).unwrap();
    let copied: Change = |folder| {
        std::fs::copy(folder.join("journal.jsonl"), folder.join("copy")).unwrap();
        std::fs::rename(folder.join("copy"), folder.join("journal.jsonl")).unwrap();
    };
    let emptied: Change = |folder| std::fs::write(folder.join("journal.jsonl"), "").unwrap();
    let moved: Change = |folder| std::fs::rename(folder, folder.with_extension("old")).unwrap();
    for change in [
        remove,
        anew,
        without_lock,
        without_journal,
        copied,
        emptied,
        moved,
    ] {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = open(dir.path()).await;
        journal.write_begins(&save("a", true), "", TIMEOUT).unwrap();
        let file = path(dir.path());
        let folder = file.parent().unwrap();
        change(folder);
        let stands = || folder.exists().then(|| std::fs::read(&file).ok());
        let stood = stands();
        let begun = journal.write_begins(&save("b", true), "", TIMEOUT);
        let image = journal.keep_pre_image(Document::default());
        for error in [begun.unwrap_err(), image.unwrap_err()] {
            assert!(matches!(error, JournalError::Replaced { .. }), "{error:?}");
        }
        assert_eq!(stands(), stood, "nothing was written");
    }
}

/// The holder file beside the new lock belongs to the new run: the old run leaves it alone.
#[cfg(unix)]
#[tokio::test]
async fn a_run_whose_lock_was_replaced_leaves_word_of_the_next_one() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path()).await;
    std::fs::remove_dir_all(path(dir.path()).parent().unwrap()).unwrap();
    let second = open(dir.path()).await;
    drop(first);
    assert!(Journal::at_work(dir.path(), &shop()).is_some());
    drop(second);
    assert!(Journal::at_work(dir.path(), &shop()).is_none());
}
