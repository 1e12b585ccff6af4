//! Saved plans: `plan --out`, `show` and `apply PLAN`, which applies exactly the plan or nothing.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use super::desk::{Desk, TOKEN};
use super::proxy::{Fate, Proxy};
use super::standing::Standing;

const LINKS: &str = "/rest/V1/inventory/stock-source-links";

/// A shop with a desk at which a plan has been saved.
fn saved() -> (Standing, Desk) {
    let shop = Standing::demo();
    let desk = Desk::new().at(shop.url());
    desk.run(&["plan", "--out", "plan.json"]).exits(0);
    (shop, desk)
}

fn text(desk: &Desk, name: &str) -> String {
    std::fs::read_to_string(desk.path(name)).expect("the file can be read")
}

fn document(desk: &Desk) -> Value {
    serde_json::from_str(&text(desk, "plan.json")).expect("a plan is JSON")
}

/// Applies the saved plan as a program does.
fn apply(desk: &Desk, code: i32) -> Value {
    let report = desk.run(&["apply", "plan.json", "--yes", "--format", "json"]);
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
    let shop = Standing::demo();
    let desk = Desk::new().at(shop.url());
    let planned = desk.run(&["plan", "--out", "plan.json"]).exits(0);
    assert!(planned.stderr.starts_with("saved to plan.json, valid until 20"));
    assert!(!text(&desk, "plan.json").contains(TOKEN));

    // Without shop and inventory, on another desk.
    let elsewhere = Desk::bare();
    elsewhere.write("plan.json", &text(&desk, "plan.json"));
    let shown = elsewhere.run(&["show", "plan.json"]).exits(0);
    assert_eq!(shown.stdout, planned.stdout);
    assert!(shown.stderr.contains(", valid until 20"), "{}", shown.stderr);
    let shown = elsewhere
        .command(&["show", "plan.json", "--format", "json"])
        .output();
    let shown = shown.expect("the binary can be started").stdout;
    assert_eq!(String::from_utf8_lossy(&shown), text(&desk, "plan.json"));

    let applied = desk.run(&["apply", "plan.json", "--yes"]).exits(0);
    assert!(applied.stdout.ends_with("Applied.\n"), "{}", applied.stdout);
    assert_eq!(shop.writes(), 2);
    // Once it is applied it no longer holds.
    apply(&desk, 4);
    assert_eq!(shop.writes(), 2);
}

#[test]
fn a_file_is_the_same_one_however_its_path_is_written() {
    let shop = Standing::demo();
    let desk = Desk::new().at(shop.url());
    let plan = ["plan", "--out", "plan.json", "-f"];
    for (planned, applied) in [
        ("./inventory.yaml", "inventory.yaml"),
        (".", "inventory.yaml"),
        ("inventory.yaml", ".//./inventory.yaml"),
    ] {
        desk.run(&[plan.as_slice(), &[planned]].concat()).exits(0);
        assert_eq!(document(&desk)["inputs"][0]["path"], "inventory.yaml");
        let apply = ["apply", "plan.json", "--yes", "-f", applied];
        desk.run(&apply).exits(0);
        desk.run(&["rollback", "--yes"]).exits(0);
    }
}

#[test]
fn every_form_of_a_plan_can_be_had_of_a_saved_one() {
    let (_shop, desk) = saved();
    for form in ["text", "markdown", "html", "github", "sarif", "junit"] {
        let plan = ["plan", "--out", "plan.json", "--format", form];
        let planned = desk.run(&plan).exits(0).stdout;
        assert_eq!(
            desk.run(&["show", "plan.json", "--format", form]).exits(0).stdout,
            planned,
            "{form}"
        );
    }
}

#[test]
fn the_saved_plan_is_the_one_document() {
    let (_shop, desk) = saved();
    let mut printed = desk.run(&["plan", "--format", "json"]).exits(0).json();
    let mut kept = document(&desk);
    for time in ["created_at", "expires_at"] {
        printed[time] = Value::Null;
        kept[time] = Value::Null;
    }
    // The desk masks ports in what is printed.
    kept["target"] = printed["target"].clone();
    assert_eq!(kept, printed);
    assert_eq!(printed["allowances"], json!([]));
}

