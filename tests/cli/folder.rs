//! Folders of inventory files: all that look like one are read, or told.

use std::path::Path;

use testkit::workspace::{Outcome, Workspace};

/// An inventory file with one stock.
fn stock(name: &str) -> String {
    format!("version: 1\nstocks:\n  - name: {name}\n    sources: [hq]\n")
}

/// A folder `inv` with those files, each with a stock of its own.
fn workspace(files: &[&str]) -> Workspace {
    let workspace = Workspace::bare();
    for file in files {
        workspace.write(file, &stock(&file.replace(['/', '.'], " ")));
    }
    workspace
}

fn validate(workspace: &Workspace) -> Outcome {
    workspace.run(&["validate", "-f", "inv"])
}

/// Asserts that nothing was made of the folder, and why.
#[track_caller]
fn refused(workspace: &Workspace, output: &str) {
    for arguments in [
        &["validate", "-f", "inv"][..],
        &["plan", "--sandbox", "-f", "inv"],
        &["fmt", "inv"],
    ] {
        let outcome = workspace.run(arguments).exits(1).prints_nothing();
        assert!(outcome.stderr.contains(output), "{output}: {}", outcome.stderr);
    }
}

#[test]
fn sub_folders_and_all_spellings_are_read() {
    let workspace = workspace(&[
        "inv/a.yaml",
        "inv/B.YAML",
        "inv/c.Yml",
        "inv/eu/d.yml",
        "inv/eu/deep/er/e.YML",
        "inv/us.d/f.yaml",
    ]);
    workspace.write("inv/README.md", "Ours.");
    let outcome = validate(&workspace).exits(0);
    assert_eq!(outcome.stdout, "Valid: 6 stocks with 6 links, 0 warnings.\n");
    assert_eq!(outcome.stderr, "");
    let here = workspace.run(&["validate", "-f", "."]).exits(0);
    assert_eq!((here.stdout, here.stderr), (outcome.stdout, outcome.stderr));
}

#[test]
fn the_order_is_that_of_the_paths() {
    let workspace = workspace(&["inv/b/1.yaml", "inv/a.yaml", "inv/a/z.yaml", "inv/c.yaml"]);
    for file in ["inv/b/1.yaml", "inv/a.yaml", "inv/a/z.yaml", "inv/c.yaml"] {
        workspace.write(file, "version: 1\nstocks: []\nextra: 1\n");
    }
    let found = workspace
        .run(&["validate", "-f", "inv", "--format", "json"])
        .exits(1)
        .json();
    let found = found["diagnostics"].as_array().expect("a list").clone();
    let files: Vec<_> = found
        .iter()
        .map(|found| found["file"].as_str().expect("a name"))
        .collect();
    assert_eq!(
        files,
        ["inv/a/z.yaml", "inv/a.yaml", "inv/b/1.yaml", "inv/c.yaml"],
        "{found:#?}"
    );
}

#[test]
fn hidden_names_are_passed_over() {
    let workspace = workspace(&[
        "inv/a.yaml",
        "inv/.b.yaml",
        "inv/.git/c.yaml",
        "inv/..data/d.yaml",
    ]);
    std::fs::write(
        workspace.path("inv/._a.yaml"),
        b"\0\x05\x16\x07\0\x02\0\0Mac OS X",
    )
    .expect("it can be written");
    let outcome = validate(&workspace).exits(0);
    assert_eq!(outcome.stdout, "Valid: 1 stock with 1 link, 0 warnings.\n");
    assert_eq!(outcome.stderr, "");
    // Whoever names one means it.
    workspace.run(&["validate", "-f", "inv/.b.yaml"]).exits(0);
    workspace.run(&["validate", "-f", "inv/.git"]).exits(0);
}

