//! Saved plans: `plan --out`, `show` and `apply PLAN`, which applies exactly the plan or nothing.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use testkit::proxy::{Action, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

const LINKS: &str = "/rest/V1/inventory/stock-source-links";

/// A shop with a workspace at which a plan has been saved.
fn saved() -> (SandboxProcess, Workspace) {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    (shop, workspace)
}

fn text(workspace: &Workspace, name: &str) -> String {
    std::fs::read_to_string(workspace.path(name)).expect("the file can be read")
}

fn document(workspace: &Workspace) -> Value {
    serde_json::from_str(&text(workspace, "plan.json")).expect("a plan is JSON")
}

/// Applies the saved plan as a program does.
fn apply(workspace: &Workspace, code: i32) -> Value {
    let report = workspace.run(&["apply", "plan.json", "--yes", "--format", "json"]);
    let report = report.exits(code).json();
    assert_eq!(report["exit_code"], code, "{report}");
    report
}

/// The kinds of the differences that a report tells.
fn kinds(report: &Value) -> Vec<&str> {
    let list = report["differences"].as_array().expect("a list");
    let kinds = list.iter().map(|found| found["difference"].as_str());
    kinds.map(|kind| kind.expect("a text")).collect()
}

#[test]
fn what_was_planned_is_shown_again_and_applied() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    let planned = workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    assert!(planned.stderr.starts_with("saved to plan.json, valid until 20"));
    assert!(!text(&workspace, "plan.json").contains(TOKEN));

    // Without shop and inventory, on another workspace.
    let elsewhere = Workspace::bare();
    elsewhere.write("plan.json", &text(&workspace, "plan.json"));
    let shown = elsewhere.run(&["show", "plan.json"]).exits(0);
    assert_eq!(shown.stdout, planned.stdout);
    assert!(shown.stderr.contains(", valid until 20"), "{}", shown.stderr);
    let shown = elsewhere
        .command(&["show", "plan.json", "--format", "json"])
        .output();
    let shown = shown.expect("the binary can be started").stdout;
    assert_eq!(String::from_utf8_lossy(&shown), text(&workspace, "plan.json"));

    let applied = workspace.run(&["apply", "plan.json", "--yes"]).exits(0);
    assert!(applied.stdout.ends_with("Applied.\n"), "{}", applied.stdout);
    assert_eq!(shop.writes(), 2);
    // Once it is applied it no longer holds.
    apply(&workspace, 4);
    assert_eq!(shop.writes(), 2);
}

#[test]
fn a_file_is_the_same_one_however_its_path_is_written() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    let plan = ["plan", "--out", "plan.json", "-f"];
    for (planned, applied) in [
        ("./inventory.yaml", "inventory.yaml"),
        (".", "inventory.yaml"),
        ("inventory.yaml", ".//./inventory.yaml"),
    ] {
        workspace.run(&[plan.as_slice(), &[planned]].concat()).exits(0);
        assert_eq!(document(&workspace)["inputs"][0]["path"], "inventory.yaml");
        let apply = ["apply", "plan.json", "--yes", "-f", applied];
        workspace.run(&apply).exits(0);
        workspace.run(&["rollback", "--yes"]).exits(0);
    }
}

#[test]
fn every_form_of_a_plan_can_be_had_of_a_saved_one() {
    let (_shop, workspace) = saved();
    for form in ["text", "markdown", "html", "github", "sarif", "junit"] {
        let plan = ["plan", "--out", "plan.json", "--format", form];
        let planned = workspace.run(&plan).exits(0).stdout;
        assert_eq!(
            workspace
                .run(&["show", "plan.json", "--format", form])
                .exits(0)
                .stdout,
            planned,
            "{form}"
        );
    }
}

#[test]
fn the_saved_plan_is_the_one_document() {
    let (_shop, workspace) = saved();
    let mut printed = workspace.run(&["plan", "--format", "json"]).exits(0).json();
    let mut kept = document(&workspace);
    for time in ["created_at", "expires_at"] {
        printed[time] = Value::Null;
        kept[time] = Value::Null;
    }
    // The workspace masks ports in what is printed.
    kept["target"] = printed["target"].clone();
    assert_eq!(kept, printed);
    assert_eq!(printed["allowances"], json!([]));
}

