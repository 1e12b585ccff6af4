//! `--log-format json`: every line on standard error is one JSON object, whatever is told.

use serde_json::Value;

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{Outcome, TOKEN, Workspace};

/// The lines of standard error; each has the shape of the log's own.
#[track_caller]
fn lines(outcome: &Outcome) -> Vec<Value> {
    let parse = |line: &str| {
        let value: Value = serde_json::from_str(line)
            .unwrap_or_else(|error| panic!("{error}: {line:?}\n{}", outcome.stderr));
        let keys: Vec<_> = value.as_object().expect("an object").keys().cloned().collect();
        for key in ["timestamp", "level", "fields", "target"] {
            assert!(keys.iter().any(|known| known == key), "{line}");
        }
        let time = value["timestamp"].as_str().expect("a text");
        assert!(
            time.ends_with('Z') && time.len() == "2026-01-01T00:00:00.000000Z".len(),
            "{line}"
        );
        value
    };
    outcome.stderr.lines().map(parse).collect()
}

/// The messages of a level.
fn messages<'a>(lines: &'a [Value], level: &str) -> Vec<&'a str> {
    let of_level = lines.iter().filter(|line| line["level"] == level);
    of_level
        .filter_map(|line| line["fields"]["message"].as_str())
        .collect()
}

const JSON: [&str; 2] = ["--log-format", "json"];

fn run(workspace: &Workspace, arguments: &[&str]) -> Outcome {
    workspace.run(&[arguments, &JSON].concat())
}

#[test]
fn a_plan_warns_in_lines() {
    let workspace = Workspace::with(
        "version: 1\nsources: [{ code: hq }, { code: berlin }, { code: moon }]\nstocks: [{ name: Europe Stock, sources: [hq] }]\n",
    );
    let outcome = run(&workspace, &["plan", "--sandbox", "-v"]).exits(3);
    let output = lines(&outcome);
    let warning = output
        .iter()
        .find(|line| line["fields"]["rule"] == "unused-source")
        .expect("a warning");
    assert_eq!(warning["level"], "WARN");
    assert_eq!(warning["fields"]["line"], 2);
    let warning = output
        .iter()
        .find(|line| line["fields"]["rule"] == "missing-source")
        .expect("a warning");
    assert_eq!(warning["fields"]["place"]["file"], "inventory.yaml");
    assert!(
        outcome.stdout.contains("Europe Stock (stock 3)"),
        "the result stays as it is"
    );
}

#[test]
fn an_apply_tells_all_it_does_in_lines() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.settings(
        &shop.url(),
        &["reindex: [{ run: [printf, 'one \\x1b[31m\\n{\"two\": 2}\\n'] }]"],
    );
    let outcome = run(&workspace, &["apply", "--yes", "-vv"]);
    let output = lines(&outcome);
    assert!(
        messages(&output, "INFO").contains(&"Reindex step 1 of 1: printf one \\x1b[31m\\n{\"two\": 2}\\n"),
        "{output:#?}"
    );
    assert!(
        messages(&output, "INFO")
            .iter()
            .any(|message| message.trim_start() == "| {\"two\": 2}")
    );
    assert!(
        messages(&output, "INFO").contains(&"reading the live state"),
        "the log is there too"
    );
    assert!(messages(&output, "DEBUG").contains(&"answered"));
    assert!(
        messages(&output, "WARN")
            .iter()
            .any(|warning| warning.starts_with("no reindex step"))
    );
}

#[test]
fn failures_are_lines_with_what_to_do() {
    let workspace = Workspace::with("version: 1\nstocks: [{ name: Europe Stock, sources: [hq, hq] }]\n");
    let outcome = run(&workspace, &["plan", "--sandbox", "--format", "json"]).exits(1);
    let output = lines(&outcome);
    let finding = &output[0]["fields"];
    assert_eq!(
        (finding["rule"].as_str(), &finding["line"]),
        (Some("duplicate-link"), &2.into())
    );
    assert_eq!(messages(&output, "ERROR")[1], "the files cannot be used");
    assert_eq!(output[1]["fields"]["exit_code"], 1);
    assert_eq!(outcome.json()["exit_code"], 1);

    let outcome = run(&Workspace::bare(), &["plan"]).exits(1);
    let output = lines(&outcome);
    assert_eq!(messages(&output, "ERROR"), ["inventory.yaml cannot be read"]);
    assert!(output[0]["fields"]["hints"][0].is_string() && output[0]["fields"]["causes"][0].is_string());

    let workspace = Workspace::new().at("http://127.0.0.1:1");
    let output = lines(
        &run(
            &workspace,
            &["drift", "--metrics", "none/x", "--format", "markdown=none/d.md"],
        )
        .exits(1),
    );
    assert!(messages(&output, "WARN").contains(&"trying again"));
    assert_eq!(
        messages(&output, "ERROR"),
        [
            "the metrics file none/x cannot be written",
            "GET /rest/all/V1/inventory/stocks: no connection to the server"
        ]
    );
}

