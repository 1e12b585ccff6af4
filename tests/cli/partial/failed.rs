//! Links that fail or are withheld: what was done, what was not, and what is left.

use serde_json::Value;
use snapbox::{assert_data_eq, str};

use super::{is_delete, outcome_of, plan_and_outcome};
use testkit::proxy::{Action, Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

const APOLOGY: &str = "An error has happened during application run. See exception log for details.";

fn apology() -> Action {
    Action::Answer(Canned::new(200, "text/html; charset=UTF-8", APOLOGY))
}

#[test]
fn some_done_and_some_failed_is_partly_applied() {
    let shop = SandboxProcess::demo();
    let proxy = Proxy::before(shop.address, |asked| {
        if is_delete(asked) { apology() } else { Action::Pass }
    });
    let workspace = Workspace::new().at_without_waits(&proxy.url());
    let outcome = workspace.run(&["apply", "--yes"]).exits(5);
    assert_data_eq!(
        outcome_of(&outcome.stdout),
        str![[r#"
Links:   6 done, 2 failed
         failed: austin_wh in North America Stock
         failed: baltimore_wh in Europe Stock
Stopped: POST /rest/all/V1/inventory/stock-source-links-delete: 200 with text/html in place of JSON: "An error has happened during application run. See exception log for details."
         help: the shop had a fault in PHP (see its exception log), the URL is a page of the shop and not its base URL, or something in front of the shop shows its own page, such as a sign-in: then have it let this machine through
Proof:   not as wanted, this is left:

shop http://127.0.0.1:[PORT]/

North America Stock (stock 2): 1 to delete  inventory.yaml:20:11
    before  after
  -      9         austin_wh  delete, priority 9
         ⋮  8 unchanged

Europe Stock (stock 3): 1 to delete  inventory.yaml:23:11
    before  after
  -      4         baltimore_wh  delete, priority 4
         ⋮  4 unchanged

Other stocks: 1 unmanaged and left alone.
Plan: 2 to delete in 2 stocks, then a reindex.

Reindex: not tried, owed; the shop's cron runs it
Partly applied. Plan again and apply what is left, or go back by `stocktake rollback`.

"#]]
    );
    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: owed")
    );
}

#[test]
fn nothing_done_is_an_error_and_nothing_was_written() {
    let shop = SandboxProcess::demo();
    let proxy = Proxy::before(shop.address, |asked| {
        if asked.method == "POST" {
            apology()
        } else {
            Action::Pass
        }
    });
    let stdout = Workspace::new()
        .at_without_waits(&proxy.url())
        .run(&["apply", "--yes"])
        .exits(1)
        .stdout;
    let (plan, outcome) = plan_and_outcome(&stdout);
    assert!(outcome.contains(plan), "the whole plan is left: {stdout}");
    assert_data_eq!(
        outcome,
        str![[r#"
Links:   6 failed, 2 not tried
         not tried: austin_wh in North America Stock
         failed: west_wh in North America Stock
         failed: brooklyn in North America Stock
         failed: huntington in North America Stock
         failed: sausalito in North America Stock
         not tried: baltimore_wh in Europe Stock
         failed: frankfurt in Europe Stock
         failed: hq in Europe Stock
Stopped: POST /rest/all/V1/inventory/stock-source-links: 200 with text/html in place of JSON: "An error has happened during application run. See exception log for details."
         help: the shop had a fault in PHP (see its exception log), the URL is a page of the shop and not its base URL, or something in front of the shop shows its own page, such as a sign-in: then have it let this machine through
Proof:   not as wanted, this is left:

shop http://127.0.0.1:[PORT]/

...
Other stocks: 1 unmanaged and left alone.
Plan: 2 to delete, 2 to create, 1 source reordered (3 priorities renumbered) in 2 stocks, then a reindex.

Reindex: not needed
Nothing was written.

"#]]
    );
    assert_eq!(shop.writes(), 0);
}

#[test]
fn withheld_deletes_are_partly_applied() {
    let shop = SandboxProcess::demo();
    let proxy = Proxy::before(shop.address, |asked| {
        if asked.method == "GET" && asked.path.ends_with("stock-source-links") {
            return Action::Edit(|body| {
                let mut list: Value = serde_json::from_str(body).expect("a list is JSON");
                list["total_count"] = 99.into();
                list.to_string()
            });
        }
        Action::Pass
    });
    let outcome = Workspace::new()
        .at(proxy.url())
        .run(&["apply", "--yes", "-q"])
        .exits(5);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
127.0.0.1:[PORT] http://127.0.0.1:[PORT]/
the read may be incomplete: the server says 99 links and lists 15

North America Stock (stock 2): 1 to delete, 1 to create, 1 source reordered (2 priorities renumbered)  inventory.yaml:20:11
    before  after
  -      8         austin_wh   delete, priority 9
         1      1  ne_wh       priority 1
  ~      3      2  west_wh     from place 3 to place 2, priority 3 → 2  21:22
         2      3  brooklyn    priority 2 → 3                           21:31
         4      4  manhattan   priority 4
  +             5  huntington  create, priority 5                       21:52
         5      6  berkeley    priority 6
         5      7  sausalito   priority 6 → 7                           21:74
         7      8  hq          priority 8
  berkeley and sausalito shared priority 6, so the shop did not order them

Europe Stock (stock 3): 1 to delete, 1 to create, 1 priority renumbered  inventory.yaml:23:11
    before  after
  -      4         baltimore_wh  delete, priority 4
         1      1  leipzig       priority 1
         2      2  berlin        priority 2
  +             3  frankfurt     create, priority 3  24:32
         3      4  hq            priority 3 → 4      24:43

Other stocks: 1 unmanaged and left alone.
guard: deletes withheld: 2 deletes rest on a read that may be incomplete: the server says 99 links and lists 15; if they are meant: --allow 'doubtful-deletes'
Plan: 2 to delete, 2 to create, 1 source reordered (3 priorities renumbered), 2 deletes withheld in 2 stocks, then a reindex.

Links:   6 done, 2 not tried
         not tried: austin_wh in North America Stock (inventory.yaml:20:11): withheld, since the read may be incomplete: the server says 99 links and lists 15
         not tried: baltimore_wh in Europe Stock (inventory.yaml:23:11): withheld, since the read may be incomplete: the server says 99 links and lists 15
Proof:   not as wanted, this is left:

127.0.0.1:[PORT] http://127.0.0.1:[PORT]/
the read may be incomplete: the server says 99 links and lists 17

North America Stock (stock 2): 1 to delete  inventory.yaml:20:11
    before  after
  -      9         austin_wh  delete, priority 9
         ⋮  8 unchanged

Europe Stock (stock 3): 1 to delete  inventory.yaml:23:11
    before  after
  -      4         baltimore_wh  delete, priority 4
         ⋮  4 unchanged

Other stocks: 1 unmanaged and left alone.
guard: refused: 2 deletes rest on a read that may be incomplete: the server says 99 links and lists 17; if that is meant: --allow 'doubtful-deletes'
Refused by a guard: 2 to delete in 2 stocks, then a reindex.

Reindex: left to the shop's cron; quantities are stale until it has run
Partly applied. Plan again and apply what is left.

"#]]
    );
    assert!(proxy.seen().iter().all(|asked| !is_delete(asked)));
}

/// A shop that refuses whatever names `huntington`.
fn refusing(shop: &SandboxProcess) -> Proxy {
    Proxy::before(shop.address, |asked| {
        let body = String::from_utf8_lossy(&asked.body);
        if asked.method == "POST" && body.contains("huntington") {
            let message =
                r#"{"message":"\"%field\" is \u001b[31mwrong.","parameters":{"field":"source_code"}}"#;
            return Action::Answer(Canned::new(400, "application/json", message));
        }
        Action::Pass
    })
}

#[test]
fn a_refused_link_is_reported_with_its_line_and_the_words_of_the_shop() {
    let shop = SandboxProcess::demo();
    let proxy = refusing(&shop);
    let workspace = Workspace::new().at_without_waits(&proxy.url());
    let outcome = workspace.run(&["apply", "--yes"]).exits(5);
    let (links, _) = outcome_of(&outcome.stdout)
        .split_once("Proof:")
        .expect("a proof follows");
    assert_data_eq!(
        links,
        str![[r#"
Links:   5 done, 1 failed, 2 not tried
         not tried: austin_wh in North America Stock
         failed: huntington in North America Stock (inventory.yaml:21:52): 400 "source_code" is /u{1b}[31mwrong.
         not tried: baltimore_wh in Europe Stock
Stopped: POST /rest/all/V1/inventory/stock-source-links: 400 "source_code" is /u{1b}[31mwrong.

"#]]
    );
    let left = workspace.run(&["apply", "--yes", "--keep-going"]).exits(5);
    let (links, proof) = outcome_of(&left.stdout)
        .split_once("Proof:")
        .expect("a proof follows");
    assert_data_eq!(
        links,
        str![[r#"
Links:   1 done, 1 failed, 1 not tried
         not tried: austin_wh in North America Stock (inventory.yaml:20:11): held back, since the shop refused a link of the same stock
         failed: huntington in North America Stock (inventory.yaml:21:52): 400 "source_code" is /u{1b}[31mwrong.
Refused: POST /rest/all/V1/inventory/stock-source-links: 400 "source_code" is /u{1b}[31mwrong.

"#]]
    );
    assert!(proof.contains("Reindex: left to the shop's cron"), "{proof}");
}

#[test]
fn a_refused_link_stands_in_the_document_with_its_line_and_the_words_of_the_shop() {
    let shop = SandboxProcess::demo();
    let proxy = refusing(&shop);
    let workspace = Workspace::new().at_without_waits(&proxy.url());
    let report = workspace
        .run(&["apply", "--yes", "--keep-going", "--format", "json"])
        .exits(5)
        .json();
    let changes = report["stocks"][0]["changes"].as_array().expect("a list");
    let of = |code: &str| {
        let mut changes = changes.iter();
        changes
            .find(|change| change["source_code"] == code)
            .expect("it is planned")
    };
    assert_eq!(report["stocks"][0]["name"], "North America Stock");
    assert_eq!(
        (&of("huntington")["result"], &of("huntington")["place"]["line"]),
        (&Value::from("failed"), &Value::from(21))
    );
    assert_eq!(
        of("huntington")["reason"],
        "400 \"source_code\" is \u{1b}[31mwrong."
    );
    assert_eq!(of("austin_wh")["result"], "not_tried");
    assert!(
        of("austin_wh")["reason"]
            .as_str()
            .is_some_and(|reason| reason.starts_with("held back"))
    );
    assert_eq!(report["stopped_by"], Value::Null);
    assert!(
        report["refusal"]
            .as_str()
            .is_some_and(|refusal| refusal.contains("source_code"))
    );
    assert_eq!(report["proof"]["changed_by_others"], serde_json::json!([]));
}
