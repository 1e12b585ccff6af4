//! `init`: what a team begins with is valid, nothing is overwritten, and the way from there to an empty plan works.

use std::path::Path;

use snapbox::{assert_data_eq, str};

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

const TEMPLATE: &str = include_str!("../../templates/targets.yaml");

#[test]
fn files_are_written_once_and_then_left_alone() {
    let workspace = Workspace::bare();
    let outcome = workspace
        .run(&["init", "--ci", "github"])
        .exits(0)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
Wrote targets.yaml.
Wrote inventory.yaml.
Wrote .github/workflows/stocktake.yml.
Next:
  1. put the shop's URL into targets.yaml
  2. set COMMERCE_TOKEN in the environment
  3. stocktake doctor                        checks the way to the shop
  4. stocktake export --out inventory.yaml   writes down what the shop has
  5. stocktake plan                          finds nothing to change

"#]]
    );
    assert_eq!(
        std::fs::read_to_string(workspace.path("targets.yaml")).expect("it is there"),
        TEMPLATE
    );
    assert!(workspace.path(".github/workflows/stocktake.yml").is_file());

    workspace.write("targets.yaml", "mine");
    let outcome = workspace
        .run(&["init", "--ci", "github"])
        .exits(0)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
targets.yaml is there already and was left alone.
inventory.yaml is there already and was left alone.
.github/workflows/stocktake.yml is there already and was left alone.
Next:
  1. stocktake doctor                        checks the way to the shop
  2. stocktake export --out inventory.yaml   writes down what the shop has
  3. stocktake plan                          finds nothing to change

"#]]
    );
    assert_eq!(
        std::fs::read_to_string(workspace.path("targets.yaml")).expect("it is there"),
        "mine"
    );
}

#[test]
fn each_workflow_has_its_place() {
    for (ci, path) in [
        ("gitlab", ".gitlab-ci.yml"),
        ("kubernetes", "stocktake-cronjob.yaml"),
    ] {
        let workspace = Workspace::bare();
        workspace.run(&["init", "--ci", ci]).exits(0);
        assert!(workspace.path(path).is_file(), "{path}");
    }
}

#[test]
fn an_address_that_no_target_may_have_is_wrong_usage() {
    let workspace = Workspace::bare();
    let outcome = workspace
        .run(&["init", "--url", "http://shop.example.com"])
        .exits(64)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: --url: a URL must begin with `https://`; `http://` is for this machine itself (localhost, 127.0.0.1, [::1])

"#]]
    );
    assert!(!Path::exists(&workspace.path("targets.yaml")));
}

#[test]
fn from_nothing_to_an_empty_plan() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::bare().variable("COMMERCE_TOKEN", TOKEN);
    workspace.run(&["init", "--url", &shop.url()]).exits(0);
    workspace.run(&["doctor"]).exits(0);
    workspace.run(&["export", "--out", "inventory.yaml"]).exits(0);
    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
    workspace.run(&["fmt", "--check"]).exits(0);
    assert_eq!(shop.writes(), 0);
}

#[test]
fn an_inventory_that_somebody_has_edited_is_not_replaced_by_an_export() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::bare().variable("COMMERCE_TOKEN", TOKEN);
    workspace.run(&["init", "--url", &shop.url()]).exits(0);
    workspace.run(&["validate"]).exits(0);
    let first = std::fs::read_to_string(workspace.path("inventory.yaml")).expect("it is there");
    workspace.write("inventory.yaml", &format!("{first}# ours\n"));
    workspace.run(&["export", "--out", "inventory.yaml"]).exits(1);
    workspace.write("inventory.yaml", &first);
    workspace.run(&["export", "--out", "inventory.yaml"]).exits(0);
    let exported = std::fs::read_to_string(workspace.path("inventory.yaml")).expect("it is there");
    assert_eq!(
        exported.lines().next(),
        first.lines().next(),
        "the schema line stays"
    );
    assert!(exported.contains("North America Stock"), "{exported}");
}

#[test]
fn in_a_git_work_tree_the_state_directory_is_ignored() {
    let workspace = Workspace::bare();
    std::fs::create_dir(workspace.path(".git")).expect("it can be made");
    workspace.write(".gitignore", "target");
    let outcome = workspace.run(&["init", "--sign-in", "oauth1"]).exits(0);
    assert!(
        outcome.stderr.contains("Added .stocktake/ to .gitignore"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.contains("COMMERCE_CONSUMER_KEY, "),
        "{}",
        outcome.stderr
    );
    let ignored = std::fs::read_to_string(workspace.path(".gitignore")).expect("it is there");
    assert_eq!(ignored, "target\n.stocktake/\n");
}