#[test]
fn wrong_usage_is_a_line_too() {
    let outcome = run(&Workspace::bare(), &["plan", "--nonsense"]).exits(64);
    assert_eq!(lines(&outcome)[0]["fields"]["exit_code"], 64);
    let workspace = Workspace::bare().variable("STOCKTAKE_LOG_FORMAT", "json");
    let outcome = workspace.run(&["plan", "--format=json", "--nonsense"]).exits(64);
    assert_eq!(lines(&outcome).len(), 1);
    assert_eq!(outcome.json()["exit_code"], 64);
    let text = workspace
        .run(&["plan", "--log-format", "text", "--nonsense"])
        .exits(64);
    assert!(text.stderr.starts_with("error: "), "{}", text.stderr);
    let help = run(&workspace, &["plan", "--help"]).exits(0);
    assert_eq!(help.stderr, "");
}

#[test]
fn quiet_is_quiet_and_no_colour_gets_in() {
    let workspace = Workspace::with(
        "version: 1\nsources: [{ code: hq }, { code: moon }]\nstocks: [{ name: Europe Stock, sources: [hq] }]\n",
    );
    assert_eq!(run(&workspace, &["plan", "--sandbox", "-q"]).exits(3).stderr, "");
    let outcome = run(&workspace, &["plan", "--sandbox", "--color", "always"]).exits(3);
    assert!(
        !lines(&outcome).is_empty() && !outcome.stderr.contains("u001b"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn no_secret_is_in_them() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url()).variable("STOCKTAKE_LOG", "trace");
    for arguments in [
        &["plan", "-vvv"][..],
        &["apply", "--yes", "-vvv"],
        &["doctor", "-vvv"],
    ] {
        let outcome = run(&workspace, arguments);
        assert!(
            lines(&outcome)
                .iter()
                .any(|line| line["level"] == "TRACE" || line["level"] == "DEBUG")
        );
        assert!(!outcome.stderr.contains(TOKEN), "{arguments:?}");
    }
}

#[test]
fn lines_of_several_targets_say_of_which_they_are() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    let target = |name: &str, url: &str| {
        format!(
            "  {name}: {{ url: '{url}', auth: {{ bearer: {{ env: SHOP_TOKEN }} }}, connection: {{ retry_pause: 1ms }} }}\n"
        )
    };
    let targets = target("here", &shop.url()) + &target("gone", "http://127.0.0.1:1");
    workspace.write("targets.yaml", &format!("version: 1\ntargets:\n{targets}"));
    let outcome = run(
        &workspace,
        &[
            "drift",
            "--all-targets",
            "-vv",
            "--format",
            "json",
            "--metrics",
            "m.prom",
        ],
    );
    let output = lines(&outcome);
    let failure = output
        .iter()
        .find(|line| line["level"] == "ERROR")
        .expect("one target fails");
    assert!(failure.to_string().contains("\"gone\""), "{failure}");
    // A key that stands twice is read differently by each program; JSON is YAML, whose reader refuses it.
    for line in outcome.stderr.lines() {
        serde_saphyr::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
    serde_saphyr::from_str::<Value>(r#"{"a": 1, "a": 2}"#).expect_err("the reader notices");
    let metrics = std::fs::read_to_string(workspace.path("m.prom")).expect("the file is there");
    assert!(
        metrics.contains("stocktake_drift_up{target=\"here\"} 1\nstocktake_drift_up{target=\"gone\"} 0\n"),
        "{metrics}"
    );
}
