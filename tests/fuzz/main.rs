//! The properties that are fuzzed hold of every seed, and of every seed cut short.

#[path = "../../fuzz/src/lib.rs"]
mod properties;

use std::fs;
use std::path::Path;

/// The seeds of a target, by name.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(target);
    let seeds = fs::read_dir(&folder).expect("the seeds are there");
    seeds
        .map(|seed| {
            let path = seed.expect("the folder can be read").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            (name.into_owned(), fs::read(&path).expect("a seed can be read"))
        })
        .collect()
}

/// Feeds each seed of a target to its property, whole and as its first half.
fn replay(target: &str, holds: fn(&[u8])) {
    let seeds = seeds(target);
    assert!(seeds.len() > 3);
    for (name, seed) in seeds {
        eprintln!("{target}/{name}");
        holds(&seed);
        holds(&seed[..seed.len() / 2]);
    }
}

/// A seed that the reader no longer takes would lead the fuzzer nowhere: then it is to be made anew.
#[test]
fn seeds_are_what_their_readers_take() {
    for (name, seed) in seeds("plan") {
        let plan = serde_json::from_slice::<stocktake::reconcile::Plan>(&seed);
        assert!(plan.is_ok(), "plan/{name}: {plan:?}");
    }
    for (name, seed) in seeds("journal") {
        let state = stocktake::engine::replay(&seed, "https://shop.example/");
        assert_eq!(state.is_ok(), name != "damaged", "journal/{name}: {state:?}");
    }
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
