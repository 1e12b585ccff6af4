//! A shop that changes during the run, or cannot be read completely.

use serde_json::Value;
use snapbox::{assert_data_eq, str};

use super::{is_delete, outcome_of};
use testkit::proxy::{Action, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

#[test]
fn a_change_of_somebody_else_during_the_run_is_not_proven() {
    let shop = SandboxProcess::demo();
    let at = shop.address;
    let proxy = Proxy::before(at, move |asked| {
        if is_delete(asked) {
            let body = r#"{"links":[{"stock_id":3,"source_code":"hq","priority":1}]}"#;
            let headers = vec![
                ("Authorization", format!("Bearer {}", testkit::workspace::TOKEN)),
                ("Content-Type", "application/json".to_owned()),
            ];
            let written = testkit::wire::send(
                at,
                &testkit::wire::Message {
                    method: "POST",
                    target: "/rest/V1/inventory/stock-source-links",
                    headers,
                    body: Some(body.as_bytes().to_vec()),
                },
            );
            assert_eq!(written.status, 200);
        }
        Action::Pass
    });
    let outcome = Workspace::new().at(proxy.url()).run(&["apply", "--yes"]).exits(6);
    assert_data_eq!(
        outcome_of(&outcome.stdout),
        str![[r#"
Links:   8 done: 2 deleted, 2 created, 1 source reordered (3 priorities renumbered)
Proof:   not as wanted, this is left:

127.0.0.1:[PORT] http://127.0.0.1:[PORT]/

Europe Stock (stock 3): 1 source reordered  inventory.yaml:23:11
    before  after
         1      1  leipzig    priority 1
         3      2  berlin     priority 2
         4      3  frankfurt  priority 3
  ~      1      4  hq         from place 1 to place 4, priority 1 → 4  24:43
  hq and leipzig shared priority 1, so the shop did not order them

Other stocks: 1 in sync, 1 unmanaged and left alone.
Plan: 1 source reordered in 1 stock, no reindex needed.

Others:  changed by somebody else while this run was at work:
         hq in Europe Stock: left with priority 4, found with priority 1
         help: find out who else writes to the shop, look at a new plan and apply again
Reindex: left to the shop's cron; quantities are stale until it has run
Links applied, but not proven. Run `stocktake apply` again.

"#]]
    );
}

#[test]
fn a_plan_that_went_stale_is_exit_4_and_shows_the_plan_as_it_is_now() {
    let shop = SandboxProcess::demo();
    let mut reads = 0;
    let proxy = Proxy::before(shop.address, move |asked| {
        if asked.path.ends_with("stock-source-links") {
            reads += 1;
        }
        if reads > 1 && asked.method == "GET" && asked.path.ends_with("stock-source-links") {
            return Action::Edit(|body| body.replace(r#""priority":8"#, r#""priority":80"#));
        }
        Action::Pass
    });
    let workspace = Workspace::new().at(proxy.url());
    workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    let outcome = workspace.run(&["apply", "--yes", "plan.json"]).exits(4);
    assert!(
        outcome.stderr.contains("The plan would now be:"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome
            .stderr
            .contains("the saved plan no longer holds; nothing was written")
    );
    assert_eq!(shop.writes(), 0);
}

#[test]
fn a_read_that_is_incomplete_in_another_way_is_not_a_change_of_the_shop() {
    let shop = SandboxProcess::demo();
    let mut reads = 0;
    let proxy = Proxy::before(shop.address, move |asked| {
        let is_list = asked.method == "GET" && asked.path.ends_with("stock-source-links");
        reads += usize::from(is_list);
        if is_list && reads > 1 {
            return Action::Edit(|body| body.replace(r#""total_count":"#, r#""total_count":9"#));
        }
        Action::Pass
    });
    let workspace = Workspace::new().at(proxy.url());
    workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    let failure = workspace
        .run(&["apply", "--yes", "--format", "json", "plan.json"])
        .exits(4)
        .json();
    let kinds: Vec<&Value> = failure["differences"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|difference| &difference["difference"])
        .collect();
    assert_eq!(kinds, ["doubts", "guards"]);
    assert_eq!(
        failure["error"],
        "the saved plan no longer holds; nothing was written"
    );
    assert_eq!(shop.writes(), 0);
}

#[test]
fn a_shop_in_sync_that_cannot_be_read_completely_is_not_proven() {
    let shop = SandboxProcess::demo();
    Workspace::new().at(shop.url()).run(&["apply", "--yes"]).exits(0);
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
    let workspace = Workspace::new().at(proxy.url());
    let outcome = workspace.run(&["apply", "--yes"]).exits(6);
    let (_, proof) = outcome.stdout.split_once("Proof:").expect("a proof is told");
    assert_data_eq!(
        proof,
        str![[r#"
   unknown: nothing differs in what was read, but the server says 99 links and lists 15
Reindex: not needed
Not proven. Run `stocktake apply` again when the shop can be read completely.

"#]]
    );
    let report = workspace
        .run(&["apply", "--yes", "--format", "json"])
        .exits(6)
        .json();
    assert_eq!(report["proof"]["state"], "doubtful");
    assert_eq!(
        report["proof"]["doubts"][0],
        "the server says 99 links and lists 15"
    );
}
