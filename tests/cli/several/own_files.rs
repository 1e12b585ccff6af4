//! Targets with inventory files of their own.

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

use super::{codes, targets};

const EUROPE: &str =
    "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [leipzig, berlin, frankfurt, hq]\n";
const AMERICA: &str =
    "version: 1\nstocks:\n  - name: North America Stock\n    sources: [{ group: east }, west_wh, hq]\n";
const GROUPS: &str = "version: 1\ngroups:\n  east: [ne_wh, brooklyn, manhattan]\n";

/// `eu` and `us` with files below the folder of the targets file, and `plain` without.
fn workspace(eu: &SandboxProcess, us: &SandboxProcess, plain: &SandboxProcess) -> Workspace {
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.write("shops/files/europe.yaml", EUROPE);
    workspace.write("shops/files/america/stocks.yaml", AMERICA);
    workspace.write("shops/files/america/groups.yaml", GROUPS);
    targets(
        &workspace,
        &[
            ("eu", &eu.url(), "reindex: cron\n    files: [files/europe.yaml]"),
            ("us", &us.url(), "reindex: cron\n    files: [files/america]"),
            ("plain", &plain.url(), "reindex: cron"),
        ],
    );
    let text = std::fs::read_to_string(workspace.path("targets.yaml")).expect("it is there");
    workspace.write("shops/targets.yaml", &text);
    std::fs::remove_file(workspace.path("targets.yaml")).expect("it can go");
    workspace
}

/// The stocks that the plan of a target compares.
fn stocks(document: &serde_json::Value) -> Vec<&str> {
    let stocks = document["stocks"].as_array().expect("a list").iter();
    stocks
        .map(|stock| stock["name"].as_str().expect("a name"))
        .collect()
}

#[test]
fn each_target_is_compared_with_its_own_files() {
    let (eu, us, plain) = (
        SandboxProcess::demo(),
        SandboxProcess::demo(),
        SandboxProcess::demo(),
    );
    let workspace = workspace(&eu, &us, &plain);
    let shops = ["--targets", "shops/targets.yaml"];
    let run = |arguments: &[&str]| workspace.run(&[arguments, &shops].concat());
    let document = run(&["plan", "--all-targets", "--format", "json"])
        .exits(3)
        .json();
    let all = document["targets"].as_array().expect("a list");
    assert_eq!(codes(&document).len(), 3);
    assert_eq!(stocks(&all[0]["report"]), ["Europe Stock"]);
    assert_eq!(stocks(&all[1]["report"]), ["North America Stock"]);
    assert_eq!(stocks(&all[2]["report"]), ["North America Stock", "Europe Stock"]);

    let plan = run(&["plan", "--target", "eu", "--out", "eu.json", "--format", "json"])
        .exits(0)
        .json();
    let places = serde_json::to_string(&plan).expect("JSON");
    assert!(places.contains("shops/files/europe.yaml"), "{places}");
    run(&["apply", "--target", "eu", "--yes", "eu.json"]).exits(0);
    run(&["drift", "--target", "eu"]).exits(0);
    let status = run(&["status", "--target", "eu", "--format", "json"]).exits(0);
    assert!(status.stdout.contains("\"in_sync\": true"), "{}", status.stdout);

    // `-f` beats them.
    let plan = run(&[
        "plan",
        "--target",
        "eu",
        "-f",
        "inventory.yaml",
        "--format",
        "json",
    ])
    .exits(0)
    .json();
    assert_eq!(stocks(&plan), ["North America Stock", "Europe Stock"]);
}

#[test]
fn a_guard_is_overridden_for_a_stock_that_one_of_the_targets_has() {
    let (eu, us, plain) = (
        SandboxProcess::demo(),
        SandboxProcess::demo(),
        SandboxProcess::demo(),
    );
    let workspace = workspace(&eu, &us, &plain);
    let targets = ["--targets", "shops/targets.yaml", "--target", "eu,us"];
    let run = |allow: &str| workspace.run(&[&["plan", "--allow", allow], &targets[..]].concat());
    run("delete-percent=North America Stock").exits(0);
    let outcome = run("delete-percent=Outlet").exits(64);
    assert!(
        outcome
            .stderr
            .contains("`Outlet`, which is not a stock of the files"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_file_that_is_missing_is_named_with_its_line() {
    let (eu, us, plain) = (
        SandboxProcess::demo(),
        SandboxProcess::demo(),
        SandboxProcess::demo(),
    );
    let workspace = workspace(&eu, &us, &plain);
    std::fs::remove_file(workspace.path("shops/files/europe.yaml")).expect("it can go");
    let arguments = ["--targets", "shops/targets.yaml", "--target", "eu"];
    for command in ["plan", "drift", "status"] {
        let outcome = workspace.run(&[&[command], &arguments[..]].concat()).exits(1);
        assert!(
            outcome.stderr.contains("shops/files/europe.yaml cannot be read"),
            "{}",
            outcome.stderr
        );
        let place = "the target eu lists it at shops/targets.yaml:7:13";
        assert!(outcome.stderr.contains(place), "{}", outcome.stderr);
    }
}

/// `export --update` edits the files of the target.
#[test]
fn the_files_of_the_target_are_brought_in_line() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop, &shop, &shop);
    let before = std::fs::read_to_string(workspace.path("inventory.yaml")).expect("it is there");
    let outcome = workspace
        .run(&[
            "export",
            "--update",
            "--targets",
            "shops/targets.yaml",
            "--target",
            "eu",
        ])
        .exits(0);
    assert!(
        outcome.stderr.contains("Wrote shops/files/europe.yaml"),
        "{}",
        outcome.stderr
    );
    assert_eq!(
        std::fs::read_to_string(workspace.path("inventory.yaml")).expect("it is there"),
        before
    );
    // A group is not edited.
    let outcome = workspace
        .run(&[
            "export",
            "--update",
            "--targets",
            "shops/targets.yaml",
            "--target",
            "us",
        ])
        .exits(1);
    assert!(
        outcome.stderr.contains("a group stands in this list"),
        "{}",
        outcome.stderr
    );
}
