//! Every rule: files that break it, and the exact text that a person reads.
//!
//! A case is a file or a folder in `inventory` or `targets`, or, against a shop, in `shop`; its text stands beside it. `SNAPSHOTS=overwrite` writes
//! the texts anew.

mod case;
mod hostile;
mod json;
mod shop;

use std::collections::BTreeSet;

use case::{About, cases};
use spanned_yaml::diag::{Diagnostic, Severity, Style, render};
use stocktake::rules;

#[test]
fn the_texts_are_these() {
    for case in cases() {
        let (files, diagnostics) = case.load();
        let text = render(&diagnostics, &files, Style::Plain);
        let expected = snapbox::Data::read_from(&case.expected(), None).raw();
        snapbox::Assert::new().action_env("SNAPSHOTS").eq(text, expected);
    }
}

#[test]
fn every_rule_has_a_case_of_its_name() {
    let named: BTreeSet<String> = cases()
        .iter()
        .filter(|case| finds(&case.load().1, &case.name))
        .map(|case| case.name.clone())
        .chain(hostile::cases().into_iter().map(|(rule, _)| rule.to_owned()))
        // Sixteen megabytes of nodes take too long here; the reader's own test breaks it with fewer.
        .chain(["yaml-nodes".to_owned()])
        // It is about no file; `tests/cli/protect.rs` pins its text.
        .chain(["unknown-protected-stock".to_owned()])
        .collect();
    let missing: Vec<_> = rules()
        .map(|rule| rule.id)
        .filter(|id| !named.contains(*id))
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

#[test]
fn ids_are_unique_and_findings_are_of_the_table() {
    let ids: Vec<_> = rules().map(|rule| rule.id).collect();
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len());
    for found in cases().iter().flat_map(|case| case.load().1) {
        let rule = rules()
            .find(|rule| rule.id == found.rule)
            .expect("a finding names a rule of the table");
        assert_eq!(rule.severity, found.severity);
    }
}

#[test]
fn files_with_an_error_are_not_used() {
    for case in cases() {
        let (_, diagnostics) = case.load();
        let any_error = diagnostics.iter().any(|found| found.severity == Severity::Error);
        assert_eq!(case.is_usable(), !any_error, "{}", case.name);
    }
}

#[test]
fn nothing_reaches_the_terminal_raw() {
    let acting = |c: char| c != '\n' && spanned_yaml::diag::is_hidden(c);
    for case in cases() {
        let (files, diagnostics) = case.load();
        let text = render(&diagnostics, &files, Style::Plain);
        assert!(!text.contains(acting), "{}: {text:?}", case.name);
    }
}

#[test]
fn secrets_in_the_wrong_place_are_not_shown() {
    for case in cases().iter().filter(|case| case.about == About::Targets) {
        let (files, diagnostics) = case.load();
        let json = serde_json::to_string(&spanned_yaml::diag::DiagnosticsJson::new(&diagnostics, &files));
        for style in [Style::Plain, Style::Coloured] {
            let text = render(&diagnostics, &files, style) + json.as_deref().unwrap_or_default();
            assert!(!text.contains("s3cret"), "{}: {text}", case.name);
        }
    }
}

#[test]
fn colours_are_only_added() {
    let case = cases()
        .into_iter()
        .find(|case| case.name == "duplicate-link")
        .expect("the case");
    let (files, diagnostics) = case.load();
    let coloured = render(&diagnostics, &files, Style::Coloured);
    assert!(coloured.contains('\u{1b}'));
    let stripped = anstream::adapter::strip_str(&coloured).to_string();
    assert_eq!(stripped, render(&diagnostics, &files, Style::Plain));
}

fn finds(diagnostics: &[Diagnostic], rule: &str) -> bool {
    diagnostics.iter().any(|found| found.rule == rule)
}