#[test]
fn standard_input_can_be_shown() {
    let (_shop, desk) = saved();
    let mut command = desk.command(&["show", "-"]);
    let file = std::fs::File::open(desk.path("plan.json")).expect("the file is there");
    let shown = command.stdin(file).output().expect("the binary can be started");
    assert_eq!(shown.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&shown.stdout).contains("Plan: 2 to delete"));
}

#[test]
fn a_shop_that_has_changed_makes_it_stale() {
    let (shop, desk) = saved();
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
    let outcome = desk
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
    let report = apply(&desk, 4);
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
    let (shop, desk) = saved();
    desk.run(&["apply", "plan.json", "--yes"]).exits(0);
    desk.run(&["plan", "--out", "plan.json"]).exits(0);
    let link = json!({ "stock_id": 3, "source_code": "leipzig", "priority": 7 });
    shop.post(LINKS, &json!({ "links": [link] }));
    let report = apply(&desk, 4);
    assert_eq!(kinds(&report), ["link", "changes"]);
    assert_eq!(report["differences"][0]["was"], 1);
    assert_eq!(report["differences"][0]["now"], 7);
}

#[test]
fn a_stock_that_is_gone_makes_it_stale() {
    let (shop, desk) = saved();
    let proxy = Proxy::new_name(&shop);
    let kept = text(&desk, "plan.json").replace(&shop.url(), &proxy.url());
    let desk = Desk::new().at(proxy.url());
    let name = |url: String| url.trim_start_matches("http://").to_owned();
    desk.write("plan.json", &kept.replace(&name(shop.url()), &name(proxy.url())));
    let report = apply(&desk, 4);
    assert_eq!(report["diagnostics"][0]["rule"], "unknown-stock", "{report}");
    assert_eq!(shop.writes(), 0);
}

#[test]
fn another_target_never_takes_it() {
    let (shop, desk) = saved();
    let other = Standing::demo();
    let elsewhere = Desk::new().at(other.url());
    elsewhere.write("plan.json", &text(&desk, "plan.json"));
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
    let named = Desk::new().variable("SHOP_TOKEN", TOKEN);
    named.write("plan.json", &text(&desk, "plan.json"));
    named.target(&shop.url(), &shop.hook(), "60s");
    assert_eq!(kinds(&apply(&named, 4)), ["target"]);
    assert_eq!(other.methods().len() + shop.writes(), 0, "nothing is even asked");
}

#[test]
fn another_file_is_another_plan() {
    let (shop, desk) = saved();
    let inventory = text(&desk, "inventory.yaml");
    desk.write("inventory.yaml", &(inventory.clone() + "# a comment\n"));
    let outcome = desk
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
    desk.write("inventory.yaml", "version: 1\nstocks: 7\n");
    assert_eq!(kinds(&apply(&desk, 4)), ["file"]);
    desk.write("inventory.yaml", &inventory);
    desk.write("other.yaml", "version: 1\nsources: [{ code: hq }]\n");
    let more = [
        "apply",
        "plan.json",
        "--yes",
        "-f",
        "inventory.yaml",
        "-f",
        "other.yaml",
    ];
    let outcome = desk.run(&more).exits(4);
    assert!(
        outcome
            .stderr
            .contains("file other.yaml: the plan was made without it"),
        "{}",
        outcome.stderr
    );
    assert_eq!(shop.writes(), 0);
    apply(&desk, 0);
}

/// Every part of a saved plan that an apply depends on, changed by hand, and the difference that is told.
#[test]
fn what_is_edited_is_never_applied() {
    let (shop, desk) = saved();
    let good = document(&desk);
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
        desk.write("plan.json", &edited.to_string());
        let report = apply(&desk, 4);
        assert!(
            kinds(&report).contains(&difference),
            "{place}: {:?}",
            kinds(&report)
        );
    }
    assert_eq!(shop.writes(), 0);
    desk.write("plan.json", &good.to_string());
    apply(&desk, 0);
}

