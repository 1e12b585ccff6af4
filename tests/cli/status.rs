//! `status`: the table, in sync or not, reindex owed or not.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

#[test]
fn the_shop_as_a_table() {
    let outcome = Workspace::new().run(&["status", "--sandbox"]).exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
1 Default Stock
  sells for base
  served by 1 default
2 North America Stock: differs
  sells for ca_site, us_site
  served by 1 ne_wh, 2 brooklyn, 3 west_wh, 4 manhattan, 6 berkeley, 6 sausalito, 8 hq, 9 austin_wh
3 Europe Stock: differs
  sells for eu_site, uk_site
  served by 1 leipzig, 2 berlin, 3 hq, 4 baltimore_wh
4 Outlet Stock: unmanaged
  sells for spare_site
  served by 1 reno_wh, 2 austin_wh
Reindex: none owed, according to this state directory

"#]]
    );
    assert_eq!(outcome.stderr, "");
}

#[test]
fn without_files_the_shop_as_it_is() {
    let workspace = Workspace::bare();
    let outcome = workspace.run(&["status", "--sandbox"]).exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
1 Default Stock
  sells for base
  served by 1 default
2 North America Stock
  sells for ca_site, us_site
  served by 1 ne_wh, 2 brooklyn, 3 west_wh, 4 manhattan, 6 berkeley, 6 sausalito, 8 hq, 9 austin_wh
3 Europe Stock
  sells for eu_site, uk_site
  served by 1 leipzig, 2 berlin, 3 hq, 4 baltimore_wh
4 Outlet Stock
  sells for spare_site
  served by 1 reno_wh, 2 austin_wh
Not compared: there is no inventory file; `stocktake export --out inventory.yaml` writes one
Reindex: none owed, according to this state directory

"#]]
    );
    assert_eq!(outcome.stderr, "");
    let status = workspace
        .run(&["status", "--sandbox", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(status["compared"], false);
    assert_eq!(status["stocks"][1]["in_sync"], json!(null));
    // A file that is named must be there.
    workspace
        .run(&["status", "--sandbox", "-f", "inventory.yaml"])
        .exits(1)
        .prints_nothing();
}

#[test]
fn the_shop_as_a_document() {
    let outcome = Workspace::new()
        .run(&["status", "--sandbox", "--format", "json"])
        .exits(0);
    let status = outcome.json();
    assert_eq!(status["format_version"], 1);
    assert_eq!(status["target"]["name"], "sandbox");
    assert_eq!(status["compared"], true);
    assert_eq!(status["reindex_owed"], false);
    assert_eq!(status["doubts"], json!([]));
    let stocks = status["stocks"].as_array().expect("a list");
    let names: Vec<_> = stocks
        .iter()
        .map(|stock| (&stock["name"], &stock["in_sync"]))
        .collect();
    assert_eq!(
        json!(names),
        json!([
            ["Default Stock", null],
            ["North America Stock", false],
            ["Europe Stock", false],
            ["Outlet Stock", null]
        ])
    );
    assert_eq!(
        stocks[3]["sources"][0],
        json!({ "source_code": "reno_wh", "priority": 1, "enabled": true })
    );
    assert_eq!(stocks[1]["sales_channels"], json!(["ca_site", "us_site"]));
}

#[test]
fn in_sync_and_owed_after_an_apply_that_leaves_the_index_to_cron() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    workspace.run(&["apply", "--yes"]).exits(0);
    let outcome = workspace.run(&["status"]).exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
1 Default Stock
  sells for base
  served by 1 default
2 North America Stock: in sync
  sells for ca_site, us_site
  served by 1 ne_wh, 2 west_wh, 3 brooklyn, 4 manhattan, 5 huntington, 6 berkeley, 7 sausalito, 8 hq
3 Europe Stock: in sync
  sells for eu_site, uk_site
  served by 1 leipzig, 2 berlin, 3 frankfurt, 4 hq
4 Outlet Stock: unmanaged
  sells for spare_site
  served by 1 reno_wh, 2 austin_wh
Reindex: owed, unless the shop's cron has run since [..]; `stocktake drift` looks whether it has

"#]]
    );
    let status = workspace.run(&["status", "--format", "json"]).exits(0).json();
    assert_eq!(status["reindex_owed"], true);
    assert_eq!(status["stocks"][1]["in_sync"], true);
}
