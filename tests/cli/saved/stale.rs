//! A saved plan is refused when the shop, the target or the files have changed.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{apply, kinds, saved, text};
use testkit::proxy::{Action, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

const LINKS: &str = "/rest/V1/inventory/stock-source-links";

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
    let (_, output) = outcome
        .stderr
        .split_once("No longer")
        .expect("it says what changed");
    assert_data_eq!(
        output,
        str![[r#"
 as planned:
  Europe Stock: - link  berlin  priority 2, now gone
  Europe Stock: + link  brooklyn  now there with priority 9
  Europe Stock: ~ link  hq  priority 3, now 1
  Europe Stock: planned   renumber hq  priority 3 → 4  24:43
  Europe Stock: now     - delete   brooklyn  priority 9
  Europe Stock: now     + create   berlin    priority 2  24:24
  Europe Stock: now       renumber hq        priority 1 → 4  24:43
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
fn what_was_in_sync_and_is_not_any_more_is_reported() {
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
    let retained = text(&workspace, "plan.json").replace(&shop.url(), &proxy.url());
    let workspace = Workspace::new().at(proxy.url());
    let name = |url: String| url.trim_start_matches("http://").to_owned();
    workspace.write(
        "plan.json",
        &retained.replace(&name(shop.url()), &name(proxy.url())),
    );
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

/// The shop with one of its stocks renamed.
fn with_new_name(shop: &SandboxProcess) -> Proxy {
    Proxy::before(shop.address, |asked| {
        if asked.path.ends_with("/stocks") {
            return Action::Edit(|body| body.replace("Europe Stock", "Eurasia Stock"));
        }
        Action::Pass
    })
}
