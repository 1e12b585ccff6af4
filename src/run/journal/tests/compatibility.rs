//! Reads a journal that an earlier version wrote: one under faults, with a killed run, and each other event once.

use crate::run::journal::entry::Line;
use crate::run::journal::replay;

const WRITTEN_BEFORE: &str = include_str!("written_before.jsonl");

/// For each line: whether a reindex is owed after it, and how many writes are open.
const AFTER_EACH_LINE: [(bool, usize); 31] = [
    (false, 0), // pre_image_kept
    (true, 1),  // write_begins
    (true, 1),  // write_answered
    (true, 2),  // write_begins, the same links again
    (true, 0),  // write_ends, some
    (true, 1),  // write_begins
    (true, 1),  // write_ends, unknown
    (true, 0),  // write_ends, some
    (true, 0),  // pre_image_kept
    (true, 1),  // write_begins
    (true, 1),  // write_ends, unknown
    (true, 0),  // write_ends, some
    (true, 1),  // write_begins
    (true, 0),  // write_ends, some
    (true, 0),  // reindex_begins
    (true, 0),  // step_begins
    (true, 0),  // step_ends
    (false, 0), // reindex_ends
    (false, 0), // reindex_begins
    (false, 0), // step_begins
    (false, 0), // step_ends
    (false, 0), // reindex_ends
    (true, 0),  // index_not_proven
    (true, 0),  // reindex_begins, an index proof follows
    (true, 0),  // reindex_ends
    (false, 0), // index_proven
    (true, 1),  // write_begins
    (false, 0), // write_ends without `began`, none
    (true, 1),  // write_begins of a move
    (true, 0),  // write_settled
    (false, 0), // reindex_declared
];

#[test]
fn a_journal_of_an_earlier_version_means_the_same() {
    assert_eq!(WRITTEN_BEFORE.lines().count(), AFTER_EACH_LINE.len());
    let ends = WRITTEN_BEFORE.match_indices('\n').map(|(at, _)| at + 1);
    for ((end, expected), number) in ends.zip(AFTER_EACH_LINE).zip(1..) {
        let state = replay(&WRITTEN_BEFORE.as_bytes()[..end], "https://shop.example/").unwrap();
        let found = (state.owes_reindex(), state.open_writes().len());
        assert_eq!(found, expected, "after line {number}");
    }
}

#[test]
fn each_line_is_still_written_as_it_was() {
    for line in WRITTEN_BEFORE.lines() {
        let entry: Line = serde_json::from_str(line).unwrap();
        assert_eq!(serde_json::to_string(&entry).unwrap(), line);
    }
}
