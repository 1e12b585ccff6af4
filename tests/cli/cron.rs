//! A target that relies on the shop's cron: `drift` finds out whether cron has run, and never takes anybody's word for it.

use std::fs::{File, OpenOptions};
use std::io::Write as _;

use commerce_sandbox::Seed;
use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use testkit::proxy::{Action, Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

/// An inventory with one new link, for a stock that no website sells from.
const OUTLET: &str = "version: 1\nstocks:\n  - { name: Outlet Stock, sources: [reno_wh, austin_wh, hq] }\n";

/// The demo shop, in which no website sells from Outlet Stock.
fn without_a_website() -> (tempfile::TempDir, SandboxProcess) {
    let mut seed = Seed::demo();
    for stock in seed
        .stocks
        .iter_mut()
        .filter(|stock| stock.name == "Outlet Stock")
    {
        stock.extension_attributes.sales_channels.clear();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seed.json");
    std::fs::write(&path, serde_json::to_string(&seed).unwrap()).unwrap();
    let shop = SandboxProcess::start(&["--seed", path.to_str().unwrap()]);
    (folder, shop)
}

const CRON: [&str; 2] = ["cron:run", "--group=index"];

/// A workspace whose last apply left its reindex to cron.
fn left_to_cron(url: &str, inventory: Option<&str>) -> Workspace {
    let workspace = inventory.map_or_else(Workspace::new, Workspace::with);
    let workspace = workspace.variable("SHOP_TOKEN", TOKEN);
    workspace.settings(url, &["reindex: cron"]);
    workspace.run(&["apply", "--yes"]).exits(0);
    workspace
}

fn drift(workspace: &Workspace) -> Value {
    workspace.run(&["drift", "--format", "json"]).exits(0).json()
}

fn is_owed(workspace: &Workspace) -> Value {
    let status = workspace.run(&["status", "--format", "json"]).exits(0).json();
    status["reindex_owed"].clone()
}

#[test]
fn drift_finds_out_that_cron_has_run_and_records_it() {
    let shop = SandboxProcess::demo();
    let workspace = left_to_cron(&shop.url(), None);
    let status = workspace.run(&["status"]).exits(0).stdout;
    assert!(
        status.contains("Reindex: owed, unless the shop's cron has run since 20"),
        "{status}"
    );

    assert_data_eq!(
        workspace.run(&["drift"]).exits(0).stdout,
        str![[r#"
shop http://127.0.0.1:[PORT]/

Other stocks: 1 unmanaged and left alone.
In sync: nothing to change in 2 stocks.

Reindex: owed; the index does not show yet that the shop's cron has run it
         North America Stock is stale, 3 SKUs out of date
         Europe Stock is stale, 3 SKUs out of date
In sync.

"#]]
    );
    assert_eq!(is_owed(&workspace), true);

    shop.magento(&CRON);
    assert_eq!(is_owed(&workspace), true, "status reads nothing more");
    assert_data_eq!(
        workspace.run(&["drift"]).exits(0).stdout,
        str![[r#"
shop http://127.0.0.1:[PORT]/

Other stocks: 1 unmanaged and left alone.
In sync: nothing to change in 2 stocks.

Reindex: none owed any more; the shop's cron has reindexed: the index shows the links of North America Stock, Europe Stock
In sync.

"#]]
    );
    assert_eq!(is_owed(&workspace), false);
    assert_eq!(drift(&workspace)["cron_check"], Value::Null, "nothing is owed");
}

/// Recording 07c: a write that lands in an index run is forgotten, and cron passes over an index that is valid.
#[test]
fn a_forgotten_write_stays_owed_however_often_cron_runs() {
    let shop = SandboxProcess::demo();
    shop.begin_index_run();
    let workspace = left_to_cron(&shop.url(), None);
    shop.finish_index_run();
    shop.magento(&CRON);
    let report = drift(&workspace);
    assert_eq!(report["cron_check"]["result"], "not_proven", "{report}");
    assert_eq!(report["reindex_owed"], true);
}

#[test]
fn a_stock_without_a_website_stays_owed_until_somebody_says_so() {
    let (_folder, shop) = without_a_website();
    let inventory =
        format!("{OUTLET}  - {{ name: Europe Stock, sources: [leipzig, berlin, frankfurt, hq] }}\n");
    let workspace = left_to_cron(&shop.url(), Some(&inventory));
    shop.magento(&CRON);
    assert_data_eq!(
        workspace.run(&["drift"]).exits(0).stdout,
        str![[r#"
shop http://127.0.0.1:[PORT]/

Other stocks: 1 unmanaged and left alone.
In sync: nothing to change in 2 stocks.

Reindex: owed; the shop's cron has reindexed Europe Stock, as the index shows; a reindex is still owed for Outlet Stock
         Outlet Stock has no website, so the shop shows no index for it
         help: no read can show that a stock without a website is reindexed; when cron has run, `stocktake reindex --done` says so
In sync.

"#]]
    );
    let report = drift(&workspace);
    assert_eq!(report["cron_check"]["result"], "not_proven", "{report}");
    let stocks = report["cron_check"]["index"]["stocks"].as_array().unwrap();
    assert_eq!(stocks.len(), 1, "Europe Stock is paid: {report}");
    workspace.run(&["reindex", "--done"]).exits(0);
    assert_eq!(is_owed(&workspace), false);
}

/// An apply that looks at the index itself may not pay for a stock without a website either.
#[test]
fn an_apply_with_a_proof_pays_for_no_stock_without_a_website() {
    let (_folder, shop) = without_a_website();
    let workspace = Workspace::with(OUTLET).variable("SHOP_TOKEN", TOKEN);
    workspace.settings(&shop.url(), &["reindex: cron"]);
    workspace.run(&["apply", "--yes", "--prove", "index"]).exits(0);
    assert_eq!(is_owed(&workspace), true);
}

#[test]
fn while_another_run_is_at_work_drift_says_what_it_sees_and_records_nothing() {
    let shop = SandboxProcess::demo();
    let workspace = left_to_cron(&shop.url(), None);
    shop.magento(&CRON);
    let held = File::open(workspace.journal().with_file_name("lock")).unwrap();
    held.lock().unwrap();
    let report = drift(&workspace);
    assert_eq!(report["cron_check"]["result"], "not_recorded", "{report}");
    assert_eq!(report["reindex_owed"], true);
    drop(held);
    assert_eq!(is_owed(&workspace), true);
    assert_eq!(drift(&workspace)["reindex_owed"], false);
}

#[test]
fn a_run_that_writes_during_the_check_voids_it() {
    let shop = SandboxProcess::demo();
    let written = std::sync::Arc::new(std::sync::OnceLock::<std::path::PathBuf>::new());
    let journal = std::sync::Arc::clone(&written);
    let proxy = Proxy::before(shop.address, move |asked| {
        if let Some(path) = journal
            .get()
            .filter(|_| asked.path.contains("/dump-stock-index-data/"))
        {
            let text = std::fs::read_to_string(path).unwrap();
            let write = text.lines().find(|line| line.contains("write_begins")).unwrap();
            let mut file = OpenOptions::new().append(true).open(path).unwrap();
            writeln!(file, "{write}").unwrap();
        }
        Action::Pass
    });
    let workspace = left_to_cron(&proxy.url(), None);
    shop.magento(&CRON);
    written.set(workspace.journal()).unwrap();
    let report = drift(&workspace);
    assert_eq!(report["cron_check"]["result"], "not_recorded", "{report}");
    assert_eq!(is_owed(&workspace), true);
    let again = drift(&workspace);
    assert_eq!(again["cron_check"], json!({ "result": "in_doubt" }), "{again}");
}

#[test]
fn a_missing_right_is_named_and_the_reindex_stays_owed() {
    let shop = SandboxProcess::demo();
    let proxy = Proxy::before(shop.address, |asked| {
        if !asked.path.contains("/dump-stock-index-data/") {
            return Action::Pass;
        }
        let refusal = r#"{"message":"The consumer isn't authorized to access %resources.","parameters":{"resources":"Magento_InventoryApi::stock"}}"#;
        Action::Answer(Canned::new(401, "application/json", refusal))
    });
    let workspace = left_to_cron(&proxy.url(), None);
    shop.magento(&CRON);
    let text = workspace.run(&["drift"]).exits(0).stdout;
    assert!(text.contains("Reindex: owed"), "{text}");
    assert!(text.contains("Magento_InventoryApi::stock"), "{text}");
    assert_eq!(is_owed(&workspace), true);
}
