//! The contract: the sandbox gives every replayable step of the recordings the recorded answer.

mod replay;

use std::collections::BTreeMap;

use commerce_sandbox::Profile;
use replay::recording::{Reason, Recording, Treatment};

/// A recorded generation: the tests of its recordings, in a module.
///
/// The folder `contract/<profile>/recordings` has them, `contract/seeds` the states that they start from. A new generation takes
/// such a folder and one use of this macro.
macro_rules! generation {
    (
        $module:ident: $profile:expr,
        recordings: { $($test:ident: $name:literal, $steps:literal steps;)* },
        left_out: $left_out:expr,
    ) => {
        mod $module {
            use super::*;

            $(
                #[test]
                fn $test() {
                    replays($profile, $name, $steps);
                }
            )*

            #[test]
            fn all_steps_are_compared_but_those_the_contract_names() {
                accounts_for_every_step($profile, &[$(($name, $steps)),*], &$left_out);
            }
        }
    };
}

generation! {
    v2_4_1: Profile::V2_4_1,
    recordings: {
        two_factor: "00_two_factor_enabled", 10 steps;
        tokens_and_permissions: "01_auth", 171 steps;
        sources: "02_sources", 107 steps;
        stocks: "03_stocks", 76 steps;
        links: "04_links", 242 steps;
        store_codes_and_paths: "05_store_code_and_paths", 46 steps;
        reindex: "07_reindex", 181 steps;
        cron_and_repair: "07b_reindex_by_cron_and_repair", 50 steps;
        forgotten_write: "07c_save_during_reindex_is_forgotten", 11 steps;
        sizes: "08_size_and_speed", 42 steps;
        extras: "10_extras", 40 steps;
        index_rows_and_source_items: "14_index_rows_and_source_items", 116 steps;
    },
    left_out: [
        (Reason::NotReplayable, 22),
        (Reason::HandMadeHeader, 1),
        (Reason::Truncated, 34),
        (Reason::Outside, 15),
        (Reason::NeverSent, 1),
    ],
}

generation! {
    v2_4_7: Profile::V2_4_7,
    recordings: {
        tokens_and_permissions: "01_auth", 184 steps;
        sources: "02_sources", 116 steps;
        stocks: "03_stocks", 76 steps;
        links: "04_links", 234 steps;
        store_codes_and_paths: "05_store_code_and_paths", 48 steps;
        reindex: "07_reindex", 183 steps;
        forgotten_write: "07c_save_during_reindex_is_forgotten", 11 steps;
        sizes: "08_size_and_speed", 39 steps;
        index_rows_and_source_items: "14_index_rows_and_source_items", 118 steps;
    },
    left_out: [(Reason::NotReplayable, 25), (Reason::Truncated, 15), (Reason::Outside, 19)],
}

generation! {
    v2_4_8: Profile::V2_4_8,
    recordings: {
        tokens_and_permissions: "01_auth", 184 steps;
        sources: "02_sources", 116 steps;
        stocks: "03_stocks", 76 steps;
        links: "04_links", 234 steps;
        store_codes_and_paths: "05_store_code_and_paths", 48 steps;
        reindex: "07_reindex", 183 steps;
        forgotten_write: "07c_save_during_reindex_is_forgotten", 11 steps;
        sizes: "08_size_and_speed", 39 steps;
        index_rows_and_source_items: "14_index_rows_and_source_items", 118 steps;
        topology: "16_topology_lifecycle", 231 steps;
        more_topology: "16b_topology_more", 107 steps;
        orders_and_reservations: "17_orders_and_reservations", 283 steps;
    },
    left_out: [(Reason::NotReplayable, 81), (Reason::Truncated, 15), (Reason::Outside, 19)],
}

/// Replays one recording and reports each step that differs by its id.
fn replays(profile: Profile, name: &str, steps: usize) {
    let outcome = replay::replay(profile, name);
    let differences = &outcome.differences;
    assert!(
        differences.is_empty(),
        "{name}: {} of {} steps differ\n{}",
        differences.len(),
        outcome.compared,
        differences.join("\n")
    );
    assert_eq!(outcome.compared, steps, "{name}: steps compared");
}

/// Counts the steps that are compared, and those that are left out by reason; events are not counted.
fn accounts_for_every_step(profile: Profile, recordings: &[(&str, usize)], left_out: &[(Reason, usize)]) {
    let mut compared = 0;
    let mut left: BTreeMap<Reason, usize> = BTreeMap::new();
    for (name, _) in recordings {
        for step in Recording::read(profile, name).steps {
            match step.treatment() {
                Treatment::Left(reason) => *left.entry(reason).or_default() += 1,
                Treatment::Effect => {}
                Treatment::Call | Treatment::Command | Treatment::ExitCode => compared += 1,
            }
        }
    }
    assert_eq!(compared, recordings.iter().map(|(_, steps)| steps).sum::<usize>());
    let calls: Vec<(Reason, usize)> = left
        .into_iter()
        .filter(|(reason, _)| ![Reason::Event, Reason::Look].contains(reason))
        .collect();
    assert_eq!(calls, left_out);
}
