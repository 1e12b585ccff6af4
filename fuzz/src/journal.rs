//! The journal: read whole, and torn anywhere in its last line.

use stocktake::engine::{State, replay};

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

fn read(journal: &[u8]) -> Option<State> {
    match replay(journal, "https://shop.example/") {
        Ok(state) => Some(state),
        Err(damaged) => {
            let lines = journal.split(|byte| *byte == b'\n').count();
            assert!(damaged.line >= 1 && damaged.line <= lines);
            None
        }
    }
}
