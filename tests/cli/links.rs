#![cfg(unix)]
//! Links that came with a checkout: nothing is written through one, wherever it leads.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{Outcome, Workspace};

const UNTIDY: &str = "version: 1\nstocks: [ {name: Europe Stock,   sources: [leipzig]} ]\n";

/// A workspace, and a file outside of it that must stay as it is.
struct Trap {
    workspace: Workspace,
    _outside: tempfile::TempDir,
    victim: PathBuf,
}

impl Trap {
    fn new() -> Self {
        let outside = tempfile::tempdir().expect("a folder can be made");
        let victim = outside.path().join("victim");
        fs::write(&victim, UNTIDY).expect("it can be written");
        Self {
            workspace: Workspace::new(),
            _outside: outside,
            victim,
        }
    }

    /// A link in the workspace to the file outside.
    fn link(&self, name: &str) {
        symlink(&self.victim, self.workspace.path(name)).expect("a link can be made");
    }

    /// A link in the workspace to the folder outside.
    fn folder(&self, name: &str) {
        let outside = self.victim.parent().expect("it stands in a folder");
        symlink(outside, self.workspace.path(name)).expect("a link can be made");
    }

    /// Asserts that a command failed, naming that place, and that nothing outside has changed.
    #[track_caller]
    fn holds(&self, outcome: &Outcome, reported: &str) {
        assert_ne!(outcome.code, 0, "{}", outcome.stderr);
        assert!(
            outcome.stderr.contains(reported),
            "no `{reported}`: {}",
            outcome.stderr
        );
        let retained = fs::read_to_string(&self.victim).expect("the file is there");
        assert_eq!(retained, UNTIDY);
        let outside = self.victim.parent().expect("it stands in a folder");
        let names: Vec<_> = fs::read_dir(outside).expect("it can be listed").collect();
        assert_eq!(names.len(), 1, "{names:?}");
    }
}

#[test]
fn no_output_goes_through_a_link() {
    let trap = Trap::new();
    trap.link("out");
    trap.folder("reports");
    for arguments in [
        &["plan", "--sandbox", "--out"][..],
        &["drift", "--sandbox", "--metrics"],
        &["export", "--sandbox", "--force", "--out"],
    ] {
        let run = |file: &str| trap.workspace.run(&[arguments, &[file]].concat());
        trap.holds(
            &run("out"),
            "it is a link, and no link is written through; remove it",
        );
        trap.holds(&run("reports/new"), "leads out of the working folder");
    }
    for format in ["text", "json", "markdown", "html", "github", "sarif", "junit"] {
        for (file, reported) in [
            ("out", "error: out cannot be written\n  because: it is a link"),
            ("reports/x", "leads out of the working folder"),
        ] {
            let arguments = ["plan", "--sandbox", "--format", &format!("{format}={file}")];
            trap.holds(&trap.workspace.run(&arguments), reported);
        }
    }
    assert!(trap.workspace.path("out").is_symlink());
}

