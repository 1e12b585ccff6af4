//! Tests of what a journal remembers: reindexes that are owed, and writes in doubt.

mod compatibility;
mod damage;
mod locking;
mod proofs;
mod trouble;

use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::folder::{Folder, JOURNAL};
use super::{Effect, Journal, Opening};
use crate::model::{SourceCode, StockId};
use crate::reconcile::{LinkKey, LinkWrite, TargetLabel, WriteBatch};

const AT_ONCE: Opening = Opening {
    command: "apply",
    max_wait: Duration::ZERO,
};

const TIMEOUT: Duration = Duration::from_mins(2);

fn target(url: &str) -> TargetLabel {
    TargetLabel {
        name: "shop".to_owned(),
        url: url.to_owned(),
    }
}

fn shop() -> TargetLabel {
    target("https://a.example/")
}

async fn open(dir: &Path) -> Journal {
    Journal::open(dir, &shop(), AT_ONCE, &()).await.unwrap()
}

/// A journal in a folder of its own.
async fn fresh() -> (TempDir, Journal) {
    let dir = tempfile::tempdir().unwrap();
    let journal = open(dir.path()).await;
    (dir, journal)
}

fn peek(dir: &Path) -> bool {
    Journal::peek(dir, &shop()).unwrap()
}

fn path(dir: &Path) -> PathBuf {
    Folder::of(dir, &shop()).at(JOURNAL)
}

fn save(code: &str, is_new: bool) -> WriteBatch {
    WriteBatch::Save(vec![LinkWrite {
        stock: StockId(2),
        source: SourceCode::from_server(code),
        priority: 1,
        is_new,
    }])
}

fn delete(code: &str) -> WriteBatch {
    WriteBatch::Delete(vec![LinkKey {
        stock: StockId(2),
        source: SourceCode::from_server(code),
    }])
}

impl Journal {
    fn begins(&mut self, call: &WriteBatch) {
        self.write_begins(call, "", TIMEOUT).unwrap();
    }

    /// Ends the write that began last.
    fn ends(&mut self, effect: Effect) {
        let began = self.open_writes().last().unwrap().began;
        self.write_ends(began, effect).unwrap();
    }

    fn reindexes(&mut self, succeeded: bool) {
        self.reindex_begins(1, false).unwrap();
        self.reindex_ends(succeeded).unwrap();
    }
}

#[tokio::test]
async fn a_reindex_is_owed_from_the_write_until_one_that_started_later_succeeds() {
    let (dir, mut journal) = fresh().await;
    assert!(!journal.owed());
    journal.reindex_begins(1, false).unwrap();
    journal.begins(&save("a", true));
    assert!(peek(dir.path()), "also after a crash right here");
    journal.ends(Effect::Some);
    journal.reindex_ends(true).unwrap();
    assert!(journal.owed(), "that one started before the write");
    journal.reindexes(false);
    assert!(journal.owed());
    journal.reindexes(true);
    assert!(!peek(dir.path()));
}

#[tokio::test]
async fn moves_and_writes_without_effect_owe_nothing() {
    let (_dir, mut journal) = fresh().await;
    journal.begins(&save("a", false));
    journal.ends(Effect::Some);
    journal.begins(&delete("a"));
    journal.ends(Effect::None);
    assert!(!journal.owed());
    assert!(journal.open_writes().is_empty());
}

#[tokio::test]
async fn no_reindex_pays_for_a_write_that_may_still_arrive() {
    let (dir, mut journal) = fresh().await;
    journal.begins(&save("a", true));
    drop(journal);
    let mut journal = open(dir.path()).await;
    assert_eq!(journal.open_writes().len(), 1);
    assert_eq!(journal.open_writes()[0].timeout, TIMEOUT);
    journal.reindexes(true);
    journal.reindex_declared().unwrap();
    journal.index_proven().unwrap();
    assert!(journal.owed());
    let began = journal.open_writes()[0].began;
    journal.write_settled(began, false).unwrap();
    assert!(journal.owed(), "it may have arrived all the same");
    journal.reindexes(true);
    assert!(!journal.owed());
    drop(journal);
    assert!(open(dir.path()).await.open_writes().is_empty());
}

#[tokio::test]
async fn a_try_that_succeeds_settles_those_before_it_and_no_other_write() {
    let (_dir, mut journal) = fresh().await;
    journal.begins(&save("other", true));
    journal.ends(Effect::Unknown);
    for effect in [Effect::Unknown, Effect::Unknown, Effect::Some] {
        journal.begins(&save("a", true));
        journal.ends(effect);
    }
    let [open] = journal.open_writes() else {
        panic!("{:?}", journal.open_writes());
    };
    assert_eq!(open.links[0].source_code.as_str(), "other");
}