#[test]
fn standard_input_can_be_shown() {
    let (_shop, workspace) = saved();
    let mut command = workspace.command(&["show", "-"]);
    let file = std::fs::File::open(workspace.path("plan.json")).expect("the file is there");
    let shown = command.stdin(file).output().expect("the binary can be started");
    assert_eq!(shown.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&shown.stdout).contains("Plan: 2 to delete"));
}

#[test]
fn a_shop_that_has_changed_makes_it_stale() {
    let (shop, workspace) = saved();
    shop.post(
        LINKS,
        &json!({ "links": [
            { "stock_id": 3, "source_code": "hq", "priority": 1 },
            { "stock_id": 3, "source_code": "brooklyn", "priority": 9 },
        ] }),
    );
    shop.post(
        &format!("{LINKS}-delete"),
        &json!({ "links": [{ "stock_id": 3, "source_code": "berlin" }] }),
    );
    let writes = shop.writes();
    let outcome = workspace
        .run(&["apply", "plan.json", "--yes"])
        .exits(4)
        .prints_nothing();
    let (_, told) = outcome
        .stderr
        .split_once("No longer")
        .expect("it says what changed");
    assert_data_eq!(
        told,
        str![[r#"
 as planned:
  Europe Stock: - link  berlin  priority 2, now gone
  Europe Stock: + link  brooklyn  now there with priority 9
  Europe Stock: ~ link  hq  priority 3, now 1
  Europe Stock: planned ~ move   hq  priority 3 → 4  24:43
  Europe Stock: now     - delete brooklyn  priority 9
  Europe Stock: now     + create berlin    priority 2  24:24
  Europe Stock: now     ~ move   hq        priority 1 → 4  24:43
  guard: now refused: 2 of the 4 links of `Europe Stock` would be deleted, more than 30 %
error: the saved plan no longer holds; nothing was written
  help: make a new plan with `stocktake plan --out PATH` and have it reviewed

"#]]
    );
    let report = apply(&workspace, 4);
    assert_eq!(kinds(&report), ["link", "link", "link", "changes", "guards"]);
    assert_eq!(
        report["differences"][0],
        json!({ "difference": "link", "stock": "Europe Stock", "source_code": "berlin", "was": 2, "now": null })
    );
    assert_eq!(report["plan"]["summary"]["deletes"], 3, "the plan as it is now");
    assert_eq!(shop.writes(), writes);
}

#[test]
fn what_was_in_sync_and_is_not_any_more_is_told() {
    let (shop, workspace) = saved();
    workspace.run(&["apply", "plan.json", "--yes"]).exits(0);
    workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    let link = json!({ "stock_id": 3, "source_code": "leipzig", "priority": 7 });
    shop.post(LINKS, &json!({ "links": [link] }));
    let report = apply(&workspace, 4);
    assert_eq!(kinds(&report), ["link", "changes"]);
    assert_eq!(report["differences"][0]["was"], 1);
    assert_eq!(report["differences"][0]["now"], 7);
}

#[test]
fn a_stock_that_is_gone_makes_it_stale() {
    let (shop, workspace) = saved();
    let proxy = with_new_name(&shop);
    let kept = text(&workspace, "plan.json").replace(&shop.url(), &proxy.url());
    let workspace = Workspace::new().at(proxy.url());
    let name = |url: String| url.trim_start_matches("http://").to_owned();
    workspace.write("plan.json", &kept.replace(&name(shop.url()), &name(proxy.url())));
    let report = apply(&workspace, 4);
    assert_eq!(report["diagnostics"][0]["rule"], "unknown-stock", "{report}");
    assert_eq!(shop.writes(), 0);
}

#[test]
fn another_target_never_takes_it() {
    let (shop, workspace) = saved();
    let other = SandboxProcess::demo();
    let elsewhere = Workspace::new().at(other.url());
    elsewhere.write("plan.json", &text(&workspace, "plan.json"));
    let outcome = elsewhere
        .run(&["apply", "plan.json", "--yes"])
        .exits(4)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
No longer as planned:
  target: planned for 127.0.0.1:[PORT] http://127.0.0.1:[PORT]/, this is 127.0.0.1:[PORT] http://127.0.0.1:[PORT]/
error: the saved plan no longer holds; nothing was written
  help: make a new plan with `stocktake plan --out PATH` and have it reviewed

"#]]
    );
    assert_eq!(kinds(&apply(&elsewhere, 4)), ["target"]);
    // The same shop under another name is another target too.
    let named = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    named.write("plan.json", &text(&workspace, "plan.json"));
    named.target(&shop.url(), &shop.hook(), "60s");
    assert_eq!(kinds(&apply(&named, 4)), ["target"]);
    assert_eq!(other.methods().len() + shop.writes(), 0, "nothing is even asked");
}

#[test]
fn another_file_is_another_plan() {
    let (shop, workspace) = saved();
    let inventory = text(&workspace, "inventory.yaml");
    workspace.write("inventory.yaml", &(inventory.clone() + "# a comment\n"));
    let outcome = workspace
        .run(&["apply", "plan.json", "--yes"])
        .exits(4)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
No longer as planned:
  file inventory.yaml: its content was 030bbfca7701, now it is 63ff3da2e307
error: the saved plan no longer holds; nothing was written
  help: make a new plan with `stocktake plan --out PATH` and have it reviewed

"#]]
    );
    // One that is broken now is above all another one.
    workspace.write("inventory.yaml", "version: 1\nstocks: 7\n");
    assert_eq!(kinds(&apply(&workspace, 4)), ["file"]);
    workspace.write("inventory.yaml", &inventory);
    workspace.write("other.yaml", "version: 1\nsources: [{ code: hq }]\n");
    let more = [
        "apply",
        "plan.json",
        "--yes",
        "-f",
        "inventory.yaml",
        "-f",
        "other.yaml",
    ];
    let outcome = workspace.run(&more).exits(4);
    assert!(
        outcome
            .stderr
            .contains("file other.yaml: the plan was made without it"),
        "{}",
        outcome.stderr
    );
    assert_eq!(shop.writes(), 0);
    apply(&workspace, 0);
}

