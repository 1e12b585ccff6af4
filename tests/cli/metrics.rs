//! `drift --metrics`: a file that a strict reader of the Prometheus text format takes, also when the check fails.

use std::collections::{BTreeMap, BTreeSet};

use stocktake::report::METRICS;

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

/// A series, by its name and labels, with its value.
type Samples = BTreeMap<String, f64>;

/// Reads the text format 0.0.4 more strictly than Prometheus does: every family announced by help and type, in the order of
/// the table, its samples together, each with the labels of the table, once.
fn parse(text: &str) -> Samples {
    assert!(text.ends_with('\n'), "the last line has no end");
    let mut samples = Samples::new();
    let mut lines = text.lines().peekable();
    let mut families = BTreeSet::new();
    let mut last = 0;
    while let Some(line) = lines.next() {
        let (name, help) = line
            .strip_prefix("# HELP ")
            .and_then(|rest| rest.split_once(' '))
            .expect("a help line");
        let at = METRICS
            .iter()
            .position(|metric| metric.name == name)
            .expect("a metric of the table");
        assert!(
            families.insert(name) && (at >= last),
            "{name} stands twice or in another place"
        );
        last = at;
        let metric = METRICS[at];
        assert_eq!(help, metric.help);
        assert_eq!(lines.next(), Some(&*format!("# TYPE {name} {}", metric.kind)));
        let mut any = false;
        while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
            any = true;
            let rest = line.strip_prefix(name).expect("a sample of the family");
            let (labels, value) = labels(rest.strip_prefix('{').expect("labels"));
            let names: Vec<_> = labels.iter().map(|(name, _)| &**name).collect();
            assert_eq!(names, metric.labels);
            let values: Vec<_> = labels.iter().map(|(_, value)| &**value).collect();
            let value = value
                .strip_prefix(' ')
                .expect("a blank")
                .parse()
                .expect("a number");
            let known = samples.insert(format!("{name} {}", values.join("/")), value);
            assert!(known.is_none(), "{line} stands twice");
        }
        assert!(any, "{name} has no sample");
    }
    samples
}

/// Reads labels up to the closing brace, and gives the rest.
fn labels(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut labels = Vec::new();
    loop {
        let (name, value) = rest.split_once("=\"").expect("a label");
        assert!(
            name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "{name}"
        );
        let mut text = String::new();
        let mut chars = value.char_indices();
        let end = loop {
            match chars.next().expect("the value ends") {
                (at, '"') => break at,
                (_, '\\') => text.push(match chars.next().expect("an escape").1 {
                    'n' => '\n',
                    c @ ('\\' | '"') => c,
                    c => panic!("there is no escape \\{c}"),
                }),
                (_, '\n') => panic!("a line break in a label"),
                (_, c) => text.push(c),
            }
        };
        labels.push((name.to_owned(), text));
        let after = &value[end + 1..];
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return (labels, after.strip_prefix('}').expect("the labels end")),
        }
    }
}

fn read(workspace: &Workspace) -> Samples {
    parse(&std::fs::read_to_string(workspace.path("stocktake.prom")).expect("the file is there"))
}

const METERED: [&str; 3] = ["drift", "--metrics", "stocktake.prom"];

#[test]
fn every_metric_is_there_and_true() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.settings(&shop.url(), &["reindex: cron"]);
    workspace.run(&METERED).exits(2);
    let samples = read(&workspace);
    let value = |series: &str| samples.get(series).copied();
    for (series, expected) in [
        ("stocktake_drift_up shop", 1.0),
        ("stocktake_drift_exit_code shop", 2.0),
        ("stocktake_drift_links shop/North America Stock/create", 1.0),
        ("stocktake_drift_links shop/North America Stock/move", 3.0),
        ("stocktake_drift_links shop/North America Stock/delete", 1.0),
        ("stocktake_drift_links shop/Europe Stock/create", 1.0),
        ("stocktake_drift_reordered_sources shop/North America Stock", 1.0),
        ("stocktake_drift_renumbered_links shop/North America Stock", 2.0),
        ("stocktake_drift_reordered_sources shop/Europe Stock", 0.0),
        ("stocktake_drift_renumbered_links shop/Europe Stock", 1.0),
        ("stocktake_drift_reindex_owed shop", 0.0),
        ("stocktake_drift_requests shop", 3.0),
    ] {
        assert_eq!(value(series), Some(expected), "{series}: {samples:#?}");
    }
    assert!(value("stocktake_drift_received_bytes shop").is_some_and(|bytes| bytes > 1000.0));
    assert!(value("stocktake_drift_duration_seconds shop").is_some_and(|seconds| seconds > 0.0));
    let run = value("stocktake_drift_last_run_timestamp_seconds shop");
    assert_eq!(run, value("stocktake_drift_last_success_timestamp_seconds shop"));
    assert!(run.is_some_and(|run| run > 1.7e9));

    workspace.run(&["apply", "--yes"]).exits(0);
    workspace
        .run(&[&METERED[..], &["--prove", "index"]].concat())
        .exits(2);
    let samples = read(&workspace);
    let value = |series: &str| samples.get(series).copied();
    assert_eq!(value("stocktake_drift_links shop/Europe Stock/create"), Some(0.0));
    assert_eq!(value("stocktake_drift_index_stale shop/Europe Stock"), Some(1.0));
    assert_eq!(value("stocktake_drift_reindex_owed shop"), Some(1.0));
    let output: BTreeSet<_> = samples
        .keys()
        .filter_map(|series| series.split(' ').next())
        .collect();
    assert_eq!(
        output,
        METRICS.iter().map(|metric| metric.name).collect(),
        "a metric is never told"
    );
}

