//! What `validate` accepts without a warning, and every inventory that we write, `serde_yaml` reads to the same values.

use std::fs;
use std::path::Path;

use crate::other_reader::second_opinion;
use proptest::prelude::*;
use spanned_yaml::diag::{Diagnostic, FileId};
use stocktake::spec;

use super::emit::document;
use super::hand_written::hand_written;
use super::random::{PIECES, mutated, pieces};
use super::round_trip::written;
use super::{inventory, one, rendered, targets};

/// Warnings that say that others may read the file in another way.
const WARNINGS: [&str; 2] = ["read-differently", "hidden-character"];

/// Whether a text is used, as an inventory or as targets, and nothing warns of other readers.
fn is_accepted(text: &str) -> bool {
    let quiet = |found: &[Diagnostic]| !found.iter().any(|found| WARNINGS.contains(&found.rule));
    let inventory = inventory(text);
    let targets = targets(text);
    (inventory.spec.is_some() && quiet(&inventory.diagnostics))
        || (targets.targets.is_some() && quiet(&targets.diagnostics))
}

fn holds(text: &str) -> Result<(), TestCaseError> {
    if is_accepted(text) {
        second_opinion(text).map_err(TestCaseError::fail)?;
    }
    Ok(())
}

/// Short good files, each with pieces of YAML put in somewhere.
fn interspersed() -> impl Strategy<Value = String> {
    const GOOD: [&str; 3] = [
        "version: 1\nstocks:\n  - name: A b\n    sources: [hq, west]\n",
        "version: 1\nsources: [ { code: hq, \"name\": 'X y' } ]\nstocks:\n- sources:\n  - {code: hq, priority: 1}\n  name: &a A\n",
        "version: 1\ntargets:\n  a:\n    url: https://shop.example\n    auth: { bearer: { file: b } }\n    guard: { max_deletes: 1 }\n",
    ];
    let odd = [
        ": ",
        "\u{85}",
        "\u{2028}",
        "\u{a0}",
        "? ",
        "...",
        "---",
        "%YAML 1.1\n",
        "\n\n",
        "\r",
        ",",
        "\\\n",
        "/",
    ];
    let piece = prop::sample::select([&PIECES[..], &odd].concat());
    let cut = (any::<prop::sample::Index>(), piece, 0..2_usize);
    (
        prop::sample::select(GOOD.to_vec()),
        prop::collection::vec(cut, 1..4),
    )
        .prop_map(|(file, cuts)| {
            let mut chars: Vec<String> = file.chars().map(String::from).collect();
            for (at, piece, removed) in cuts {
                let start = at.index(chars.len());
                chars.splice(start..start + removed, [piece.to_owned()]);
            }
            chars.concat()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn what_is_emitted(document in document()) {
        second_opinion(&document.text()).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn what_people_write_and_what_is_formatted(text in hand_written()) {
        prop_assert!(is_accepted(&text), "{}", text);
        second_opinion(&text).map_err(TestCaseError::fail)?;
        let formatted = spec::format(&one(&text), FileId(0)).expect("a good inventory has a canonical form");
        second_opinion(&formatted).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn good_files_with_changes(bytes in mutated()) {
        if let Ok(text) = String::from_utf8(bytes) {
            holds(&text)?;
        }
    }

    #[test]
    fn good_files_with_pieces_put_in(text in interspersed()) {
        holds(&text)?;
    }

    #[test]
    fn pieces_of_yaml(text in pieces()) {
        holds(&text)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn any_topology_in_any_of_the_ways_of_yaml(text in written()) {
        holds(&text)?;
        let formatted = spec::format(&one(&text), FileId(0)).expect("a good inventory has a canonical form");
        second_opinion(&formatted).map_err(TestCaseError::fail)?;
    }
}

/// Every YAML file of the repository that one of the loaders accepts.
#[test]
fn the_corpus() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut accepted = 0;
    let mut folders = vec![root.join("docs"), root.join("templates"), root.join("tests")];
    let mut files = vec![root.join("inventory.yaml")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") {
                files.push(path);
            }
        }
    }
    for path in files {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        if is_accepted(&text) {
            accepted += 1;
            second_opinion(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
    }
    assert!(accepted > 5, "only {accepted} files were looked at");
}

#[test]
fn an_explicit_key_may_have_several_lines() {
    let text = "version: 1\n? |-\n  stocks\n: - ? \"na\\\n      me\"\n    : A\n    sources: [hq]\n";
    assert!(
        is_accepted(text),
        "{}",
        rendered(&inventory(text).diagnostics, text)
    );
    second_opinion(text).unwrap();
}

/// What a loader says of a text that stands where a name stands: `None` when it says nothing.
fn said_of(text: &str) -> Option<&'static str> {
    let loaded = inventory(&format!(
        "version: 1\nstocks:\n  - name: {text}\n    sources: []\n"
    ));
    loaded.diagnostics.first().map(|found| found.rule)
}

#[test]
fn texts_that_others_take_for_another_value_are_warned_of() {
    for text in [
        "no",
        "No",
        "NO",
        "yes",
        "on",
        "off",
        "OFF",
        "y",
        "Y",
        "n",
        "N",
        "0b1",
        "1_000",
        "1:30",
        "12:30:45",
        "0_7",
        "2020-01-01",
        "2020-01-01 12:30:45",
        "1_0.5",
        "<<",
        "=",
    ] {
        assert_eq!(said_of(text), Some("read-differently"), "{text}");
        assert_eq!(said_of(&format!("\"{text}\"")), None, "{text}");
    }
    // Here serde_yaml and we read the same that is no text.
    for text in [
        "1e3", "0o14", "0123", "0x1F", "12", "1.5", ".inf", ".nan", "~", "null", "true", "False",
    ] {
        assert_eq!(said_of(text), Some("wrong-type"), "{text}");
        assert_eq!(said_of(&format!("\"{text}\"")), None, "{text}");
    }
    for text in ["north", "nO", "one", "3pl", "1-2", "0b2", "1:60"] {
        assert_eq!(said_of(text), None, "{text}");
        second_opinion(&format!("name: {text}\n")).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn a_tab_before_a_comment_is_no_indentation() {
    let body = "version: 1\nstocks:\n  - name: north\n    sources: []\n";
    for text in [
        format!("---\t# shop\n{body}"),
        body.replace("north\n", "north\t# shop\n"),
    ] {
        assert!(inventory(&text).diagnostics.is_empty(), "{text}");
        second_opinion(&text).unwrap_or_else(|error| panic!("{error}"));
    }
}

/// Values, codes in both lists, and keys.
#[test]
fn every_place_of_a_text_is_looked_at() {
    let text = "version: 1\nsources:\n  - { code: no, name: off }\nstocks:\n  - name: &name on\n    sources: [no]\n  \
                - name: A\n    sources: [{ code: 1:30, priority: 1 }]\n";
    let rules: Vec<_> = inventory(text)
        .diagnostics
        .iter()
        .map(|found| found.rule)
        .collect();
    let differently = rules.iter().filter(|rule| **rule == "read-differently").count();
    assert_eq!(differently, 5, "{}", rendered(&inventory(text).diagnostics, text));
    let text =
        "version: 1\ntargets:\n  no:\n    url: https://shop.example\n    auth: { bearer: { env: TOKEN } }\n";
    let loaded = targets(text);
    let rules: Vec<_> = loaded.diagnostics.iter().map(|found| found.rule).collect();
    assert_eq!(
        rules,
        ["read-differently"],
        "{}",
        rendered(&loaded.diagnostics, text)
    );
}
