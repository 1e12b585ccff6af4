//! `rollback`: back to what the stocks held before a run, through the same guards.

use std::path::PathBuf;

use testkit::killed_apply::KilledApply;
use testkit::proxy::{Action, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

fn workspace(shop: &SandboxProcess) -> Workspace {
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.target(&shop.url(), &shop.hook(), "60s");
    workspace
}

/// The links of the demo shop's stocks.
fn links(shop: &SandboxProcess) -> Vec<Vec<(String, u64)>> {
    (1..=4).map(|stock| shop.links(stock)).collect()
}

/// The files that can be gone back to, the newest first.
fn pre_images(workspace: &Workspace) -> Vec<PathBuf> {
    let list = workspace
        .run(&["rollback", "--list", "--format", "json"])
        .exits(0)
        .json();
    let images = list["pre_images"].as_array().expect("a list").iter();
    images
        .map(|image| workspace.path(image["path"].as_str().expect("a file has a path")))
        .collect()
}

/// Asserts that the index is that of a demo shop which was reindexed before any write.
fn assert_index_of_the_beginning(shop: &SandboxProcess) {
    let other = SandboxProcess::demo();
    other.magento(&["indexer:reindex", "inventory"]);
    for (sku, stock) in [("alpine-jacket", 2), ("canvas-tent", 2), ("alpine-jacket", 3)] {
        assert_eq!(
            shop.quantity(sku, stock),
            other.quantity(sku, stock),
            "{sku} in {stock}"
        );
    }
}

#[test]
fn a_rollback_brings_back_what_was_and_another_one_takes_it_back() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop);
    let before = links(&shop);
    let report = workspace
        .run(&["apply", "--yes", "--format", "json"])
        .exits(0)
        .json();
    let named = report["pre_image"].as_str().map(|file| workspace.path(file));
    assert_eq!(named.as_ref(), pre_images(&workspace).first(), "{report}");
    let applied = links(&shop);
    assert_ne!(applied, before);
    for (turn, wanted) in [&before, &applied, &before].into_iter().enumerate() {
        let outcome = workspace.run(&["rollback", "--yes"]).exits(0);
        assert_eq!(links(&shop), *wanted, "rollback {turn}");
        let opposed = "inventory.yaml still wants the opposite for North America Stock, Europe Stock";
        assert_eq!(outcome.stderr.contains(opposed), turn != 1, "{}", outcome.stderr);
        assert!(
            workspace
                .run(&["status"])
                .exits(0)
                .stdout
                .contains("Reindex: none owed")
        );
    }
    // As the demo shop has it after a reindex without any write of ours.
    let other = SandboxProcess::demo();
    other.magento(&["indexer:reindex", "inventory"]);
    for (sku, stock) in [("alpine-jacket", 2), ("canvas-tent", 2), ("canvas-tent", 4)] {
        assert_eq!(
            shop.quantity(sku, stock),
            other.quantity(sku, stock),
            "{sku} in {stock}"
        );
    }
}

#[test]
fn the_list_names_each_run_and_a_named_file_goes_back_further() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop).variable("STOCKTAKE_ACTOR", "ann");
    assert_eq!(
        workspace.run(&["rollback", "--list"]).exits(0).stdout,
        "No pre-image is kept for this target in this state directory.\n"
    );
    let before = links(&shop);
    workspace.run(&["apply", "--yes"]).exits(0);
    workspace.run(&["apply", "--yes"]).exits(0);
    let [first] = &pre_images(&workspace)[..] else {
        panic!(
            "only a run that writes keeps something: {:?}",
            pre_images(&workspace)
        );
    };
    let text = std::fs::read_to_string(first).expect("it is text");
    assert!(text.starts_with("# What these stocks held before run "), "{text}");
    assert!(text.contains(&format!(", shop, {}/\n", shop.url())), "{text}");
    let first_path = first.to_str().expect("it is text");
    workspace.run(&["validate", "-f", first_path]).exits(0);

    workspace.write(
        "inventory.yaml",
        "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [berlin]\n",
    );
    let europe = ["apply", "--yes", "--allow", "delete-percent=Europe Stock"];
    let plan = workspace.run(&["plan", "--format", "json"]).json();
    let europe_changes = plan["stocks"][0]["changes"].as_array().expect("a list").len();
    workspace.run(&europe).exits(0);
    let list = workspace.run(&["rollback", "--list"]).exits(0).stdout;
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines.len(), 4, "{list}");
    assert!(lines[0].contains("  ann  "), "who: {list}");
    assert!(lines[0].ends_with(" changes in Europe Stock"), "{list}");
    assert!(
        lines[2].ends_with(" changes in North America Stock, Europe Stock"),
        "{list}"
    );
    let applied = workspace.run(&["rollback", "--list", "--format", "json"]);
    let newest = &applied.exits(0).json()["pre_images"][0];
    assert_eq!(
        (&newest["actor"], &newest["changes"]),
        (&"ann".into(), &europe_changes.into())
    );
    assert!(pre_images(&workspace)[1] == *first);

    // The newest one brings Europe back, the first one the others.
    workspace.run(&["rollback", "--yes"]).exits(0);
    workspace.run(&["rollback", first_path, "--yes"]).exits(0);
    assert_eq!(links(&shop), before);
    assert_eq!(pre_images(&workspace).len(), 4);
}

