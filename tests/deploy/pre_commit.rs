//! `.pre-commit-hooks.yaml`: which files a hook takes, and what it says of them; run as pre-commit does.

use std::process::Command;

use regex::Regex;
use serde_json::Value;

use super::checkout::of_project;
use testkit::binary;
use testkit::workspace::{TUTORIAL, Workspace};

const WRONG: &str = "version: 1\nstocks:\n  - name: A\n    sourcs: []\n";

/// A hook of the manifest.
fn hook(id: &str) -> Value {
    let text = std::fs::read_to_string(of_project(".pre-commit-hooks.yaml")).expect("it can be read");
    let hooks: Vec<Value> = serde_saphyr::from_str(&text).expect("it is YAML");
    let hook = hooks.into_iter().find(|hook| hook["id"] == id);
    hook.unwrap_or_else(|| panic!("there is no hook {id}"))
}

/// Whether a hook takes a file.
fn takes(id: &str, name: &str) -> bool {
    let hook = hook(id);
    let matches = |key: &str| {
        let pattern = Regex::new(hook[key].as_str().expect("it is a pattern"));
        pattern.expect("it is one").is_match(name)
    };
    matches("files") && !matches("exclude")
}

/// Runs a hook on those of the files that it takes, as pre-commit calls it: its words, the arguments, the files.
fn run(workspace: &Workspace, id: &str, arguments: &[&str], files: &[&str]) -> (Option<i32>, String) {
    let mut words = shlex::split(hook(id)["entry"].as_str().expect("it has words")).expect("they are words");
    words.extend(arguments.iter().map(ToString::to_string));
    if hook(id)["pass_filenames"] != false {
        let taken = files.iter().filter(|file| takes(id, file));
        words.extend(taken.map(ToString::to_string));
    }
    let bin = std::path::Path::new(binary())
        .parent()
        .expect("it stands in a folder");
    let path = std::env::var("PATH").expect("there is a path");
    let output = Command::new(&words[0])
        .args(&words[1..])
        .current_dir(workspace.path(""))
        .env("PATH", format!("{}:{path}", bin.display()))
        .output()
        .expect("it can be started");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8(said).expect("output is UTF-8"),
    )
}

#[test]
fn hooks_take_inventory_files_wherever_they_stand() {
    for id in [
        "stocktake-validate",
        "stocktake-validate-together",
        "stocktake-fmt",
    ] {
        for name in [
            "inventory.yaml",
            "inventory-eu.yml",
            "Inventory.YAML",
            "shops/eu/inventory.yaml",
            "inventory/eu.yaml",
            "shops/inventory/eu/north.yml",
        ] {
            assert!(takes(id, name), "{id} {name}");
        }
        for name in [
            "targets.yaml",
            "inventory/targets.yaml",
            "inventory/.draft.yaml",
            ".old/inventory.yaml",
            "inventory.yaml.orig",
            "inventory/README.md",
            "docs/about-inventory.md",
        ] {
            assert!(!takes(id, name), "{id} {name}");
        }
    }
}

#[test]
fn every_changed_file_is_checked_and_each_by_itself() {
    let workspace = Workspace::new();
    workspace.write("shops/eu/inventory.yaml", TUTORIAL);
    workspace.write("shops/us/inventory.yaml", TUTORIAL);
    workspace.write("inventory/a b.yaml", TUTORIAL);
    let files = [
        "shops/eu/inventory.yaml",
        "shops/us/inventory.yaml",
        "inventory/a b.yaml",
        "README.md",
    ];
    let (code, said) = run(&workspace, "stocktake-validate", &[], &files);
    assert_eq!(code, Some(0), "two shops may have stocks of one name: {said}");
    workspace.write("shops/eu/inventory.yaml", WRONG);
    let (code, said) = run(&workspace, "stocktake-validate", &[], &files);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("shops/eu/inventory.yaml:4:5"), "{said}");
}

#[test]
fn a_folder_is_checked_as_one_inventory() {
    let workspace = Workspace::new();
    workspace.write("inventory/a.yaml", TUTORIAL);
    workspace.write("inventory/b.yaml", TUTORIAL);
    let files = ["inventory/b.yaml"];
    assert_eq!(run(&workspace, "stocktake-validate", &[], &files).0, Some(0));
    let (code, said) = run(
        &workspace,
        "stocktake-validate-together",
        &["-f", "inventory/"],
        &files,
    );
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("inventory/a.yaml") && said.contains("inventory/b.yaml"),
        "{said}"
    );
}

#[test]
fn every_changed_file_is_formatted() {
    let workspace = Workspace::new();
    workspace.write("shops/eu/inventory.yaml", "version:   1\nstocks: []\n");
    let (code, said) = run(&workspace, "stocktake-fmt", &[], &["shops/eu/inventory.yaml"]);
    assert_eq!(code, Some(0), "{said}");
    let text = std::fs::read_to_string(workspace.path("shops/eu/inventory.yaml")).expect("it is there");
    assert!(text.starts_with("version: 1\n"), "{text}");
}
