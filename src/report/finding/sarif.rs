//! Findings as SARIF 2.1.0, for code scanning.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use spanned_yaml::diag::{Place, escape_json, joined, visible};

use super::plan::{plan_findings, target_findings};
use super::{Finding, FindingRule, Level};
use crate::reconcile::digest_hex;
use crate::report::view::{PlanView, TargetPlan};

/// The characters that stay as they are in the path of a URI.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_')
    .remove(b'~');

/// The findings as a log of one run; `rules` describes their rules.
pub fn sarif(findings: &[Finding], rules: &[FindingRule]) -> String {
    log(&[run(findings, rules)])
}

/// The findings of a plan as one run, or those of several targets as a run for each, in a category of its own.
pub fn plan_sarif(view: &PlanView<'_>, rules: &[FindingRule]) -> String {
    let of_target = |of: &TargetPlan<'_>| {
        let mut run = run(&target_findings(of), rules);
        run["automationDetails"] = json!({ "id": format!("stocktake/{}/", visible(of.target)) });
        run["invocations"] = json!([{ "executionSuccessful": of.outcome.is_ok() }]);
        run
    };
    match view {
        PlanView::One(_) => sarif(&plan_findings(view), rules),
        PlanView::Several(targets) => log(&targets.iter().map(of_target).collect::<Vec<_>>()),
    }
}

fn log(runs: &[serde_json::Value]) -> String {
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": runs,
    });
    escape_json(&format!("{log:#}\n")).into_owned()
}

fn run(findings: &[Finding], rules: &[FindingRule]) -> serde_json::Value {
    let mut used: Vec<&str> = findings.iter().map(|found| found.rule.as_str()).collect();
    used.sort_unstable();
    used.dedup();
    let results: Vec<_> = findings.iter().map(|found| result(found, &used)).collect();
    let descriptors: Vec<_> = used.iter().map(|id| descriptor(id, rules)).collect();
    json!({
        "tool": { "driver": {
            "name": "stocktake",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": descriptors,
        }},
        "columnKind": "unicodeCodePoints",
        "results": results,
    })
}

fn descriptor(id: &str, rules: &[FindingRule]) -> serde_json::Value {
    match rules.iter().find(|rule| rule.id == id) {
        Some(rule) => json!({ "id": id, "shortDescription": { "text": rule.summary } }),
        None => json!({ "id": visible(id) }),
    }
}

fn result(found: &Finding, used: &[&str]) -> serde_json::Value {
    let fingerprint = digest_hex(format!("{}\n{}", found.rule, found.identity).as_bytes());
    let level = match found.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    let mut result = json!({
        "ruleId": found.rule,
        "ruleIndex": used.partition_point(|id| *id < found.rule.as_str()),
        "level": level,
        "message": { "text": text(found) },
    });
    if let Some(place) = &found.place {
        result["locations"] = json!([location(place, found.end)]);
    }
    result["partialFingerprints"] = json!({ "stocktake/v1": fingerprint });
    result
}

/// Brackets are escaped, since the format reads them as a link.
fn text(found: &Finding) -> String {
    let escaped = |line| {
        visible(line)
            .replace('\\', "\\\\")
            .replace('[', "\\[")
            .replace(']', "\\]")
    };
    joined(found.message.lines().map(escaped), "\n")
}

fn location(place: &Place, end: Option<(u32, u32)>) -> serde_json::Value {
    let mut region = json!({ "startLine": place.line, "startColumn": place.column });
    if let Some((line, column)) = end {
        region["endLine"] = line.into();
        region["endColumn"] = column.into();
    }
    json!({ "physicalLocation": { "artifactLocation": artifact(&place.file), "region": region } })
}

/// A relative path is one from the root of the repository, where the tool is run.
fn artifact(path: &str) -> serde_json::Value {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let encoded = utf8_percent_encode(path, PATH);
    if path.starts_with('/') {
        return json!({ "uri": format!("file://{encoded}") });
    }
    json!({ "uri": encoded.to_string(), "uriBaseId": "%SRCROOT%" })
}
