//! `--stock`: which commands take it, and names that nobody has.

use commerce_sandbox::Seed;
use serde_json::json;
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

use crate::several::targets;

#[test]
fn a_name_that_neither_files_nor_shop_have_is_wrong_usage() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    for command in [
        &["plan"][..],
        &["drift"],
        &["status"],
        &["apply", "--yes"],
        &["plan", "--out", "plan.json"],
    ] {
        let arguments = [command, &["--stock", "europe stok", "--stock", "Outlet Stock"]].concat();
        let outcome = workspace.run(&arguments).exits(64).prints_nothing();
        assert_eq!(
            outcome.stderr,
            "error: --stock: neither the files nor the target have a stock `europe stok`\n  help: did you mean `Europe Stock`?\n",
            "{command:?}"
        );
        let failure = workspace
            .run(&[&arguments[..], &["--format", "json"]].concat())
            .exits(64)
            .json();
        assert_eq!(failure["exit_code"], 64, "{command:?}");
    }
    assert!(!workspace.path("plan.json").exists());
    assert_eq!(shop.writes(), 0);
}

#[test]
fn a_saved_plan_carries_its_stocks() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    workspace
        .run(&["plan", "--stock", "europe stock", "--out", "plan.json"])
        .exits(0);
    let outcome = workspace
        .run(&["apply", "plan.json", "--yes", "--stock", "Europe Stock"])
        .exits(64);
    assert!(outcome.stderr.contains("'--stock <NAME>'"), "{}", outcome.stderr);
    let shown = workspace.run(&["show", "plan.json"]).exits(0).stdout;
    assert!(shown.contains("Only `Europe Stock` was compared."), "{shown}");
    let report = workspace
        .run(&["apply", "plan.json", "--yes", "--format", "json"])
        .exits(0)
        .json();
    assert_eq!(report["plan"]["scope"], json!({ "stocks": ["Europe Stock"] }));
    workspace.run(&["drift", "--stock", "Europe Stock"]).exits(0);
    workspace.run(&["drift"]).exits(2);
}

#[test]
fn a_proof_speaks_of_no_stock_that_was_not_compared() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    let apply = |stock: &str| {
        let applied = workspace.run(&["apply", "--yes", "--stock", stock]);
        applied.exits(0).stdout
    };
    apply("Europe Stock");
    // The other stock of the file is not as wanted, and this run cannot know it.
    let again = apply("Europe Stock");
    assert!(
        again.contains("every link of every compared stock is as wanted"),
        "{again}"
    );
    let of_no_file = apply("Outlet Stock");
    assert!(
        of_no_file.contains("none, since no stock was compared"),
        "{of_no_file}"
    );
    assert!(of_no_file.contains("nothing was compared."), "{of_no_file}");
}

#[test]
fn of_several_targets_one_is_enough_to_have_the_stock() {
    let mut seed = serde_json::to_value(Seed::demo()).expect("a seed is JSON");
    let stocks = seed["stocks"].as_array_mut().expect("a list").iter_mut();
    for stock in stocks.filter(|stock| stock["stock_id"] == 4) {
        stock["name"] = json!("Factory Stock");
    }
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.write("seed.json", &seed.to_string());
    let path = workspace.path("seed.json");
    let us = SandboxProcess::start(&["--seed", path.to_str().expect("a path in Unicode")]);
    let eu = SandboxProcess::demo();
    workspace.write(
        "inventory.yaml",
        "version: 1\nstocks: [{ name: Europe Stock, sources: [leipzig] }]\n",
    );
    targets(
        &workspace,
        &[
            ("eu", &eu.url(), "reindex: cron"),
            ("us", &us.url(), "reindex: cron"),
        ],
    );
    for command in ["plan", "status", "drift"] {
        let arguments = [
            command,
            "--all-targets",
            "--stock",
            "factory stock",
            "--format",
            "json",
        ];
        let report = workspace.run(&arguments).exits(0).json();
        let scope = |at: usize| {
            let report = &report["targets"][at]["report"];
            let plan = if command == "drift" {
                &report["plan"]
            } else {
                report
            };
            plan["scope"].clone()
        };
        assert_eq!(
            scope(0),
            json!({ "stocks": [], "unknown": [{ "name": "factory stock" }] }),
            "{command}"
        );
        assert_eq!(scope(1), json!({ "stocks": ["Factory Stock"] }), "{command}");
        let unknown = [command, "--all-targets", "--stock", "factry stock"];
        let outcome = workspace.run(&unknown).exits(64).prints_nothing();
        assert!(
            outcome
                .stderr
                .contains("neither the files nor any target have a stock `factry stock`"),
            "{}",
            outcome.stderr
        );
    }
    let unknown = [
        "apply",
        "--all-targets",
        "--yes",
        "--stock",
        "factry stock",
        "--stock",
        "Europe Stock",
    ];
    workspace.run(&unknown).exits(64);
    assert_eq!(eu.writes() + us.writes(), 0);
}

#[test]
fn metrics_are_about_whole_targets() {
    let workspace = Workspace::new();
    let arguments = [
        "drift",
        "--sandbox",
        "--stock",
        "Europe Stock",
        "--metrics",
        "drift.prom",
    ];
    let outcome = workspace.run(&arguments).exits(64);
    assert!(
        outcome.stderr.contains("'--metrics <FILE>'"),
        "{}",
        outcome.stderr
    );
}