#[test]
fn a_rollback_is_guarded_like_any_plan() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop);
    let sources = "[austin_wh, reno_wh, berlin, leipzig, hq, ne_wh]";
    let more = format!("version: 1\nstocks:\n  - {{ name: Outlet Stock, sources: {sources} }}\n");
    workspace.write("inventory.yaml", &more);
    let before = links(&shop);
    workspace.run(&["apply", "--yes"]).exits(0);
    let writes = shop.writes();
    let refused = workspace
        .run(&["rollback", "--yes", "--format", "json"])
        .exits(3)
        .json();
    assert_eq!(shop.writes(), writes);
    let allow = "--allow 'delete-percent=Outlet Stock'";
    assert!(refused["hints"].to_string().contains(allow), "{refused}");
    workspace
        .run(&["rollback", "--yes", "--allow", "delete-percent=Outlet Stock"])
        .exits(0);
    assert_eq!(links(&shop), before);
}

#[test]
fn what_was_is_kept_before_the_first_write() {
    let shop = SandboxProcess::demo();
    let before = links(&shop);
    let killed = KilledApply::default();
    let asking = killed.clone();
    let proxy = Proxy::before(shop.address, move |asked| {
        if asked.method != "POST" || asked.nth > 1 || !asked.path.ends_with("stock-source-links") {
            return Action::Pass;
        }
        let asking = asking.clone();
        Action::Then(Box::new(move || asking.kill()))
    });
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.target(&proxy.url(), &format!("{}/_sandbox/magento", proxy.url()), "60s");
    killed.apply(&workspace);
    assert_ne!(links(&shop), before, "the write was carried out");
    workspace.run(&["rollback", "--yes"]).exits(0);
    assert_eq!(links(&shop), before);
    assert_index_of_the_beginning(&shop);
}

#[test]
fn there_is_nothing_to_go_back_to_before_anything_was_applied() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop);
    let outcome = workspace
        .run(&["rollback", "--yes", "--format", "json"])
        .exits(1)
        .json();
    let error = outcome["error"].as_str().expect("it says why");
    assert!(error.starts_with("there is nothing to go back to: "), "{error}");
    workspace.run(&["rollback"]).exits(64).prints_nothing();
    workspace.run(&["rollback", "--list", "--yes"]).exits(64);
    assert_eq!(shop.writes(), 0);
}

#[test]
fn the_pre_image_of_another_target_is_refused() {
    let (shop, other) = (SandboxProcess::demo(), SandboxProcess::demo());
    let workspace = workspace(&shop);
    workspace.run(&["apply", "--yes"]).exits(0);
    let [file] = &pre_images(&workspace)[..] else {
        panic!("one run has written");
    };
    workspace.target(&other.url(), &other.hook(), "60s");
    let path = file.to_str().expect("it is text");
    let outcome = workspace.run(&["rollback", path, "--yes"]).exits(64);
    assert!(
        outcome.stderr.contains("is the pre-image of another target"),
        "{}",
        outcome.stderr
    );
    assert_eq!(other.writes(), 0);
    // A plain inventory, also a copy of it, is nobody's.
    std::fs::copy(file, workspace.path("before.yaml")).expect("it can be copied");
    workspace.run(&["rollback", "before.yaml", "--yes"]).exits(0);
    assert_eq!(other.writes(), 0, "there everything is as before");
}

/// After an incomplete read no pre-image is safe to go back to. Both apply and rollback say so.
#[test]
fn what_no_pre_image_holds_is_not_reported_as_brought_back() {
    let shop = SandboxProcess::demo();
    let proxy = Proxy::before(shop.address, |asked| {
        if asked.method == "GET" && asked.path.ends_with("stock-source-links") {
            return Action::Edit(|body| body.replace(r#""total_count":"#, r#""total_count":9"#));
        }
        Action::Pass
    });
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.target(&proxy.url(), &shop.hook(), "60s");
    workspace.run(&["apply", "--yes"]).exits(5);
    let writes = shop.writes();
    let outcome = workspace.run(&["rollback", "--yes", "--format", "json"]).exits(1);
    let error = outcome.json()["error"].to_string();
    assert!(
        error.contains("holds no stock, so that nothing can be brought back"),
        "{error}"
    );
    assert!(
        outcome.stderr.contains(
            "warning: this will not bring back `North America Stock` (stock 2): the read may be incomplete"
        ),
        "{}",
        outcome.stderr
    );
    assert_eq!(shop.writes(), writes);
}