#[test]
fn a_check_that_fails_says_so_and_keeps_the_last_success() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.settings(&shop.url(), &["reindex: cron"]);
    workspace.run(&METERED).exits(2);
    let success = "stocktake_drift_last_success_timestamp_seconds shop";
    let before = read(&workspace)[success];
    drop(shop);
    workspace.settings("http://127.0.0.1:1", &["connection: { retry_pause: 1ms }"]);
    for _ in 0..2 {
        workspace.run(&METERED).exits(1);
        let samples = read(&workspace);
        assert_eq!(samples.get("stocktake_drift_up shop"), Some(&0.0));
        assert_eq!(samples.get("stocktake_drift_exit_code shop"), Some(&1.0));
        assert_eq!(samples.get(success), Some(&before));
        assert!(samples["stocktake_drift_last_run_timestamp_seconds shop"] > before);
        assert_eq!(samples.get("stocktake_drift_requests shop"), Some(&4.0));
        assert!(
            !samples
                .keys()
                .any(|series| series.starts_with("stocktake_drift_links"))
        );
    }
    workspace.write("inventory.yaml", "no: inventory\n");
    workspace.run(&METERED).exits(1);
    assert_eq!(read(&workspace).get(success), Some(&before));
    workspace.write("targets.yaml", "no: targets\n");
    workspace.write(
        "inventory.yaml",
        "version: 1\nstocks: [{ name: Europe Stock, sources: [hq] }]\n",
    );
    workspace.run(&METERED).exits(1);
    let samples = read(&workspace);
    assert_eq!(samples.get("stocktake_drift_up "), Some(&0.0));
    assert_eq!(samples.get(success), Some(&before));
}

#[test]
fn names_from_outside_stay_in_their_labels() {
    let hostile = r#"a"b\c{d="e"} 1"#;
    let name = serde_json::json!(hostile).to_string();
    let demo = testkit::shop::DEMO_SEED;
    let workspace = Workspace::with(&format!(
        "version: 1\nstocks: [{{ name: {name}, sources: [hq] }}]\n"
    ));
    workspace.write("seed.json", &demo.replace("\"Europe Stock\"", &name));
    let seed = workspace.path("seed.json");
    let shop = SandboxProcess::start(&["--seed", seed.to_str().expect("a path")]);
    let workspace = workspace.variable("SHOP_TOKEN", TOKEN);
    workspace.settings(&shop.url(), &["reindex: cron"]);
    workspace.run(&METERED).exits(2);
    let samples = read(&workspace);
    assert!(
        samples.contains_key(&format!("stocktake_drift_links shop/{hostile}/move")),
        "{samples:#?}"
    );
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_that_hides_no_drift() {
    let workspace = Workspace::new();
    let arguments = [
        "drift",
        "--sandbox",
        "--metrics",
        "none/x.prom",
        "--format",
        "json,markdown=d.md",
    ];
    let outcome = workspace.run(&arguments).exits(1);
    assert_eq!(outcome.json()["plan"]["summary"]["creates"], 2);
    assert!(
        outcome
            .stderr
            .contains("the metrics file none/x.prom cannot be written"),
        "{}",
        outcome.stderr
    );
    assert!(workspace.path("d.md").exists());
}

#[test]
fn a_check_that_fails_does_not_hide_a_file_that_cannot_be_written() {
    let workspace = Workspace::new();
    for arguments in [
        &["--sandbox", "-f", "none.yaml"][..],
        &["--all-targets", "-f", "none.yaml"],
        &["--url", "http://127.0.0.1:1", "--format", "json"],
    ] {
        workspace.settings("http://127.0.0.1:1", &["connection: { retry_pause: 1ms }"]);
        let arguments = [&["drift", "--metrics", "none/x.prom"], arguments].concat();
        let outcome = workspace.run(&arguments);
        let output = outcome
            .stderr
            .matches("the metrics file none/x.prom cannot be written");
        assert_eq!(output.count(), 1, "{}", outcome.stderr);
        let first = if arguments.contains(&"--url") {
            "no credential"
        } else {
            "none.yaml cannot be read"
        };
        assert!(outcome.stderr.contains(first), "{}", outcome.stderr);
    }
}
