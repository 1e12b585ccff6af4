//! What the binary prints about a shop, files and steps that hold commands of CI systems: nothing that would be obeyed, and
//! nothing that is hidden.

use std::path::Path;

use serde_json::{Value, json};
use spanned_yaml::diag::is_hidden;

use testkit::ci_runner::{COMMANDS, obeyed};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{Outcome, Workspace};

/// The demo shop with those texts as names of sources and stocks, and in a code.
fn shop(folder: &Path) -> SandboxProcess {
    let seed = testkit::shop::DEMO_SEED;
    let mut seed: Value = serde_json::from_str(seed).expect("a seed");
    let mut texts = COMMANDS.iter().cycle();
    let mut next = || *texts.next().expect("they never end");
    for source in seed["sources"].as_array_mut().expect("sources") {
        source["name"] = next().into();
    }
    for stock in seed["stocks"].as_array_mut().expect("stocks").iter_mut().skip(1) {
        stock["name"] = format!("{} {}", next(), stock["stock_id"]).into();
    }
    rename(&mut seed, "austin_wh", "##[error]austin_wh");
    let path = folder.join("seed.json");
    std::fs::write(&path, seed.to_string()).expect("the seed can be written");
    SandboxProcess::start(&["--seed", path.to_str().expect("the path is text")])
}

fn rename(value: &mut Value, old: &str, new: &str) {
    match value {
        Value::String(text) if text == old => new.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, old, new)),
        Value::Object(fields) => fields.values_mut().for_each(|field| rename(field, old, new)),
        _ => {}
    }
}

#[track_caller]
fn assert_commands_nothing(arguments: &[&str], outcome: &Outcome) {
    for text in [&outcome.stdout, &outcome.stderr] {
        let ours = arguments.contains(&"github");
        let is_ours =
            |found: &String| ours && ["::error ", "::warning "].iter().any(|of| found.starts_with(of));
        let found: Vec<_> = obeyed(text).into_iter().filter(|found| !is_ours(found)).collect();
        assert_eq!(found, [""; 0], "{arguments:?}");
        assert_eq!(
            text.chars()
                .find(|c| !matches!(c, '\n' | '\u{1b}') && is_hidden(*c)),
            None,
            "{arguments:?}\n{text}"
        );
    }
}

#[test]
fn nothing_from_a_shop_is_obeyed() {
    let folder = tempfile::tempdir().expect("a folder");
    let existing = shop(folder.path());
    let workspace = Workspace::bare().variable("USER", "##[error]somebody");
    workspace.settings(
        &existing.url(),
        &["reindex: [{ run: [sh, -c, 'printf \"::error::a##[error]b\\r::error::c\\n\"; printf \"\\n::error::d\" >&2'] }]"],
    );
    let workspace = workspace.variable("SHOP_TOKEN", testkit::workspace::TOKEN);
    let export = workspace.run(&["export"]).exits(0);
    assert_commands_nothing(&["export"], &export);
    let inventory = export.stdout.replace("- hq", "- moon##[error]a\n      - hq");
    let names: Vec<Value> = existing.get("/rest/all/V1/inventory/stocks")["items"]
        .as_array()
        .expect("stocks")
        .iter()
        .map(|stock| stock["name"].clone())
        .collect();
    workspace.write("inventory.yaml", &export.stdout);
    let documents: &[(&[&str], i32)] = &[(&["plan"], 0), (&["status"], 0), (&["validate"], 0)];
    for (arguments, code) in documents {
        let outcome = workspace
            .run(&[*arguments, &["--format", "json"]].concat())
            .exits(*code);
        assert_commands_nothing(arguments, &outcome);
        outcome.json();
    }
    let status = workspace.run(&["status", "--format", "json"]).json();
    let output: Vec<Value> = status["stocks"]
        .as_array()
        .expect("stocks")
        .iter()
        .map(|stock| stock["name"].clone())
        .collect();
    for name in names.iter().skip(1) {
        assert!(output.contains(name), "{name} is not as it is in {output:?}");
    }
    workspace.write("##[error]x.yaml", &inventory);
    let first = COMMANDS[0];
    let wanted = json!(format!("##[error]{first}"));
    workspace.write(
        "wrong.yaml",
        &format!(
            "# ##[error]a \nversion: 1\nstocks:\n  - name: {wanted}\n    sources: [hq]\n  - nam##[e]: a\n"
        ),
    );
    workspace.write(
        "missing.yaml",
        &format!("version: 1\nstocks:\n  - name: {wanted}\n    sources: [hq]\n"),
    );
    let few = export.stdout.lines().filter(|line| !line.contains("hq"));
    workspace.write("few.yaml", &few.collect::<Vec<_>>().join("\n"));
    let commands: &[&[&str]] = &[
        &["plan"],
        &["plan", "--color", "always"],
        &["plan", "-f", "missing.yaml"],
        &["plan", "-f", "missing.yaml", "--format", "github"],
        &["plan", "-f", "wrong.yaml"],
        &["plan", "-f", "##[error]x.yaml"],
        &["plan", "-f", "::error::x.yaml"],
        &["plan", "-f", "few.yaml", "--format", "github"],
        &["plan", "-f", "few.yaml", "--format", "markdown"],
        &["plan", "-f", "few.yaml", "--format", "html"],
        &["plan", "-f", "few.yaml", "--format", "sarif"],
        &["plan", "-f", "few.yaml", "--format", "junit"],
        &["plan", "-f", "few.yaml", "--format", "json", "--out", "plan.json"],
        &["plan", "--stock", "##[error]a"],
        &["show", "plan.json"],
        &["status"],
        &["status", "--color", "always", "-vvv"],
        &["status", "--log-format", "json", "-vvv"],
        &["status", "--target", "##[error]a"],
        &["::error::a"],
        &["plan", "--format", "##[error]a"],
        &["drift", "-f", "few.yaml"],
        &["validate", "-f", "wrong.yaml"],
        &["validate", "-f", "wrong.yaml", "--color", "always"],
        &["validate", "-f", "wrong.yaml", "--format", "github"],
        &["validate", "-f", "wrong.yaml", "--format", "json"],
        &["validate", "-f", "wrong.yaml", "--log-format", "json"],
        &["fmt", "--diff", "##[error]x.yaml"],
        &["fmt", "--diff", "wrong.yaml"],
        &["fmt", "--check", "##[error]x.yaml"],
        &["graph"],
        &["graph", "--format", "dot"],
        &["graph", "--format", "svg"],
        &["doctor"],
        &["targets"],
        &["apply", "-f", "few.yaml", "--yes", "--allow", "deletes"],
        &["rollback", "--list"],
        &["reindex", "--force"],
    ];
    for arguments in commands {
        assert_commands_nothing(arguments, &workspace.run(arguments));
    }
    workspace.write("comment.yaml", "version: 1\nstocks: [] # ##[error]a ##vso[x]\n");
    workspace.run(&["fmt", "comment.yaml"]).exits(0);
    let formatted = std::fs::read_to_string(workspace.path("comment.yaml")).expect("it is there");
    assert_eq!(formatted, "version: 1\n\nstocks: [] # ## [error]a ## vso[x]\n");
}
