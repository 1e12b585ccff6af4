//! A file that was edited, is not a plan, or is hostile is never applied.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use super::{apply, document, kinds, saved};
use testkit::workspace::Workspace;

/// Every part of a saved plan that an apply depends on, changed by hand, and the difference that is told.
#[test]
fn what_is_edited_is_never_applied() {
    let (shop, workspace) = saved();
    let good = document(&workspace);
    let edits: [(&str, Value, &str); 20] = [
        ("/stocks/0/changes/0/source_code", json!("ne_wh"), "changes"),
        ("/stocks/0/changes/1/after", json!(9), "changes"),
        ("/stocks/0/changes", json!([]), "changes"),
        ("/stocks/1/changes/0/before", json!(5), "changes"),
        ("/stocks/0/before/0/priority", json!(2), "link"),
        ("/stocks/0/before/0/enabled", json!(false), "contradiction"),
        ("/stocks/0/stock_id", json!(4), "stock"),
        ("/stocks/1/name", json!("Outlet Stock"), "stock"),
        ("/stocks/0/after", json!([]), "contradiction"),
        ("/live_sha256", json!("00"), "live-facts"),
        ("/topology_sha256", json!("00"), "contradiction"),
        ("/stocks/0/live_sha256", json!("00"), "contradiction"),
        ("/stocks/0/before/1/source_code", json!("HQ"), "link"),
        ("/inputs/0/sha256", json!("00"), "file"),
        ("/inputs", json!([]), "file"),
        ("/doubts", json!(["a doubt"]), "doubts"),
        ("/summary/deletes", json!(0), "contradiction"),
        ("/needs_reindex", json!(false), "contradiction"),
        ("/tool_version", json!("0.0.1"), "tool-version"),
        ("/expires_at", json!("2020-01-01T00:00:00Z"), "expired"),
    ];
    for (place, value, difference) in edits {
        let mut edited = good.clone();
        *edited.pointer_mut(place).unwrap_or_else(|| panic!("no {place}")) = value;
        workspace.write("plan.json", &edited.to_string());
        let report = apply(&workspace, 4);
        assert!(
            kinds(&report).contains(&difference),
            "{place}: {:?}",
            kinds(&report)
        );
    }
    assert_eq!(shop.writes(), 0);
    workspace.write("plan.json", &good.to_string());
    apply(&workspace, 0);
}

/// Earlier versions had one digest for everything, made in another way.
#[test]
fn a_plan_with_one_digest_for_everything_is_still_applied() {
    let (shop, workspace) = saved();
    let mut plan = document(&workspace);
    plan["live_sha256"] = json!("2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae");
    plan.as_object_mut().expect("an object").remove("topology_sha256");
    for stock in plan["stocks"].as_array_mut().expect("a list") {
        stock.as_object_mut().expect("an object").remove("live_sha256");
    }
    let mut moved = plan.clone();
    moved["stocks"][0]["before"][0]["priority"] = json!(77);
    workspace.write("plan.json", &moved.to_string());
    assert_eq!(kinds(&apply(&workspace, 4)), ["link"]);
    assert_eq!(shop.writes(), 0);
    workspace.write("plan.json", &plan.to_string());
    apply(&workspace, 0);
    assert!(shop.writes() > 0);
}

#[test]
fn a_format_of_tomorrow_is_not_applied() {
    let (shop, workspace) = saved();
    let mut plan = document(&workspace);
    plan["format_version"] = json!(2);
    workspace.write("plan.json", &plan.to_string());
    let outcome = workspace
        .run(&["apply", "plan.json", "--yes"])
        .exits(4)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: plan.json is a plan of another version; nothing was written
  because: it has the format 2; this version of stocktake knows 1
  help: make a new one with `stocktake plan --out PATH`

"#]]
    );
    apply(&workspace, 4);
    workspace.run(&["show", "plan.json"]).exits(1).prints_nothing();
    assert!(shop.methods().keys().all(|method| method == "GET"));
}

