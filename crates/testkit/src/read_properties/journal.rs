//! The journal: read whole, torn anywhere in its last line, and gone on with: no owed reindex is ever forgotten.

use stocktake::run::{State, replay};

/// A write that creates a link.
const BEGINS: &str = r#""event":"write_begins","links":[{"stock_id":2,"source_code":"fuzz","priority":2}],"needs_reindex":true,"live_sha256":"","timeout_seconds":120"#;
/// One that moves a link.
const MOVES: &str = r#""event":"write_begins","links":[{"stock_id":2,"source_code":"fuzz","priority":3}],"needs_reindex":false,"live_sha256":"","timeout_seconds":120"#;
/// One that moves the link of the first.
const MOVES_IT: &str = r#""event":"write_begins","links":[{"stock_id":2,"source_code":"fuzz","priority":2}],"needs_reindex":false,"live_sha256":"","timeout_seconds":120"#;
const UNKNOWN: &str = r#""event":"write_ends","effect":"unknown""#;
const DONE: &str = r#""event":"write_ends","effect":"some""#;
const REINDEX: &str = r#""event":"reindex_begins","steps":1"#;
const REINDEXED: &str = r#""event":"reindex_ends","succeeded":true"#;
const FAILED: &str = r#""event":"reindex_ends","succeeded":false"#;

/// Holds the reader to its properties.
pub fn holds(data: &[u8]) {
    let Some(state) = read(data) else { return };
    let last = data.strip_suffix(b"\n").unwrap_or(data);
    let start = last
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    // Cut at a few places rather than at each: the fuzzer tries the others.
    for cut in [0, 1, 2, 3].map(|part| start + (data.len() - start) * part / 4) {
        assert!(read(&data[..cut]).is_some(), "torn at {cut}");
    }
    let after = |events: &[&str]| {
        let lines = events.iter().flat_map(|event| line(event).into_bytes());
        let journal: Vec<u8> = data.iter().copied().chain(*b"\n").chain(lines).collect();
        read(&journal).expect("a journal that can be read can be gone on with")
    };
    assert_eq!(after(&[]), state);
    for owing in [
        &[BEGINS][..],
        &[BEGINS, REINDEX, REINDEXED],
        &[MOVES],
        &[MOVES, UNKNOWN],
        &[BEGINS, DONE],
        &[BEGINS, MOVES_IT, DONE],
        &[BEGINS, DONE, REINDEX],
        &[BEGINS, DONE, REINDEX, FAILED],
        &[REINDEX, BEGINS, DONE, REINDEXED],
    ] {
        assert!(after(owing).owes_reindex(), "{owing:?}");
    }
    let paid = after(&[BEGINS, DONE, REINDEX, REINDEXED]);
    assert_eq!(paid.owes_reindex(), !paid.open_writes().is_empty());
}

fn line(event: &str) -> String {
    format!(
        r#"{{"at":"2026-01-01T00:00:00Z","run":"r","target":"shop","url":"https://shop.example/","actor":"ci",{event}}}"#
    ) + "\n"
}

fn read(journal: &[u8]) -> Option<State> {
    match replay(journal, "https://shop.example/") {
        Ok(state) => Some(state),
        Err(unreadable) => {
            let lines = journal.split(|byte| *byte == b'\n').count();
            assert!((1..=lines).contains(&unreadable.line()));
            None
        }
    }
}
