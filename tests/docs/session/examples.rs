//! The examples of every command's help, which the reference shows too: each is run in a folder that has what it names.

use super::script::Command;
use super::workspace::Workspace;
use crate::examples::{Example, afterword, commands};

/// The files that an example finds: two targets, an inventory that the shop differs from, the same in parts, and a plan.
const FILES: &[(&str, &str)] = &[
    ("inventory.yaml", include_str!("../../../inventory.yaml")),
    (
        "base.yaml",
        "version: 1\nsources: [{ code: leipzig }, { code: hq }]\n",
    ),
    (
        "stocks/europe.yaml",
        "version: 1\n\nstocks:\n  - name: Europe Stock\n    sources: [leipzig, hq]\n",
    ),
    (
        "targets.yaml",
        "version: 1\n\
         targets:\n  \
           production:\n    \
             url: https://shop.example.com\n    \
             auth: { bearer: { env: COMMERCE_TOKEN } }\n    \
             default: true\n    \
             notify: [{ webhook: { env: DRIFT_HOOK } }]\n    \
             reindex:\n      \
               - http: { url: https://shop.example.com/_sandbox/magento, body: '{\"argv\": [\"indexer:reindex\", \"inventory\"]}' }\n  \
           staging:\n    \
             url: https://staging.example.com\n    \
             auth: { bearer: { env: COMMERCE_TOKEN } }\n",
    ),
];

/// Every example, each once.
fn examples() -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    for (_, command) in commands() {
        let (examples, _) = afterword(&command);
        for example in examples {
            if !found.contains(&example) {
                found.push(example);
            }
        }
    }
    found
}

/// Whether what a page shows as examples are such, so that the test here runs them.
pub fn shown(text: &str) -> Result<(), String> {
    let known = examples();
    for line in text.lines() {
        let line = line.split("  # ").next().unwrap_or_default().trim();
        if !known.iter().any(|example| example.line == line) {
            return Err(format!("this is no example of a command's help: {line}"));
        }
    }
    Ok(())
}

/// Makes a folder in which an example can stand.
fn folder_for(line: &str) -> Result<Workspace, String> {
    let mut workspace = Workspace::new();
    workspace.shop("https://shop.example.com")?;
    workspace.shop("https://staging.example.com")?;
    if line.contains("--url http://127.0.0.1:8080") {
        workspace.shop("127.0.0.1:8080")?;
    }
    workspace.folder("/var/lib/node_exporter");
    prepare(
        &mut workspace,
        "export COMMERCE_TOKEN=… STOCKTAKE_TOKEN=… DRIFT_HOOK=http://127.0.0.1:1",
    )?;
    prepare(
        &mut workspace,
        "mkdir -p stocks ~/.zfunc ~/.config/fish/completions ~/.local/share/bash-completion/completions",
    )?;
    for (name, text) in FILES {
        // What an example writes is not there yet, and a shop that the file lists is named by its target.
        let is_beside = *name == "targets.yaml" && line.contains("--url ");
        if !is_beside && !line.contains(&format!("--out {name}")) && !line.starts_with("stocktake init") {
            workspace.write(name, text, false)?;
        }
    }
    if line.contains("plan.json") && !line.contains("--out") {
        prepare(&mut workspace, "stocktake plan --quiet --out plan.json")?;
    }
    if line.starts_with("stocktake rollback") {
        prepare(&mut workspace, "stocktake apply --quiet --yes")?;
    }
    Ok(workspace)
}

fn prepare(workspace: &mut Workspace, text: &str) -> Result<(), String> {
    workspace.run(&Command {
        text: text.to_owned(),
        code: 0,
        output: None,
    })
}

/// Runs an example; who is asked says yes, or how the shop is reached.
fn run(line: &str) -> Result<(), String> {
    let mut workspace = folder_for(line)?;
    workspace.says(if line.starts_with("stocktake init") {
        "https://shop.example.com\noauth1\n"
    } else {
        "yes\n"
    });
    let differs = line.starts_with("stocktake drift") || line.contains("--detailed-exitcode");
    workspace.run(&Command {
        text: line.to_owned(),
        code: if differs { 2 } else { 0 },
        output: None,
    })
}

#[test]
fn every_example_of_the_help_runs() {
    let lines: Vec<String> = examples().into_iter().map(|example| example.line).collect();
    assert!(lines.len() > 40, "the examples were not found");
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let parts: Vec<_> = lines
            .chunks(lines.len().div_ceil(4))
            .map(|part| scope.spawn(move || part.iter().filter_map(|line| run(line).err()).collect()))
            .collect();
        let ended = parts
            .into_iter()
            .map(|part| -> Vec<String> { part.join().expect("no example panics") });
        ended.flatten().collect()
    });
    assert!(
        wrong.is_empty(),
        "examples of --help do not run (they find the files of tests/docs/session/examples.rs):\n\n{}",
        wrong.join("\n\n")
    );
}
