//! A journal that breaks off is read and goes on; a damaged one is refused.

use std::path::Path;

use super::{fresh, open, path, peek, save, shop};
use crate::run::journal::{Effect, Journal, ReplayError, replay};

/// As it was before two could be under way.
#[test]
fn an_end_that_names_no_write_is_the_last_ones() {
    let line = |rest: &str| {
        let head = r#""at":"2026-11-23T14:44:46.3Z","run":"r","target":"t","url":"u","actor":"a""#;
        format!("{{{head},{rest}}}\n")
    };
    let begins = line(
        r#""event":"write_begins","links":[],"needs_reindex":true,"live_sha256":"","timeout_seconds":1"#,
    );
    let ends = line(r#""event":"write_ends","effect":"none""#);
    let state = |text: String| replay(text.as_bytes(), "u").unwrap();
    let after = |text: String| {
        let state = state(text);
        (state.owes_reindex(), state.open_writes().len())
    };
    assert_eq!(after(begins.clone()), (true, 1));
    assert_eq!(after(begins.clone() + &ends), (false, 0));
    assert_eq!(after(begins.clone() + &begins + &ends), (true, 1));
}

#[tokio::test]
async fn a_journal_that_breaks_off_anywhere_is_read_and_goes_on() {
    let (dir, mut journal) = fresh().await;
    journal.begins(&save("ü\n\"\u{1f600}", true));
    journal.ends(Effect::Some);
    drop(journal);
    let path = path(dir.path());
    let whole = std::fs::read(&path).unwrap();
    for end in 0..=whole.len() {
        replay(&whole[..end], &shop().url).unwrap_or_else(|error| panic!("{end}: {error}"));
        let zeros = [&whole[..end], &[0; 7]].concat();
        replay(&zeros, &shop().url).unwrap_or_else(|error| panic!("{end} and zeros: {error}"));
    }
    std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    let mut journal = open(dir.path()).await;
    assert_eq!(journal.open_writes().len(), 1, "its end was lost");
    let began = journal.open_writes()[0].began;
    journal.write_settled(began, true).unwrap();
    journal.reindexes(true);
    assert!(!peek(dir.path()));
}

#[tokio::test]
async fn a_damaged_line_is_told() {
    let (dir, mut journal) = fresh().await;
    journal.begins(&save("a", true));
    drop(journal);
    let path = path(dir.path());
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, [b"\n\nwhat?\n", whole.as_slice()].concat()).unwrap();
    let error = Journal::peek(dir.path(), &shop()).unwrap_err().to_string();
    assert!(error.contains("damaged at line 3"), "{error}");
}

/// `8e` is cut off too, but not from a line of a journal; what is taken for cut off can be cut shorter.
#[test]
fn what_is_cut_off_is_the_beginning_of_an_object() {
    let url = "https://shop.example/";
    for torn in [r#"{"at":"2026"#, " {", " "] {
        for end in 0..=torn.len() {
            assert!(replay(&torn.as_bytes()[..end], url).is_ok(), "{torn:?}, {end}");
        }
    }
    for odd in ["8e", "0.", "8", "tru", "[", "\"at"] {
        assert!(replay(odd.as_bytes(), url).is_err(), "{odd:?}");
    }
}

#[test]
fn the_seeds_of_the_fuzzer_are_journals_of_today() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/journal");
    let read = |name: &str| replay(&std::fs::read(seeds.join(name)).unwrap(), "https://shop.example/");
    let owed = |name: &str| read(name).unwrap().owes_reindex();
    for name in [
        "apply",
        "another-shop",
        "reindex-failed",
        "torn",
        "unknown-and-settled",
    ] {
        assert!(owed(name), "{name}");
    }
    for name in [
        "apply-and-reindex",
        "empty",
        "nothing-took-effect",
        "torn-and-gone-on",
    ] {
        assert!(!owed(name), "{name}");
    }
    assert_eq!(read("damaged").unwrap_err(), ReplayError::Damaged { line: 2 });
}
