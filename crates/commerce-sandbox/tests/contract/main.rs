//! The contract: every replayable step of the recordings gets the recorded answer from the sandbox.

mod replay;

use std::collections::BTreeMap;

use replay::recording::{Reason, Recording, Treatment};

/// The recordings that are replayed, and how many of their steps are compared.
const RECORDINGS: [(&str, usize); 11] = [
    ("00_two_factor_enabled", 10),
    ("01_auth", 171),
    ("02_sources", 107),
    ("03_stocks", 76),
    ("04_links", 242),
    ("05_store_code_and_paths", 46),
    ("07_reindex", 181),
    ("07b_reindex_by_cron_and_repair", 50),
    ("07c_save_during_reindex_is_forgotten", 11),
    ("10_extras", 40),
    ("14_index_rows_and_source_items", 116),
];

/// Replays one recording and reports each step that differs by its id.
fn holds(name: &str) {
    let outcome = replay::replay(name);
    let differences = &outcome.differences;
    assert!(
        differences.is_empty(),
        "{name}: {} of {} steps differ\n{}",
        differences.len(),
        outcome.compared,
        differences.join("\n")
    );
    let (_, expected) = RECORDINGS
        .iter()
        .find(|(known, _)| *known == name)
        .expect("the recording is listed");
    assert_eq!(outcome.compared, *expected, "{name}: steps compared");
}

macro_rules! recordings {
    ($($test:ident: $name:literal,)*) => {
        $(
            #[test]
            fn $test() {
                holds($name);
            }
        )*

        #[test]
        fn every_listed_recording_has_its_test() {
            let listed: Vec<&str> = RECORDINGS.iter().map(|(name, _)| *name).collect();
            assert_eq!(listed, [$($name),*]);
        }
    };
}

recordings! {
    two_factor: "00_two_factor_enabled",
    tokens_and_permissions: "01_auth",
    sources: "02_sources",
    stocks: "03_stocks",
    links: "04_links",
    store_codes_and_paths: "05_store_code_and_paths",
    reindex: "07_reindex",
    cron_and_repair: "07b_reindex_by_cron_and_repair",
    forgotten_write: "07c_save_during_reindex_is_forgotten",
    extras: "10_extras",
    index_rows_and_source_items: "14_index_rows_and_source_items",
}

#[test]
fn all_steps_are_compared_but_those_the_contract_names() {
    let mut compared = 0;
    let mut left: BTreeMap<Reason, usize> = BTreeMap::new();
    for (name, _) in RECORDINGS {
        for step in Recording::read(name).steps {
            match step.treatment() {
                Treatment::Left(reason) => *left.entry(reason).or_default() += 1,
                Treatment::Effect => {}
                Treatment::Call | Treatment::Command | Treatment::ExitCode => compared += 1,
            }
        }
    }
    assert_eq!(compared, RECORDINGS.iter().map(|(_, steps)| steps).sum::<usize>());
    let calls: Vec<(Reason, usize)> = left
        .into_iter()
        .filter(|(reason, _)| ![Reason::Event, Reason::Look].contains(reason))
        .collect();
    assert_eq!(
        calls,
        [
            (Reason::NotReplayable, 22),
            (Reason::HandMadeHeader, 1),
            (Reason::Truncated, 3),
            (Reason::Outside, 15),
            (Reason::NeverSent, 1),
        ]
    );
}
