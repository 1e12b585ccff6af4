//! The likely spelling: whatever a person may mistype, the word that was probably meant is named.

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

/// Asserts that a run is refused and names what was probably meant.
#[track_caller]
fn meant(workspace: &Workspace, arguments: &[&str], likely: &str) {
    let outcome = workspace.run(arguments);
    assert!(matches!(outcome.code, 1 | 64), "{arguments:?}: {outcome:?}");
    let output = outcome.stderr;
    let words = [format!("did you mean `{likely}`?"), format!("exists: '{likely}'")];
    assert!(
        words.iter().any(|words| output.contains(words)),
        "{arguments:?}: {output}"
    );
}

#[test]
fn words_of_the_command_line() {
    let workspace = Workspace::new();
    for (arguments, likely) in [
        (&["pln"][..], "plan"),
        (&["staus", "--sandbox"], "status"),
        (&["plan", "--sandbx"], "--sandbox"),
        (&["drift", "--sandbox", "--prov", "index"], "--prove"),
        (&["plan", "--format", "jsn"], "json"),
        (&["drift", "--sandbox", "--prove", "indx"], "index"),
        (&["schema", "inventry"], "inventory"),
        (&["completions", "bsh"], "bash"),
        (&["init", "--ci", "githb"], "github"),
        (&["plan", "--sandbox", "--color", "nver"], "never"),
    ] {
        meant(&workspace, arguments, likely);
    }
}

#[test]
fn stocks() {
    let workspace = Workspace::new();
    for arguments in [
        &["export", "--sandbox", "--stock", "Europ Stock"][..],
        &["graph", "--sandbox", "--stock", "Europ Stock"],
        &["plan", "--sandbox", "--allow", "empty-stock=Europ Stock"],
        &[
            "apply",
            "--sandbox",
            "--yes",
            "--allow",
            "delete-percent=Europ Stock",
        ],
    ] {
        meant(&workspace, arguments, "Europe Stock");
    }
}

#[test]
fn names_and_keys_of_files() {
    let workspace = Workspace::with("version: 1\nstocks:\n  - name: Europ Stock\n    sources: [leipzig]\n");
    meant(&workspace, &["plan", "--sandbox"], "Europe Stock");
    let workspace = Workspace::with("version: 1\nstocks:\n  - name: Europe Stock\n    sources: [leipzi]\n");
    meant(&workspace, &["plan", "--sandbox"], "leipzig");
    let workspace = Workspace::with("version: 1\nstock:\n  - name: Europe Stock\n");
    meant(&workspace, &["validate"], "stocks");
    let workspace = Workspace::with(
        "version: 1\nsources: [{ code: leipzig }]\nstocks: [{ name: A, sources: [leipzi] }]\n",
    );
    meant(&workspace, &["validate"], "leipzig");
}

#[test]
fn targets_and_their_keys() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", testkit::workspace::TOKEN);
    workspace.settings(&shop.url(), &["protect: [Europ Stock]"]);
    meant(&workspace, &["plan", "--target", "shpo"], "shop");
    // Not in the way of a plan, and told all the same.
    let output = workspace.run(&["plan"]).exits(0).stderr;
    assert!(output.contains("Europe Stock"), "{output}");
    workspace.settings(&shop.url(), &["gaurd: {}"]);
    meant(&workspace, &["plan"], "guard");
    workspace.settings(&shop.url(), &["prove: indx"]);
    meant(&workspace, &["plan"], "index");
}
