//! The properties that are fuzzed hold of every seed, and of every seed cut short.

#[path = "../../fuzz/src/lib.rs"]
mod properties;

use std::fs;
use std::path::Path;

/// Feeds each seed of a target to its property, whole and as its first half.
fn replay(target: &str, holds: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(target);
    let mut seeds = 0;
    for seed in fs::read_dir(&folder).expect("the seeds are there") {
        let path = seed.expect("the folder can be read").path();
        eprintln!("{}", path.display());
        let seed = fs::read(&path).expect("a seed can be read");
        holds(&seed);
        holds(&seed[..seed.len() / 2]);
        seeds += 1;
    }
    assert!(seeds > 3, "{target} has {seeds} seeds");
}

#[test]
fn inventories() {
    replay("inventory", properties::inventory::holds);
}

#[test]
fn targets() {
    replay("targets", properties::targets::holds);
}

#[test]
fn answers() {
    replay("answers", properties::answers::holds);
}

#[test]
fn plans() {
    replay("plan", properties::plan::holds);
}

#[test]
fn journals() {
    replay("journal", properties::journal::holds);
}