#[test]
fn a_format_of_tomorrow_is_not_applied() {
    let (shop, desk) = saved();
    let mut plan = document(&desk);
    plan["format_version"] = json!(2);
    desk.write("plan.json", &plan.to_string());
    let outcome = desk
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
    apply(&desk, 4);
    desk.run(&["show", "plan.json"]).exits(1).prints_nothing();
    assert!(shop.methods().keys().all(|method| method == "GET"));
}

#[test]
fn what_is_no_plan_is_said_to_be_none() {
    let (shop, desk) = saved();
    let good = document(&desk);
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
        desk.write("plan.json", text);
        for command in [&["show", "plan.json"][..], &["apply", "--yes", "plan.json"]] {
            let outcome = desk.run(command).exits(1).prints_nothing();
            assert!(
                outcome
                    .stderr
                    .starts_with("error: plan.json is no plan\n  because: "),
                "{}",
                outcome.stderr
            );
            assert!(outcome.stderr.len() < 1_000 && !outcome.stderr.contains('\u{1b}'));
        }
        let failure = desk
            .run(&["show", "plan.json", "--format", "json"])
            .exits(1)
            .json();
        assert_eq!(failure["exit_code"], 1);
    }
    assert_eq!(shop.writes(), 0);
    let outcome = desk.run(&["show", "none.json"]).exits(1).prints_nothing();
    assert!(outcome.stderr.contains("the plan none.json cannot be read"));
}

#[test]
fn a_file_that_no_plan_can_fill_is_not_read() {
    let desk = Desk::bare();
    desk.write("plan.json", "");
    let file = std::fs::File::options().write(true).open(desk.path("plan.json"));
    let file = file.expect("the file can be opened");
    file.set_len(8 << 30)
        .expect("the folder takes a file with a hole");
    let outcome = desk.run(&["show", "plan.json"]).exits(1).prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        "error: the plan plan.json cannot be read\n  because: it is longer than 512 MiB, the most that is read\n"
    );
}

