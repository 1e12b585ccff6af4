//! The properties that are fuzzed hold of every seed, and of every seed cut short.

mod plans;

use std::fs;
use std::path::Path;

use testkit::read_properties as properties;

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

/// A seed that its reader no longer takes leads the fuzzer nowhere.
#[test]
fn seeds_of_plans_are_of_todays_format() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/plan");
    for (name, plan) in plans::seeds() {
        if std::env::var_os("UPDATE_SEEDS").is_some() {
            fs::write(folder.join(name), &plan).expect("a seed can be written");
        }
        let seed = fs::read_to_string(folder.join(name)).expect("a seed can be read");
        assert!(
            seed == plan,
            "plan/{name}: UPDATE_SEEDS=1 cargo test --test it fuzz_seeds writes it anew"
        );
    }
}

#[test]
fn seeds_of_the_journal_are_of_todays_format() {
    for (name, seed) in seeds("journal") {
        let state = stocktake::run::replay(&seed, "https://shop.example/");
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
