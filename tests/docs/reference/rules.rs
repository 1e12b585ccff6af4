//! `rules.md`: every rule id that a finding may carry.

use std::fmt::Write as _;

use spanned_yaml::diag::{self, Rule, Severity};
use stocktake::report::finding_rules;
use stocktake::{reconcile, spec, target};

use super::markdown::{code, table};

/// The rules by what they are about.
fn groups() -> [(&'static str, Vec<&'static Rule>); 4] {
    let all = |rules: &[&'static [Rule]]| rules.iter().copied().flatten().collect();
    [
        ("Every file", all(&[diag::RULES, spanned_yaml::RULES])),
        ("`inventory.yaml`", all(&[spec::RULES])),
        ("`targets.yaml`", all(&[target::RULES])),
        ("`inventory.yaml` against a target", all(&[reconcile::RULES])),
    ]
}

pub fn page() -> String {
    let mut text = String::from(
        "# Rules\n\n\
         Every finding carries the stable id of its rule: at a terminal, in JSON, and in the annotations and SARIF of \
         `--format github` and `--format sarif`. An error keeps a file from being used, a warning is worth a look.\n",
    );
    for (about, rules) in groups() {
        let rows: Vec<Vec<String>> = rules.iter().map(|rule| row(rule)).collect();
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n## {about}\n\n{}",
            table(&["rule", "severity", "asks"], &rows)
        );
    }
    let of_plans: Vec<Vec<String>> = finding_rules(std::iter::empty())
        .iter()
        .map(|rule| vec![code(rule.id), rule.summary.to_owned()])
        .collect();
    let _ = write!(
        text,
        "\n## A plan\n\n\
         What `plan` and `show` tell with `--format github` and `--format sarif`, besides the rules above.\n\n{}",
        table(&["rule", "tells of"], &of_plans)
    );
    text
}

fn row(rule: &Rule) -> Vec<String> {
    let severity = match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    vec![code(rule.id), severity.to_owned(), rule.summary.to_owned()]
}

#[test]
fn every_rule_has_its_place() {
    let here: Vec<&str> = groups()
        .into_iter()
        .flat_map(|(_, rules)| rules)
        .map(|rule| rule.id)
        .collect();
    let all: Vec<&str> = stocktake::rules().map(|rule| rule.id).collect();
    for id in &all {
        assert!(here.contains(id), "{id} is in no group");
    }
    assert_eq!(here.len(), all.len(), "a rule is told twice");
}
