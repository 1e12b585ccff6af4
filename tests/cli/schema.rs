//! `schema`: what is printed is what is published.

use serde_json::Value;

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

#[test]
fn what_is_printed_is_what_is_in_the_code() {
    let workspace = Workspace::bare();
    for (name, schema) in stocktake::cli::schemas() {
        let outcome = workspace.run(&["schema", name]).exits(0);
        assert_eq!(outcome.json(), schema.to_value(), "{name}");
        assert_eq!(outcome.stderr, "");
    }
}

/// The documents of every command, good and bad, are what their schemas say.
#[test]
fn what_commands_print_is_of_their_schemas() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.target(&shop.url(), &format!("{}/no-such-hook", shop.url()), "60s");
    for (arguments, of) in [
        (&["validate"][..], "validate"),
        (&["validate", "-f", "no-such-file.yaml"], "failure"),
        (&["doctor"], "doctor"),
        (&["status"], "status"),
        (&["plan"], "plan"),
        (&["plan", "--nonsense"], "failure"),
        (&["drift"], "drift"),
        (&["apply"], "failure"),
        (&["apply", "--yes"], "apply"),
        (&["drift", "--prove", "index"], "drift"),
        (&["status"], "status"),
        (&["rollback", "--list"], "pre-images"),
        (&["reindex"], "reindex"),
        (&["reindex", "--done"], "reindex"),
        (&["apply", "--yes"], "apply"),
    ] {
        let schema = workspace.run(&["schema", of]).exits(0).json();
        let output = workspace.run(&[arguments, &["--format", "json"]].concat()).json();
        let wrong = jsonschema::validate(&schema, &output).map_err(|error| error.to_string());
        assert_eq!(wrong, Ok(()), "{arguments:?}: {output:#}");
    }
}

/// What the reference tells of the journal is what stands in it.
#[test]
fn every_line_of_the_journal_is_of_its_schema() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.target(&shop.url(), &shop.hook(), "60s");
    workspace.run(&["apply", "--yes"]).exits(0);
    workspace
        .run(&["reindex", "--force", "--prove", "index"])
        .exits(0);
    let schema = stocktake::run::journal_schema().to_value();
    let journal = std::fs::read_to_string(workspace.journal()).expect("there is a journal");
    assert!(journal.lines().count() > 8, "{journal}");
    for line in journal.lines() {
        let line: Value = serde_json::from_str(line).expect("a line is JSON");
        let wrong = jsonschema::validate(&schema, &line).map_err(|error| error.to_string());
        assert_eq!(wrong, Ok(()), "{line:#}");
    }
    let folder = workspace.journal();
    let folder = folder.parent().expect("a journal stands in a folder");
    for entry in std::fs::read_dir(folder).expect("the folder can be listed") {
        let name = entry.expect("it is listed").file_name();
        let known = stocktake::run::STATE_FILES.iter().any(|file| name == file.name);
        assert!(known, "nobody tells of {name:?}");
    }
}
