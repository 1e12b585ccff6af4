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
Wrote .github/workflows/stocktake.yml.
note: add `.stocktake/` to .gitignore: it remembers what this machine has begun
Next: stocktake doctor, then stocktake export --out inventory.yaml

"#]]
    );
    assert_eq!(
        std::fs::read_to_string(workspace.path("targets.yaml")).expect("it is there"),
        TEMPLATE
    );
    assert!(workspace.path(".github/workflows/stocktake.yml").is_file());

    workspace.write("targets.yaml", "mine");
    workspace.write(".gitignore", "/.stocktake/\n");
    let outcome = workspace
        .run(&["init", "--ci", "github"])
        .exits(0)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
targets.yaml is there already and was left alone.
.github/workflows/stocktake.yml is there already and was left alone.
Next: stocktake doctor, then stocktake export --out inventory.yaml

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
