//! SARIF: valid by the standard's own schema, with rules, regions and fingerprints that outlive moved lines.

use serde_json::Value;
use spanned_yaml::diag::InputFiles;
use stocktake::report::{Finding, PlanView, diagnostic_findings, finding_rules, plan_findings, sarif};
use stocktake::spec::load;

use testkit::plan_fixtures::{self as plans, HOSTILE};

/// The schema of SARIF 2.1.0 as the committee publishes it, see `sarif/README.md`.
const SCHEMA: &str = include_str!("sarif/sarif-schema-2.1.0.json");

/// The schema, in which one pattern, of properties that we do not write, is no regular expression of its own dialect.
fn schema() -> Value {
    let mut schema: Value = serde_json::from_str(SCHEMA).expect("a schema");
    for of in ["run", "toolComponent"] {
        let pattern = &mut schema["definitions"][of]["properties"]["language"]["pattern"];
        assert_eq!(*pattern, "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$");
        *pattern = "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$".into();
    }
    schema
}

#[track_caller]
fn log(findings: &[Finding]) -> Value {
    valid(&sarif(findings, &finding_rules(stocktake::rules())))
}

/// A log as JSON, which the standard's schema must allow.
#[track_caller]
pub fn valid(log: &str) -> Value {
    let log: Value = serde_json::from_str(log).expect("JSON");
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema())
        .expect("a schema");
    let faults: Vec<String> = validator
        .iter_errors(&log)
        .map(|fault| fault.to_string())
        .collect();
    assert_eq!(faults, [""; 0], "{log:#}");
    log
}

#[test]
fn every_log_is_valid() {
    for plan in [plans::refused(), plans::withheld(), plans::in_sync()] {
        log(&plan_findings(&PlanView::from(&plan)));
    }
    for name in HOSTILE {
        for place in ["Europe Stock", "austin_wh", "inventory.yaml"] {
            log(&plan_findings(&PlanView::from(&plans::renamed(&[(place, name)]))));
        }
    }
    let files = InputFiles::one("a b.yaml", "version: 2\nstocks: [1]\nzoo: 1\n");
    let findings = diagnostic_findings(&load(&files).diagnostics, &files);
    assert!(findings.len() > 1);
    log(&findings);
}

#[test]
fn the_schema_refuses_what_is_no_log() {
    let mut log = log(&plan_findings(&PlanView::from(&plans::refused())));
    log["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!jsonschema::is_valid(&schema(), &log));
}

#[test]
fn every_result_names_a_rule_that_is_described() {
    let log = log(&plan_findings(&PlanView::from(&plans::withheld())));
    let run = &log["runs"][0];
    for result in run["results"].as_array().expect("a list") {
        let at = result["ruleIndex"]
            .as_u64()
            .and_then(|at| usize::try_from(at).ok())
            .expect("a number");
        let rule = &run["tool"]["driver"]["rules"][at];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["shortDescription"]["text"].is_string(), "{rule}");
    }
}

#[test]
fn a_fingerprint_stays_when_lines_move_and_differs_between_links() {
    let prints = |findings: &[Finding]| -> Vec<Value> {
        let log = log(findings);
        let results = log["runs"][0]["results"].as_array().expect("a list").iter();
        results
            .map(|result| result["partialFingerprints"].clone())
            .collect()
    };
    let findings = plan_findings(&PlanView::from(&plans::refused()));
    let mut moved = findings.clone();
    for found in &mut moved {
        found.place.iter_mut().for_each(|place| place.line += 10);
    }
    let unique: std::collections::BTreeSet<String> =
        prints(&findings).iter().map(ToString::to_string).collect();
    assert_eq!(prints(&findings), prints(&moved));
    assert_eq!(unique.len(), findings.len());
}