/// Two stocks are written at once: the end of one write says nothing of the other.
#[tokio::test]
async fn writes_that_overlap_end_each_by_itself() {
    let dir = tempfile::tempdir().unwrap();
    for (first, second, owed, left) in [
        (Effect::None, Effect::None, false, vec![]),
        (Effect::Some, Effect::None, false, vec![]),
        (Effect::None, Effect::Some, true, vec![]),
        (Effect::Unknown, Effect::None, true, vec!["a"]),
        (Effect::None, Effect::Unknown, true, vec!["b"]),
    ] {
        for in_order in [true, false] {
            let dir = dir.path().join(format!("{first:?}-{second:?}-{in_order}"));
            let mut journal = open(&dir).await;
            let [a, b] = [save("a", false), save("b", true)]
                .map(|call| journal.write_begins(&call, "", TIMEOUT).unwrap());
            assert!(peek(&dir), "after a crash right here");
            let ends = [(a, first), (b, second)];
            for (began, effect) in if in_order { ends } else { [ends[1], ends[0]] } {
                journal.write_ends(began, effect).unwrap();
            }
            drop(journal);
            let journal = open(&dir).await;
            let open: Vec<_> = journal
                .open_writes()
                .iter()
                .map(|write| write.links[0].source_code.as_str().to_owned())
                .collect();
            assert_eq!(
                (journal.owed(), open),
                (owed, left.iter().map(ToString::to_string).collect()),
                "{first:?} {second:?} {in_order}"
            );
        }
    }
}

/// A link that was made by a run that was killed and then moved by somebody else: the next run only moves it.
#[tokio::test]
async fn an_earlier_try_that_made_a_link_owes_a_reindex_also_when_the_next_one_only_moves_it() {
    let (dir, mut journal) = fresh().await;
    journal.begins(&save("a", true));
    drop(journal);
    let mut journal = open(dir.path()).await;
    journal.begins(&save("a", false));
    journal.ends(Effect::Some);
    assert!(journal.open_writes().is_empty());
    assert!(peek(dir.path()));
}

#[tokio::test]
async fn a_debt_is_paid_by_a_proof_or_by_a_persons_word() {
    let (_dir, mut journal) = fresh().await;
    for pay in [Journal::index_proven, Journal::reindex_declared] {
        journal.begins(&delete("a"));
        journal.ends(Effect::Some);
        assert!(journal.owed());
        pay(&mut journal).unwrap();
        assert!(!journal.owed());
    }
}

/// The run may die between the end of the steps and the look at the index.
#[tokio::test]
async fn steps_that_a_proof_shall_follow_pay_nothing_by_their_own_word() {
    let (dir, mut journal) = fresh().await;
    journal.begins(&delete("a"));
    journal.ends(Effect::Some);
    journal.reindex_begins(1, true).unwrap();
    journal.reindex_ends(true).unwrap();
    assert!(peek(dir.path()));
    journal.index_proven().unwrap();
    assert!(!peek(dir.path()));
}

/// A move of a link that is gone when it arrives makes the link anew.
#[tokio::test]
async fn a_move_that_may_still_arrive_owes_a_reindex_and_one_that_was_answered_does_not() {
    let (dir, mut journal) = fresh().await;
    journal.begins(&save("a", false));
    journal.ends(Effect::Some);
    journal.begins(&save("a", false));
    journal.ends(Effect::None);
    assert!(!peek(dir.path()));
    journal.begins(&save("a", false));
    journal.ends(Effect::Unknown);
    assert!(peek(dir.path()));
    // As after a kill: what the next run settles by reading may have been made in between.
    let (dir, mut journal) = fresh().await;
    journal.begins(&save("a", false));
    assert!(peek(dir.path()));
    let began = journal.open_writes()[0].began;
    journal.write_settled(began, true).unwrap();
    assert!(peek(dir.path()));
    journal.reindexes(true);
    assert!(!peek(dir.path()));
}

#[tokio::test]
async fn a_step_that_was_ended_midway_is_remembered_until_a_reindex_succeeds() {
    let (dir, mut journal) = fresh().await;
    let cut_off = |journal: &Journal| journal.state().cut_off_step().map(|cut| cut.step);
    journal.reindex_begins(2, false).unwrap();
    journal.step_begins(1).unwrap();
    journal.step_ends(1, true, false).unwrap();
    assert_eq!(cut_off(&journal), None);
    journal.step_begins(2).unwrap();
    journal.step_ends(2, false, true).unwrap();
    journal.reindex_ends(false).unwrap();
    assert!(peek(dir.path()), "nobody knows what is left of the index");
    drop(journal);

    let mut journal = open(dir.path()).await;
    assert_eq!(cut_off(&journal), Some(2));
    journal.reindex_begins(2, false).unwrap();
    journal.step_begins(1).unwrap();
    journal.step_ends(1, false, false).unwrap();
    journal.reindex_ends(false).unwrap();
    assert_eq!(cut_off(&journal), Some(2), "that one found the index held");
    journal.reindexes(true);
    assert_eq!((cut_off(&journal), journal.owed()), (None, false));
}

#[tokio::test]
async fn a_step_of_a_run_that_was_killed_counts_as_ended_midway() {
    let (dir, mut journal) = fresh().await;
    journal.reindex_begins(2, true).unwrap();
    journal.step_begins(1).unwrap();
    drop(journal);
    let mut journal = open(dir.path()).await;
    assert_eq!(journal.state().cut_off_step().map(|cut| cut.step), Some(1));
    journal.reindex_begins(2, true).unwrap();
    journal.step_begins(1).unwrap();
    journal.step_ends(1, true, false).unwrap();
    journal.reindex_ends(true).unwrap();
    assert_eq!(
        journal.state().cut_off_step(),
        None,
        "a proof is not needed for that"
    );
}
