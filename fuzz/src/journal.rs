//! The journal: read whole, and torn anywhere in its last line.

use std::fs;

use stocktake::engine::{Journal, JournalError, Owed};
use stocktake::reconcile::TargetLabel;

/// Holds the reader to its properties.
pub fn holds(data: &[u8]) {
    if read(data).is_none() {
        return;
    }
    let last = data.strip_suffix(b"\n").unwrap_or(data);
    let start = last
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    // Cut at a few places rather than at each: the fuzzer tries the others.
    for cut in [0, 1, 2, 3].map(|part| start + (data.len() - start) * part / 4) {
        assert!(read(&data[..cut]).is_some(), "torn at {cut}");
    }
}

fn read(journal: &[u8]) -> Option<Owed> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("journal.jsonl"), journal).expect("a file can be written");
    let target = TargetLabel {
        name: "shop".to_owned(),
        url: "https://shop.example/".to_owned(),
    };
    match Journal::peek(folder.path(), &target) {
        Ok(owed) => Some(owed),
        Err(JournalError::Damaged { line, .. }) => {
            assert!(line >= 1 && line <= journal.split(|byte| *byte == b'\n').count());
            None
        }
        Err(error) => panic!("{error}"),
    }
}