/// Every part of a saved plan that an apply depends on, changed by hand, and the difference that is told.
#[test]
fn what_is_edited_is_never_applied() {
    let (shop, workspace) = saved();
    let good = document(&workspace);
    let edits: [(&str, Value, &str); 17] = [
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

const EMPTIED: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: []\n";

#[test]
fn a_guard_judges_the_saved_plan_as_it_judged_the_plan() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::with(EMPTIED).at(shop.url());
    workspace
        .run(&["plan", "--out", "plan.json", "--detailed-exitcode"])
        .exits(3);
    let report = apply(&workspace, 3);
    assert_eq!(report["plan"]["guards"], document(&workspace)["guards"]);
    // Neither a flag that was not reviewed nor an edited verdict lifts it.
    let allow = [
        "--allow",
        "empty-stock=Europe Stock",
        "--allow",
        "delete-percent=Europe Stock",
    ];
    workspace
        .run(&[&["apply", "plan.json", "--yes"], &allow[..]].concat())
        .exits(64);
    let mut edited = document(&workspace);
    edited["guards"] = json!([]);
    edited["allowances"] = json!(["empty-stock=Europe Stock", "delete-percent=Europe Stock"]);
    workspace.write("plan.json", &edited.to_string());
    assert_eq!(kinds(&apply(&workspace, 4)), ["guards"]);
    assert_eq!(shop.writes(), 0);
    // What was lifted when it was planned, the reviewer has seen.
    workspace
        .run(&[&["plan", "--out", "plan.json"], &allow[..]].concat())
        .exits(0);
    let shown = workspace.run(&["show", "plan.json"]).exits(0);
    assert!(
        shown
            .stdout
            .contains("guard: allowed by --allow 'empty-stock=Europe Stock'"),
        "{}",
        shown.stdout
    );
    let report = apply(&workspace, 0);
    assert_eq!(report["plan"]["allowances"], document(&workspace)["allowances"]);
    assert!(shop.links(3).is_empty());
}

#[test]
fn limits_that_were_tightened_since_make_it_stale() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    let targets = |more: &str| {
        workspace.target(&shop.url(), &shop.hook(), "60s");
        let text = text(&workspace, "targets.yaml");
        workspace.write("targets.yaml", &(text + more));
    };
    targets("");
    workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    targets("    protect: [Europe Stock]\n");
    let outcome = workspace
        .run(&["apply", "plan.json", "--yes"])
        .exits(4)
        .prints_nothing();
    let (_, told) = outcome
        .stderr
        .split_once("No longer")
        .expect("it says what changed");
    assert_data_eq!(
        told,
        str![[r#"
 as planned:
  guard: now refused: a link of the protected stock `Europe Stock` would be deleted
error: the saved plan no longer holds; nothing was written
  help: make a new plan with `stocktake plan --out PATH` and have it reviewed

"#]]
    );
    assert_eq!(kinds(&apply(&workspace, 4)), ["guards"]);
    targets("    guard: { max_deletes: 5 }\n");
    apply(&workspace, 0);
}

#[test]
fn a_plan_of_nothing_is_applied() {
    let (shop, workspace) = saved();
    apply(&workspace, 0);
    workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    let writes = shop.writes();
    let report = apply(&workspace, 0);
    assert_eq!(report["proof"]["state"], "converged");
    assert_eq!(shop.writes(), writes);
}

#[test]
fn it_asks_as_ever() {
    let (shop, workspace) = saved();
    workspace.run(&["apply", "plan.json"]).exits(64).prints_nothing();
    assert_eq!(shop.writes(), 0);
}

#[test]
fn a_plan_is_valid_as_long_as_is_said() {
    let (_shop, workspace) = saved();
    let time = |plan: &Value, name: &str| -> jiff::Timestamp {
        plan[name].as_str().expect("a text").parse().expect("a time")
    };
    let valid = |plan: &Value| time(plan, "expires_at").duration_since(time(plan, "created_at"));
    assert_eq!(valid(&document(&workspace)).as_hours(), 24);
    for (text, minutes) in [("90m", 90), ("7d", 7 * 24 * 60), ("1h 30m", 90)] {
        workspace
            .run(&["plan", "--out", "plan.json", "--expires", text])
            .exits(0);
        assert_eq!(valid(&document(&workspace)).as_mins(), minutes, "{text}");
    }
    for wrong in ["0s", "-1h", "91d", "soon", "1mo", "24"] {
        let outcome = workspace.run(&["plan", &format!("--expires={wrong}")]).exits(64);
        assert!(outcome.stderr.contains("--expires"), "{}", outcome.stderr);
    }
}

#[test]
fn a_plan_that_cannot_be_saved_is_an_error_and_leaves_the_old_one() {
    let (_shop, workspace) = saved();
    let outcome = workspace
        .run(&["plan", "--out", "no/such/plan.json"])
        .exits(1)
        .prints_nothing();
    assert!(
        outcome
            .stderr
            .contains("the plan cannot be saved to no/such/plan.json")
    );
    let before = text(&workspace, "plan.json");
    workspace.write("inventory.yaml", "version: 1\nstocks: 7\n");
    workspace.run(&["plan", "--out", "plan.json"]).exits(1);
    assert_eq!(text(&workspace, "plan.json"), before);
    let names = std::fs::read_dir(workspace.path("")).expect("the folder is there");
    let mut names: Vec<_> = names.map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        ["inventory.yaml", "plan.json"],
        "nothing half written is left"
    );
}

/// The shop with one of its stocks renamed.
fn with_new_name(shop: &SandboxProcess) -> Proxy {
    Proxy::before(shop.address, |asked| {
        if asked.path.ends_with("/stocks") {
            return Action::Edit(|body| body.replace("Europe Stock", "Eurasia Stock"));
        }
        Action::Pass
    })
}
