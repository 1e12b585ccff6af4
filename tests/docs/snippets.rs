//! Snippets of files: an inventory or a target is one that the loader takes, a hook is one that there is.

use serde_json::Value;
use spanned_yaml::diag::{Diagnostic, InputFiles, Style, render};
use stocktake::{spec, target};

use super::page::{Block, pages, root};

/// What a target needs besides its settings.
const NEEDED: [&str; 2] = [
    "    url: https://shop.example.com\n",
    "    auth: { bearer: { env: COMMERCE_TOKEN } }\n",
];

fn one(text: &str) -> InputFiles {
    InputFiles::one("snippet", text)
}

/// Every finding, warnings too: a snippet is to be copied.
fn reported(findings: &[Diagnostic], text: &str) -> Result<(), String> {
    if findings.is_empty() {
        return Ok(());
    }
    Err(render(findings, &one(text), Style::Plain))
}

fn inventory(text: &str) -> Result<(), String> {
    reported(&spec::load(&one(text)).diagnostics, text)
}

fn targets(text: &str) -> Result<(), String> {
    reported(&target::load(&mut one(text)).diagnostics, text)
}

/// Settings of a target, as they stand below its name.
fn settings(text: &str) -> Result<(), String> {
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    let needed = NEEDED
        .iter()
        .filter(|line| !has(&line[..line.find(':').map_or(0, |colon| colon + 1)]));
    targets(&format!(
        "version: 1\ntargets:\n  shop:\n{}{text}",
        needed.copied().collect::<String>()
    ))
}

/// The configuration of pre-commit: each hook is one of ours.
fn hooks(wanted: &Value) -> Result<(), String> {
    let ours = std::fs::read_to_string(root().join(".pre-commit-hooks.yaml")).expect("there are hooks");
    let ours: Value = serde_saphyr::from_str(&ours).expect("YAML");
    let ids = |hooks: &Value| -> Vec<String> {
        let hooks = hooks.as_array().into_iter().flatten();
        hooks.map(|hook| hook["id"].to_string()).collect()
    };
    let known = ids(&ours);
    let wanted = ids(&wanted["repos"][0]["hooks"]);
    match wanted.iter().find(|id| !known.contains(id)) {
        None if !wanted.is_empty() => Ok(()),
        unknown => Err(format!("no such hook: {unknown:?}; there are {known:?}")),
    }
}

/// A workflow of GitHub: its jobs have steps, and what they give to our action are inputs that there are.
fn workflow(jobs: &Value) -> Result<(), String> {
    let action = std::fs::read_to_string(root().join("action.yml")).expect("there is an action");
    let action: Value = serde_saphyr::from_str(&action).expect("YAML");
    let jobs = jobs
        .as_object()
        .filter(|jobs| !jobs.is_empty())
        .ok_or("no jobs")?;
    for (name, job) in jobs {
        let steps = job["steps"].as_array().filter(|steps| !steps.is_empty());
        let steps = steps.filter(|_| job["runs-on"].is_string());
        for step in steps.ok_or_else(|| format!("{name} runs nothing"))? {
            let uses = step["uses"].as_str().unwrap_or_default();
            let given = step["with"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(input, _)| input);
            for input in given.filter(|_| uses.contains("/stocktake@")) {
                if action["inputs"].get(input).is_none() {
                    return Err(format!("{name}: the action has no input {input}"));
                }
            }
        }
    }
    Ok(())
}

/// What is wrong with a snippet, if anything is.
fn checked(block: &Block) -> Result<(), String> {
    let text = &block.text;
    if block.language == "json" {
        return serde_json::from_str::<Value>(text)
            .map(|_| ())
            .map_err(|error| error.to_string());
    }
    if text.starts_with("    ") {
        return settings(text);
    }
    if text.starts_with("  - name:") {
        return inventory(&format!("version: 1\nstocks:\n{text}"));
    }
    let value: Value = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    let has = |key: &str| value.get(key).is_some();
    if has("targets") {
        targets(text)
    } else if has("stocks") || has("sources") {
        inventory(text)
    } else if has("repos") {
        hooks(&value)
    } else if has("jobs") {
        workflow(&value["jobs"])
    } else if has("groups") {
        Ok(()) // rules of Prometheus; the metrics in them are looked at with those of all pages
    } else {
        Err("nobody knows what this is of: an inventory, targets, settings of a target, hooks, jobs, rules of Prometheus".to_owned())
    }
}

#[test]
fn every_snippet_is_of_its_file() {
    let mut looked_at = 0;
    let mut wrong = Vec::new();
    for page in pages() {
        for block in &page.blocks {
            if !matches!(block.language.as_str(), "yaml" | "json") {
                continue;
            }
            looked_at += 1;
            if let Err(why) = checked(block) {
                wrong.push(format!("{}:{}: {why}", page.name, block.line));
            }
        }
    }
    assert!(looked_at >= 7, "only {looked_at} snippets were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_wrong_snippet_is_found() {
    let block = |language: &str, text: &str| Block {
        line: 1,
        language: language.to_owned(),
        remark: String::new(),
        text: text.to_owned(),
    };
    for wrong in [
        "version: 1\nstocks:\n  - name: A\n    source: [b]\n",
        "  - name: A\n    sources: [b, b]\n",
        "version: 1\ntargets:\n  shop:\n    url: https://shop.example.com\n",
        "    prove: everything\n",
        "repos:\n  - repo: x\n    hooks:\n      - id: stocktake-nonsense\n",
        "jobs: {}\n",
        "jobs: { drift: { runs-on: x, steps: [{ uses: OWNER/stocktake@v1, with: { targett: eu } }] } }\n",
    ] {
        assert!(checked(&block("yaml", wrong)).is_err(), "{wrong}");
    }
    assert!(checked(&block("json", "{")).is_err());
    assert!(checked(&block("yaml", "    prove: index\n")).is_ok());
}