#[test]
fn a_place_that_the_user_names_is_his_own() {
    let trap = Trap::new();
    trap.folder("reports");
    let outside = trap
        .victim
        .parent()
        .expect("it stands in a folder")
        .join("plan.json");
    let outside = outside.to_str().expect("the path is text");
    trap.workspace
        .run(&["plan", "--sandbox", "--out", outside])
        .exits(0);
    assert!(trap.workspace.path("reports/plan.json").exists());
    // By such links the system names its streams.
    let outcome = trap
        .workspace
        .run(&["plan", "--sandbox", "-q", "--format", "json=/dev/stdout,text"])
        .exits(0);
    assert!(
        outcome.stdout.starts_with("{\n  \"format_version\": 1"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stdout.contains("\nPlan: 2 to delete"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn a_found_file_is_written_in_its_own_tree_only() {
    let trap = Trap::new();
    trap.link("inventory.yaml.d");
    fs::create_dir(trap.workspace.path("inv")).expect("a folder can be made");
    symlink(&trap.victim, trap.workspace.path("inv/a.yaml")).expect("a link can be made");
    let beside = UNTIDY.replace("Europe", "Outlet");
    trap.workspace.write("inv/0.yaml", &beside);
    for arguments in [
        &["fmt", "inv"][..],
        &["fmt", "inv/a.yaml"],
        &["export", "--update", "--sandbox", "-f", "inv"],
    ] {
        let outcome = trap.workspace.run(arguments).exits(1);
        trap.holds(
            &outcome,
            "error: inv/a.yaml cannot be written\n  because: it leads out of the tree",
        );
    }
    let retained = fs::read_to_string(trap.workspace.path("inv/0.yaml")).expect("it is there");
    assert_eq!(retained, beside, "all are written, or none");
    // Looking is another thing.
    trap.workspace.run(&["fmt", "--check", "inv"]).exits(2);
}

#[test]
fn a_link_to_a_file_of_the_tree_leads_there() {
    let workspace = Workspace::bare();
    workspace.write("shared/eu.yaml", UNTIDY);
    workspace.write(
        "inv/us.yaml",
        "version: 1\n\nstocks:\n  - name: US\n    sources: [hq]\n",
    );
    symlink("../shared/eu.yaml", workspace.path("inv/eu.yaml")).expect("a link can be made");
    let outcome = workspace.run(&["fmt", "inv"]).exits(0);
    assert_eq!(
        outcome.stderr,
        "Wrote [DIR]/shared/eu.yaml, which inv/eu.yaml leads to.\n"
    );
    assert!(workspace.path("inv/eu.yaml").is_symlink());
    let tidy = fs::read_to_string(workspace.path("shared/eu.yaml")).expect("it is there");
    assert_eq!(
        tidy,
        "version: 1\n\nstocks:\n  - name: Europe Stock\n    sources: [leipzig]\n"
    );
}

#[test]
fn init_writes_into_no_other_folder() {
    let trap = Trap::new();
    trap.folder(".github");
    trap.holds(
        &trap.workspace.run(&["init", "--ci", "github"]),
        "leads out of the working folder",
    );
    let workspace = Trap::new();
    workspace.link("targets.yaml");
    let outcome = workspace.workspace.run(&["init"]).exits(0);
    assert!(
        outcome
            .stderr
            .contains("targets.yaml is there already and was left alone"),
        "{}",
        outcome.stderr
    );
    assert_eq!(
        fs::read_to_string(&workspace.victim).expect("it is there"),
        UNTIDY
    );
}

#[test]
fn the_manual_goes_through_no_link() {
    let trap = Trap::new();
    fs::create_dir(trap.workspace.path("man")).expect("a folder can be made");
    trap.link("man/stocktake-plan.1");
    trap.holds(&trap.workspace.run(&["man", "--out", "man"]), "it is a link");
}

#[test]
fn the_state_stands_where_its_path_says() {
    let shop = SandboxProcess::demo();
    let trap = Trap::new();
    trap.folder(".stocktake");
    let run = |arguments: &[&str]| {
        let mut command = trap.workspace.command(arguments);
        let command = command
            .env("STOCKTAKE_URL", shop.url())
            .env("STOCKTAKE_TOKEN", testkit::workspace::TOKEN);
        let output = command.output().expect("it can be started");
        Outcome {
            code: output.status.code().expect("it ends by itself"),
            stdout: String::from_utf8(output.stdout).expect("output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("output is UTF-8"),
        }
    };
    for command in [
        &["apply", "--yes"][..],
        &["drift"],
        &["rollback", "--list"],
        &["reindex", "--force"],
    ] {
        trap.holds(&run(command), "leads out of the working folder");
    }
    fs::remove_file(trap.workspace.path(".stocktake")).expect("the link can be removed");
    assert_eq!(run(&["apply", "--yes"]).code, 0);
    let journal = trap.workspace.journal();
    for name in ["journal.jsonl", "lock", "pre-images"] {
        let place = journal.with_file_name(name);
        let aside = journal.with_file_name("aside");
        fs::rename(&place, &aside).expect("it can be moved");
        symlink(&trap.victim, &place).expect("a link can be made");
        trap.holds(&run(&["apply", "--yes"]), "it is a link");
        fs::remove_file(&place).expect("the link can be removed");
        fs::rename(&aside, &place).expect("it can be moved");
    }
    // Who holds the lock is told in a file that is made anew.
    trap.link("x");
    symlink(&trap.victim, journal.with_file_name("lock.json")).expect("a link can be made");
    let outcome = run(&["apply", "--yes"]);
    assert_eq!(
        fs::read_to_string(&trap.victim).expect("it is there"),
        UNTIDY,
        "{outcome:?}"
    );
}