#[test]
fn what_was_put_aside_is_reported() {
    let workspace = workspace(&["inv/a.yaml"]);
    for name in [
        "b.yaml.bak",
        "c.YML~",
        "d.yaml.j2",
        "eu/e.yaml-old",
        "notes.txt",
        "yaml",
    ] {
        workspace.write(&format!("inv/{name}"), "not: ours\n");
    }
    let outcome = validate(&workspace).exits(0);
    let output: Vec<&str> = outcome.stderr.lines().collect();
    let expected = ["b.yaml.bak", "c.YML~", "d.yaml.j2", "eu/e.yaml-old"];
    let expected = expected
        .map(|name| format!("warning: inv/{name} is passed over: its name does not end with .yaml or .yml"));
    assert_eq!(output, expected);
}

#[test]
fn a_folder_without_an_inventory_is_an_error() {
    let workspace = workspace(&["inv/.a.yaml", "inv/none/.b.yml"]);
    workspace.write("inv/none/readme.md", "");
    refused(&workspace, "error: the folder inv holds no .yaml or .yml file\n");
}

#[test]
fn a_folder_named_like_a_file_is_an_error() {
    let workspace = workspace(&["inv/a.yaml", "inv/eu.yaml/b.yaml"]);
    refused(
        &workspace,
        "error: inv/eu.yaml is named like an inventory file and is a folder\n",
    );
    workspace.run(&["validate", "-f", "inv/eu.yaml"]).exits(0);
}

#[test]
fn a_file_that_is_named_twice_is_read_once_and_reported() {
    let workspace = workspace(&["inv/a.yaml"]);
    let outcome = workspace
        .run(&["validate", "-f", "inv/a.yaml", "-f", "./inv/a.yaml", "-f", "inv"])
        .exits(0);
    assert_eq!(outcome.stdout, "Valid: 1 stock with 1 link, 0 warnings.\n");
    assert_eq!(outcome.stderr, "");
}

#[cfg(unix)]
fn link(workspace: &Workspace, to: impl AsRef<Path>, at: &str) {
    std::os::unix::fs::symlink(to, workspace.path(at)).expect("a link can be made");
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_what_they_lead_to_is_read_once() {
    let workspace = workspace(&["inv/a.yaml", "shared/b.yaml"]);
    link(&workspace, "a.yaml", "inv/again.yaml");
    link(&workspace, "../shared", "inv/shared");
    link(&workspace, "../inv", "shared/back");
    link(&workspace, ".", "inv/here");
    let outcome = validate(&workspace).exits(0);
    assert_eq!(outcome.stdout, "Valid: 2 stocks with 2 links, 0 warnings.\n");
    assert_eq!(
        outcome.stderr,
        "note: inv/a.yaml and inv/again.yaml are one file, which is read once\n"
    );
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_an_error() {
    for name in ["outlet.yaml", "Outlet.YML", "outlet"] {
        let workspace = workspace(&["inv/a.yaml"]);
        link(&workspace, "../gone/outlet", &format!("inv/{name}"));
        refused(
            &workspace,
            &format!(
                "error: inv/{name} cannot be read\n  \
                 because: it is a link to ../gone/outlet, which is not there or cannot be reached\n"
            ),
        );
    }
    let workspace = workspace(&["inv/a.yaml"]);
    link(&workspace, "loop.yaml", "inv/loop.yaml");
    refused(
        &workspace,
        "error: inv/loop.yaml cannot be read\n  because: it is a link to loop.yaml",
    );
    let workspace = self::workspace(&["inv/a.yaml"]);
    link(&workspace, "gone", "inv/.hidden.yaml");
    link(&workspace, "gone", "inv/readme.md");
    validate(&workspace).exits(0);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_an_error() {
    let workspace = workspace(&["inv/a.yaml"]);
    let made = std::process::Command::new("mkfifo")
        .arg(workspace.path("inv/pipe.yml"))
        .status();
    assert!(made.expect("it can be started").success());
    refused(
        &workspace,
        "error: inv/pipe.yml is named like an inventory file and is a pipe or a device\n",
    );
    std::fs::remove_file(workspace.path("inv/pipe.yml")).expect("it can be removed");
    link(&workspace, "/dev/zero", "inv/zero.yaml");
    refused(
        &workspace,
        "error: inv/zero.yaml is named like an inventory file and is a pipe or a device\n",
    );
}