#[test]
fn what_is_no_plan_is_said_to_be_none() {
    let (shop, workspace) = saved();
    let good = document(&workspace);
    let mut allowed = good.clone();
    allowed["allowances"] = json!(["everything"]);
    let mut timeless = good.clone();
    timeless["expires_at"] = json!("tomorrow\u{1b}[31m");
    let documents = [
        String::new(),
        "stocktake".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        "[".repeat(100_000),
        format!("{{\"a\":{}", "[".repeat(100_000)),
        good.to_string()[..2_000].to_owned(),
        json!({ "format_version": 1, "exit_code": 1, "error": "", "causes": [] }).to_string(),
        json!({ "format_version": 1, "live_sha256": "", "stocks": "x".repeat(1_000_000) }).to_string(),
        allowed.to_string(),
        timeless.to_string(),
    ];
    for text in &documents {
        workspace.write("plan.json", text);
        for command in [&["show", "plan.json"][..], &["apply", "--yes", "plan.json"]] {
            let outcome = workspace.run(command).exits(1).prints_nothing();
            assert!(
                outcome
                    .stderr
                    .starts_with("error: plan.json is not a stocktake plan\n  because: "),
                "{}",
                outcome.stderr
            );
            assert!(outcome.stderr.len() < 1_000 && !outcome.stderr.contains('\u{1b}'));
        }
        let failure = workspace
            .run(&["show", "plan.json", "--format", "json"])
            .exits(1)
            .json();
        assert_eq!(failure["exit_code"], 1);
    }
    assert_eq!(shop.writes(), 0);
    let outcome = workspace.run(&["show", "none.json"]).exits(1).prints_nothing();
    assert!(outcome.stderr.contains("the plan none.json cannot be read"));
}

#[test]
fn a_file_that_no_plan_can_fill_is_not_read() {
    let workspace = Workspace::bare();
    workspace.write("plan.json", "");
    let file = std::fs::File::options()
        .write(true)
        .open(workspace.path("plan.json"));
    let file = file.expect("the file can be opened");
    file.set_len(8 << 30)
        .expect("the folder takes a file with a hole");
    let outcome = workspace.run(&["show", "plan.json"]).exits(1).prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        "error: the plan plan.json cannot be read\n  because: it is longer than 512 MiB, the most that is read\n"
    );
}

/// What hostile hands write into a plan reaches no terminal raw.
#[test]
fn a_hostile_plan_is_shown_inert() {
    let (_shop, workspace) = saved();
    let hostile = "\u{1b}]0;x\u{7}\u{202e}";
    let mut plan = document(&workspace);
    for place in [
        "/target/name",
        "/target/url",
        "/stocks/0/name",
        "/stocks/0/place/file",
        "/stocks/0/changes/0/source_code",
        "/stocks/0/before/0/source_code",
        "/tool_version",
    ] {
        *plan.pointer_mut(place).unwrap_or_else(|| panic!("no {place}")) = json!(hostile);
    }
    plan["doubts"] = json!([hostile]);
    plan["warnings"] = json!([{ "rule": hostile, "message": hostile, "place": { "file": hostile, "line": 1, "column": 1 } }]);
    plan["stocks"][0]["blocked"] = json!([{ "source_code": hostile, "priority": 1, "reason": hostile }]);
    plan["guards"] = json!([{ "guard": "empty-stock", "stock": hostile, "links": 1, "effect": "lifted", "allowance": hostile }]);
    workspace.write("plan.json", &plan.to_string());
    for command in [&["show", "plan.json"][..], &["apply", "plan.json", "--yes"]] {
        let outcome = workspace.run(command);
        let all = outcome.stdout + &outcome.stderr;
        assert!(all.contains("\\u{1b}"), "{all}");
        assert!(!all.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{all:?}");
    }
}