/// What hostile hands write into a plan reaches no terminal raw.
#[test]
fn a_hostile_plan_is_shown_inert() {
    let (_shop, desk) = saved();
    let hostile = "\u{1b}]0;x\u{7}\u{202e}";
    let mut plan = document(&desk);
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
    desk.write("plan.json", &plan.to_string());
    for command in [&["show", "plan.json"][..], &["apply", "plan.json", "--yes"]] {
        let outcome = desk.run(command);
        let all = outcome.stdout + &outcome.stderr;
        assert!(all.contains("\\u{1b}"), "{all}");
        assert!(!all.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{all:?}");
    }
}

const EMPTIED: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: []\n";

#[test]
fn a_guard_judges_the_saved_plan_as_it_judged_the_plan() {
    let shop = Standing::demo();
    let desk = Desk::with(EMPTIED).at(shop.url());
    desk.run(&["plan", "--out", "plan.json", "--detailed-exitcode"])
        .exits(3);
    let report = apply(&desk, 3);
    assert_eq!(report["plan"]["guards"], document(&desk)["guards"]);
    // Neither a flag that was not reviewed nor an edited verdict lifts it.
    let allow = [
        "--allow",
        "empty-stock=Europe Stock",
        "--allow",
        "delete-percent=Europe Stock",
    ];
    desk.run(&[&["apply", "plan.json", "--yes"], &allow[..]].concat())
        .exits(64);
    let mut edited = document(&desk);
    edited["guards"] = json!([]);
    edited["allowances"] = json!(["empty-stock=Europe Stock", "delete-percent=Europe Stock"]);
    desk.write("plan.json", &edited.to_string());
    assert_eq!(kinds(&apply(&desk, 4)), ["guards"]);
    assert_eq!(shop.writes(), 0);
    // What was lifted when it was planned, the reviewer has seen.
    desk.run(&[&["plan", "--out", "plan.json"], &allow[..]].concat())
        .exits(0);
    let shown = desk.run(&["show", "plan.json"]).exits(0);
    assert!(
        shown
            .stdout
            .contains("guard: allowed by --allow 'empty-stock=Europe Stock'"),
        "{}",
        shown.stdout
    );
    let report = apply(&desk, 0);
    assert_eq!(report["plan"]["allowances"], document(&desk)["allowances"]);
    assert!(shop.links(3).is_empty());
}

#[test]
fn limits_that_were_tightened_since_make_it_stale() {
    let shop = Standing::demo();
    let desk = Desk::new().variable("SHOP_TOKEN", TOKEN);
    let targets = |more: &str| {
        desk.target(&shop.url(), &shop.hook(), "60s");
        let text = text(&desk, "targets.yaml");
        desk.write("targets.yaml", &(text + more));
    };
    targets("");
    desk.run(&["plan", "--out", "plan.json"]).exits(0);
    targets("    protect: [Europe Stock]\n");
    let outcome = desk
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
    assert_eq!(kinds(&apply(&desk, 4)), ["guards"]);
    targets("    guard: { max_deletes: 5 }\n");
    apply(&desk, 0);
}

#[test]
fn a_plan_of_nothing_is_applied() {
    let (shop, desk) = saved();
    apply(&desk, 0);
    desk.run(&["plan", "--out", "plan.json"]).exits(0);
    let writes = shop.writes();
    let report = apply(&desk, 0);
    assert_eq!(report["proof"]["state"], "converged");
    assert_eq!(shop.writes(), writes);
}

#[test]
fn it_asks_as_ever() {
    let (shop, desk) = saved();
    desk.run(&["apply", "plan.json"]).exits(64).prints_nothing();
    assert_eq!(shop.writes(), 0);
}

#[test]
fn a_plan_is_valid_as_long_as_is_said() {
    let (_shop, desk) = saved();
    let time = |plan: &Value, name: &str| -> jiff::Timestamp {
        plan[name].as_str().expect("a text").parse().expect("a time")
    };
    let valid = |plan: &Value| time(plan, "expires_at").duration_since(time(plan, "created_at"));
    assert_eq!(valid(&document(&desk)).as_hours(), 24);
    for (text, minutes) in [("90m", 90), ("7d", 7 * 24 * 60), ("1h 30m", 90)] {
        desk.run(&["plan", "--out", "plan.json", "--expires", text])
            .exits(0);
        assert_eq!(valid(&document(&desk)).as_mins(), minutes, "{text}");
    }
    for wrong in ["0s", "-1h", "91d", "soon", "1mo", "24"] {
        let outcome = desk.run(&["plan", &format!("--expires={wrong}")]).exits(64);
        assert!(outcome.stderr.contains("--expires"), "{}", outcome.stderr);
    }
}

#[test]
fn a_plan_that_cannot_be_saved_is_an_error_and_leaves_the_old_one() {
    let (_shop, desk) = saved();
    let outcome = desk
        .run(&["plan", "--out", "no/such/plan.json"])
        .exits(1)
        .prints_nothing();
    assert!(
        outcome
            .stderr
            .contains("the plan cannot be saved to no/such/plan.json")
    );
    let before = text(&desk, "plan.json");
    desk.write("inventory.yaml", "version: 1\nstocks: 7\n");
    desk.run(&["plan", "--out", "plan.json"]).exits(1);
    assert_eq!(text(&desk, "plan.json"), before);
    let names = std::fs::read_dir(desk.path("")).expect("the folder is there");
    let mut names: Vec<_> = names.map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        ["inventory.yaml", "plan.json"],
        "nothing half written is left"
    );
}

impl Proxy {
    /// The shop with one of its stocks renamed.
    fn new_name(shop: &Standing) -> Self {
        Self::before(shop.address, |asked| {
            if asked.path.ends_with("/stocks") {
                return Fate::Edit(|body| body.replace("Europe Stock", "Eurasia Stock"));
            }
            Fate::Pass
        })
    }
}
