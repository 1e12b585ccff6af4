//! Several targets at once: one report in the order in which they were named, and the worst exit code.

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{Outcome, TOKEN, Workspace};

/// A file of targets, each with its address and its settings.
pub fn targets(workspace: &Workspace, targets: &[(&str, &str, &str)]) {
    let auth = "auth: { bearer: { env: SHOP_TOKEN } }";
    let targets = targets
        .iter()
        .map(|(name, url, settings)| format!("  {name}:\n    url: {url}\n    {auth}\n    {settings}\n"));
    let text = "version: 1\ntargets:\n".to_owned() + &targets.collect::<Vec<_>>().concat();
    workspace.write("targets.yaml", &text);
}

/// Two shops, `eu` and `us`, and `asia`, which nobody can connect to.
struct Shops {
    workspace: Workspace,
    eu: SandboxProcess,
    us: SandboxProcess,
}

const NOWHERE: &str = "http://127.0.0.1:1";

impl Shops {
    fn new() -> Self {
        let (eu, us) = (SandboxProcess::demo(), SandboxProcess::demo());
        let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
        let cron = "reindex: cron";
        let nowhere = "connection: { run_timeout: 1s }";
        targets(
            &workspace,
            &[
                ("eu", &eu.url(), cron),
                ("us", &us.url(), cron),
                ("asia", NOWHERE, nowhere),
            ],
        );
        Self { workspace, eu, us }
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        self.workspace.run(arguments)
    }

    /// The document of a run, which must be as its schema says and of that exit code.
    #[track_caller]
    fn document(&self, arguments: &[&str], code: i32) -> Value {
        let told = self
            .run(&[arguments, &["--format", "json"]].concat())
            .exits(code)
            .json();
        let schema = self.run(&["schema", "several"]).exits(0).json();
        let wrong = jsonschema::validate(&schema, &told).map_err(|error| error.to_string());
        assert_eq!(wrong, Ok(()), "{arguments:?}: {told:#}");
        assert_eq!(told["exit_code"], code);
        assert_eq!(told["command"], arguments[0]);
        told
    }
}

/// The exit code of each target, by its name, in the order of the report.
fn codes(document: &Value) -> Vec<(&str, u64)> {
    let targets = document["targets"].as_array().expect("a list").iter();
    let code = |of: &'_ Value| of["exit_code"].as_u64().expect("a number");
    targets
        .map(|of| (of["target"].as_str().expect("a name"), code(of)))
        .collect()
}

/// The last line, which names all targets.
fn summary(outcome: &Outcome) -> &str {
    outcome.stdout.lines().last().unwrap_or_default()
}

#[test]
fn targets_in_sync_are_told_one_after_the_other_as_they_were_named() {
    let shops = Shops::new();
    shops.run(&["apply", "--target", "eu,us", "--yes"]).exits(0);
    let outcome = shops.run(&["drift", "--target", "us,eu"]).exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
== us ==
us http://127.0.0.1:[PORT]/

Other stocks: 1 unmanaged and left alone.
In sync: nothing to change in 2 stocks.

Reindex: owed, according to this state directory; `stocktake reindex` runs it
In sync.

== eu ==
eu http://127.0.0.1:[PORT]/

Other stocks: 1 unmanaged and left alone.
In sync: nothing to change in 2 stocks.

Reindex: owed, according to this state directory; `stocktake reindex` runs it
In sync.

Targets: us in sync, eu in sync.

"#]]
    );
    assert_eq!(outcome.stderr, "");
    let separate = shops.run(&["drift", "--target", "us", "--target", "eu"]).exits(0);
    assert_eq!(summary(&separate), "Targets: us in sync, eu in sync.");
}

#[test]
fn a_target_that_drifted_is_told_beside_one_that_is_in_sync() {
    let shops = Shops::new();
    shops.run(&["apply", "--target", "us", "--yes"]).exits(0);
    let outcome = shops.run(&["drift", "--target", "eu,us"]).exits(2);
    assert_eq!(summary(&outcome), "Targets: eu drifted, us in sync.");
    let document = shops.document(&["drift", "--target", "eu,us"], 2);
    assert_eq!(codes(&document), [("eu", 2), ("us", 0)]);
    assert_eq!(document["targets"][0]["report"]["plan"]["summary"]["deletes"], 2);
    assert_eq!(document["targets"][1]["report"]["plan"]["summary"]["deletes"], 0);
}

#[test]
fn a_target_that_cannot_be_reached_stops_no_other_and_weighs_more_than_drift() {
    let shops = Shops::new();
    let outcome = shops.run(&["drift", "--all-targets", "--quiet"]).exits(1);
    assert_eq!(summary(&outcome), "Targets: eu drifted, us drifted, asia failed.");
    assert!(
        outcome
            .stdout
            .contains("\n== asia ==\nerror: GET /rest/all/V1/inventory/"),
        "{}",
        outcome.stdout
    );
    assert_eq!(outcome.stderr, "", "it is told once");

    let document = shops.document(&["drift", "--all-targets"], 1);
    assert_eq!(codes(&document), [("eu", 2), ("us", 2), ("asia", 1)]);
    assert_eq!(document["targets"][2]["report"], json!(null));
    assert_eq!(document["targets"][2]["error"]["exit_code"], 1);
    let outcome = shops
        .run(&["drift", "--all-targets", "--quiet", "--format", "json"])
        .exits(1);
    assert!(
        outcome.stderr.lines().all(|line| line.starts_with("asia: ")),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.starts_with("asia: error: GET "),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_secret_that_is_not_there_stops_its_target_alone() {
    let shops = Shops::new();
    let auth = "auth: { bearer: { env: NO_SUCH_TOKEN } }";
    let text = format!(
        "version: 1\ntargets:\n  eu:\n    url: {}\n    {auth}\n  us:\n    url: {}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n",
        shops.eu.url(),
        shops.us.url()
    );
    shops.workspace.write("targets.yaml", &text);
    let document = shops.document(&["drift", "--all-targets"], 1);
    assert_eq!(codes(&document), [("eu", 1), ("us", 2)]);
    let error = document["targets"][0]["error"]["error"].as_str();
    assert_eq!(error, Some("the environment variable `NO_SUCH_TOKEN` is not set"));
}

#[test]
fn apply_writes_to_all_that_it_may_write_to() {
    let shops = Shops::new();
    targets(
        &shops.workspace,
        &[
            ("eu", &shops.eu.url(), "guard: { max_deletes: 1 }"),
            ("us", &shops.us.url(), "reindex: cron"),
            ("asia", NOWHERE, "connection: { run_timeout: 1s }"),
        ],
    );
    let document = shops.document(&["apply", "--all-targets", "--yes"], 3);
    assert_eq!(codes(&document), [("eu", 3), ("us", 0), ("asia", 1)]);
    assert_eq!(document["targets"][0]["error"]["plan"]["target"]["name"], "eu");
    assert_eq!(document["targets"][1]["report"]["proof"]["state"], "converged");
    assert_eq!(shops.eu.writes(), 0);
    assert!(shops.us.writes() > 0);
    assert_eq!(shops.us.links(3)[2], ("frankfurt".to_owned(), 3));
}

#[test]
fn apply_shows_every_plan_before_it_writes_and_every_outcome_after_it() {
    let shops = Shops::new();
    let outcome = shops.run(&["apply", "--target", "eu,us", "--yes"]).exits(0);
    let headings: Vec<&str> = outcome
        .stdout
        .lines()
        .filter(|line| line.starts_with("== ") || line.starts_with("Plan: ") || *line == "Applied.")
        .collect();
    let plan = "Plan: 2 to delete, 2 to create, 4 to move in 2 stocks, then a reindex.";
    assert_eq!(
        headings,
        [
            "== eu ==", plan, "== us ==", plan, "== eu ==", "Applied.", "== us ==", "Applied."
        ]
    );
    assert_eq!(summary(&outcome), "Targets: eu applied, us applied.");
    for shop in [&shops.eu, &shops.us] {
        assert_eq!(shop.links(3)[2], ("frankfurt".to_owned(), 3));
    }
    let folders = std::fs::read_dir(shops.workspace.path(".stocktake")).expect("there is state");
    assert_eq!(folders.count(), 2, "each target has its own journal");
    let again = shops.run(&["apply", "--target", "eu,us", "--yes"]).exits(0);
    assert_eq!(
        summary(&again),
        "Targets: eu with nothing to apply, us with nothing to apply."
    );
}

#[test]
fn messages_carry_the_name_of_their_target() {
    let shops = Shops::new();
    targets(
        &shops.workspace,
        &[
            ("eu", &shops.eu.url(), &hook(&shops.eu)),
            ("us", &shops.us.url(), "reindex: cron"),
        ],
    );
    let outcome = shops.run(&["apply", "--target", "eu,us", "--yes"]).exits(0);
    let lines = outcome.stderr.lines().collect::<Vec<_>>();
    assert!(
        lines[0].starts_with("eu: Reindex step 1 of 1: POST http://127"),
        "{lines:?}"
    );
    assert!(lines.iter().all(|line| line.starts_with("eu: ")), "{lines:?}");
    assert_eq!(shops.eu.quantity("alpine-jacket", 2), 42);
}

fn hook(shop: &SandboxProcess) -> String {
    let body = r#"{"argv": ["indexer:reindex", "inventory"]}"#;
    format!(
        "reindex: [{{ http: {{ url: '{}', body: '{body}' }} }}]",
        shop.hook()
    )
}

#[test]
fn a_reindex_runs_where_it_is_owed() {
    let shops = Shops::new();
    shops.run(&["apply", "--target", "eu,us", "--yes"]).exits(0);
    targets(
        &shops.workspace,
        &[
            ("eu", &shops.eu.url(), &hook(&shops.eu)),
            (
                "us",
                &shops.us.url(),
                &hook(&shops.eu).replace("/magento", "/nothing"),
            ),
        ],
    );
    let document = shops.document(&["reindex", "--all-targets"], 6);
    assert_eq!(codes(&document), [("eu", 0), ("us", 6)]);
    assert_eq!(document["targets"][0]["report"]["reindex"]["state"], "done");
    let outcome = shops.run(&["reindex", "--all-targets", "--done"]).exits(0);
    assert_eq!(
        summary(&outcome),
        "Targets: eu with no reindex owed, us with no reindex owed."
    );
}

#[test]
fn status_and_doctor_tell_of_several_too() {
    let shops = Shops::new();
    let document = shops.document(&["status", "--target", "eu,us"], 0);
    assert_eq!(document["targets"][1]["report"]["target"]["name"], "us");
    let document = shops.document(&["doctor", "--all-targets"], 1);
    assert_eq!(codes(&document), [("eu", 0), ("us", 0), ("asia", 1)]);
    let outcome = shops.run(&["status", "--target", "eu,us"]).exits(0);
    assert_eq!(summary(&outcome), "Targets: eu different, us different.");
}

#[test]
fn the_last_line_of_a_status_says_what_stands_above_it() {
    let shops = Shops::new();
    shops.run(&["apply", "--target", "eu,us", "--yes"]).exits(0);
    let outcome = shops.run(&["status", "--target", "eu,us"]).exits(0);
    assert_eq!(summary(&outcome), "Targets: eu in sync, us in sync.");
    let arguments = ["status", "--target", "eu,us", "--prove", "index"];
    let outcome = shops.run(&arguments).exits(0);
    assert_eq!(
        summary(&outcome),
        "Targets: eu with a stale index, us with a stale index."
    );
}

#[test]
fn a_target_that_is_named_twice_is_asked_once_and_told_of_as_one() {
    let shops = Shops::new();
    let twice = shops
        .run(&["drift", "--target", "eu,eu", "--target", "eu"])
        .exits(2);
    assert_eq!(shops.eu.methods()["GET"], 3);
    let once = shops.run(&["drift", "--target", "eu"]).exits(2);
    assert_eq!((twice.stdout, twice.stderr), (once.stdout, once.stderr));
}

#[test]
fn all_targets_are_told_of_as_several_also_when_there_is_one() {
    let shops = Shops::new();
    targets(&shops.workspace, &[("eu", &shops.eu.url(), "reindex: cron")]);
    let document = shops.document(&["drift", "--all-targets"], 2);
    assert_eq!(codes(&document), [("eu", 2)]);
}

#[test]
fn names_that_cannot_be_meant_are_wrong_usage_before_anything_is_asked() {
    let shops = Shops::new();
    let outcome = shops
        .run(&["drift", "--target", "eu,asai"])
        .exits(64)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: there is no target `asai`; known: `eu`, `us`, `asia`; did you mean `asia`?

"#]]
    );
    for arguments in [
        &["drift", "--all-targets", "--target", "eu"][..],
        &["drift", "--all-targets", "--sandbox"],
        &["drift", "--all-targets", "--url", NOWHERE],
        &["export", "--all-targets"],
    ] {
        shops.run(arguments).exits(64).prints_nothing();
    }
    let outcome = shops.run(&["export", "--target", "eu,us"]).exits(64);
    assert!(
        outcome.stderr.contains("this command works on one target"),
        "{}",
        outcome.stderr
    );
    assert!(shops.eu.methods().is_empty());
}

#[test]
fn two_names_of_one_shop_are_not_written_to_side_by_side() {
    let shops = Shops::new();
    let url = shops.eu.url();
    targets(
        &shops.workspace,
        &[
            ("eu", &url, "reindex: cron"),
            ("strict", &url, "guard: { max_deletes: 0 }"),
        ],
    );
    for arguments in [
        &["apply", "--all-targets", "--yes"][..],
        &["reindex", "--all-targets"],
    ] {
        let outcome = shops.run(arguments).exits(64).prints_nothing();
        assert!(
            outcome
                .stderr
                .contains("the targets `eu` and `strict` are one shop"),
            "{}",
            outcome.stderr
        );
    }
    shops.run(&["drift", "--all-targets"]).exits(2);
    assert_eq!(shops.eu.writes(), 0);
}

#[test]
fn the_environment_can_name_several() {
    let shops = Shops::new();
    let Shops { workspace, eu, us } = shops;
    let shops = Shops {
        workspace: workspace.variable("STOCKTAKE_TARGET", "us,eu"),
        eu,
        us,
    };
    let outcome = shops.run(&["drift"]).exits(2);
    assert_eq!(summary(&outcome), "Targets: us drifted, eu drifted.");
    let outcome = shops.run(&["drift", "--all-targets"]).exits(1);
    assert_eq!(summary(&outcome), "Targets: eu drifted, us drifted, asia failed.");
}

/// Two targets that differ and one that cannot be reached, in every form.
#[test]
fn plans_of_several_take_every_form() {
    let shops = Shops::new();
    shops.run(&["apply", "--target", "us", "--yes"]).exits(0);
    let formats = "text=plan.txt,json=plan.json,markdown=plan.md,html=plan.html,github=plan.gh,sarif=plan.sarif,junit=plan.xml";
    let command = ["plan", "--all-targets", "--quiet", "--format", formats];
    let outcome = shops.run(&command).exits(1);
    assert_eq!(
        summary(&outcome),
        "Targets: eu to change, us in sync, asia failed."
    );
    let read = |name: &str| std::fs::read_to_string(shops.workspace.path(name)).expect("the file is there");
    assert_eq!(read("plan.txt").lines().last(), outcome.stdout.lines().last());
    let json: Value = serde_json::from_str(&read("plan.json")).expect("JSON");
    assert_eq!(codes(&json), [("eu", 0), ("us", 0), ("asia", 1)]);

    let comment = read("plan.md");
    let head: Vec<&str> = comment.lines().take(7).collect();
    assert_eq!(head[0], "<!-- stocktake:plan target=eu,us,asia -->");
    assert_eq!(head[2], "### Inventory plan for 3 targets");
    assert_eq!(
        head[4],
        "- `eu`: 📋 **Plan:** 2 to delete, 2 to create, 4 to move in 2 stocks, then a reindex."
    );
    assert_eq!(head[5], "- `us`: ✅ **In sync:** nothing to change in 2 stocks.");
    assert!(
        head[6].starts_with("- `asia`: ❌ **No result:** `GET /rest/"),
        "{}",
        head[6]
    );
    assert_eq!(comment.matches("\n\n### `eu`\n").count(), 1);
    assert!(
        !comment.contains("### `us`"),
        "there is no more to say: {comment}"
    );

    let page = read("plan.html");
    assert!(page.contains("<title>Inventory plan for eu, us, asia</title>"));
    for (at, target) in ["eu", "us", "asia"].iter().enumerate() {
        let title = format!(
            "<h1 id=\"t{}-title\">Inventory plan for <bdi>{target}</bdi></h1>",
            at + 1
        );
        assert!(page.contains(&title), "{title}");
    }
    assert!(read("plan.gh").contains(",title=eu%3A Europe Stock::"));
    assert!(read("plan.gh").contains("::error title=asia%3A no result::GET "));
    let log: Value = serde_json::from_str(&read("plan.sarif")).expect("JSON");
    let runs = log["runs"].as_array().expect("a list");
    let ids = runs.iter().map(|run| run["automationDetails"]["id"].as_str());
    let ids: Vec<_> = ids.collect();
    assert_eq!(
        ids,
        ["eu", "us", "asia"]
            .map(|name| format!("stocktake/{name}/"))
            .each_ref()
            .map(|id| Some(id.as_str()))
    );
    assert_eq!(runs[2]["invocations"][0]["executionSuccessful"], false);
    assert_eq!(runs[2]["results"][0]["ruleId"], "no-result");
    let suites = read("plan.xml");
    for suite in [
        r#"<testsuite name="eu" tests="8" skipped="0" errors="0" failures="8">"#,
        r#"<testsuite name="us" tests="2" skipped="0" errors="0" failures="0">"#,
        r#"<testsuite name="asia" tests="1" skipped="0" errors="1" failures="0">"#,
    ] {
        assert!(suites.contains(suite), "{suite}: {suites}");
    }
}

#[test]
fn the_exit_codes_of_plans_are_those_of_the_worst() {
    let shops = Shops::new();
    let cron = "reindex: cron";
    let strict = "guard: { max_deletes: 1 }";
    targets(
        &shops.workspace,
        &[("eu", &shops.eu.url(), strict), ("us", &shops.us.url(), cron)],
    );
    let document = shops.document(&["plan", "--all-targets", "--detailed-exitcode"], 3);
    assert_eq!(codes(&document), [("eu", 3), ("us", 2)]);
    assert_eq!(document["targets"][0]["report"]["guards"][0]["effect"], "refused");
    let outcome = shops.run(&["plan", "--all-targets"]).exits(3);
    assert_eq!(summary(&outcome), "Targets: eu refused by a guard, us to change.");
    let outcome = shops
        .run(&["plan", "--all-targets", "--out", "plan.json"])
        .exits(64);
    assert!(
        outcome.stderr.contains("a saved plan is for one target"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn what_is_wrong_with_the_files_is_told_once() {
    let shops = Shops::new();
    shops.workspace.write(
        "inventory.yaml",
        "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [hq, hq]\n",
    );
    for command in ["plan", "drift", "status", "apply"] {
        let yes: &[&str] = if command == "apply" { &["--yes"] } else { &[] };
        let arguments = [&[command, "--all-targets", "--format", "json"], yes].concat();
        let outcome = shops.run(&arguments).exits(1);
        assert_eq!(outcome.json()["error"], "the files cannot be used");
        assert_eq!(
            outcome.stderr.matches("duplicate-link").count(),
            1,
            "{}",
            outcome.stderr
        );
    }
    assert!(shops.eu.methods().is_empty());
}

#[test]
fn what_a_target_makes_of_the_files_stands_beside_its_name() {
    let shops = Shops::new();
    shops.workspace.write(
        "inventory.yaml",
        "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [hqq]\n",
    );
    let outcome = shops
        .run(&["plan", "--target", "eu,us", "--format", "github"])
        .exits(1);
    assert!(
        outcome.stdout.contains("title=us%3A unknown-source::"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stderr.contains("\nus: error[unknown-source]"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn one_file_of_metrics_holds_all_targets_and_hooks_are_told_where_there_are_any() {
    let shops = Shops::new();
    let outcome = shops
        .run(&["drift", "--all-targets", "--notify", "--metrics", "drift.prom"])
        .exits(64);
    assert!(
        outcome.stderr.contains("the targets name no web hook"),
        "{}",
        outcome.stderr
    );
    let hook = "notify: [{ webhook: { env: HOOK } }]";
    let cron = "reindex: cron";
    targets(
        &shops.workspace,
        &[("eu", &shops.eu.url(), hook), ("us", &shops.us.url(), cron)],
    );
    let arguments = ["drift", "--all-targets", "--notify", "--metrics", "drift.prom"];
    let document = shops.document(&arguments, 2);
    let told = &document["targets"][0]["report"]["notifications"];
    assert_eq!(told.as_array().map(Vec::len), Some(1), "{told}");
    assert_eq!(document["targets"][1]["report"]["notifications"], json!(null));
    let metrics = std::fs::read_to_string(shops.workspace.path("drift.prom")).expect("the file is there");
    for line in [
        r#"stocktake_drift_exit_code{target="eu"} 2"#,
        r#"stocktake_drift_exit_code{target="us"} 2"#,
    ] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
    assert_eq!(metrics.matches("# TYPE stocktake_drift_exit_code").count(), 1);
}

#[test]
fn targets_are_listed_offline_without_a_secret() {
    let workspace = Workspace::bare();
    workspace.write(
        "targets.yaml",
        "version: 1\ntargets:\n  eu:\n    url: https://eu.example.com\n    default: true\n    auth: { bearer: { file: eu.token } }\n    \
         connection: { ca_file: ca.pem }\n    reindex: cron\n  us:\n    url: https://us.example.com/shop\n    auth:\n      \
         admin: { user: { env: NOBODY }, password: { command: [no-such-program] } }\n    \
         reindex: [{ run: [bin/magento, indexer:reindex] }]\n",
    );
    let outcome = workspace.run(&["targets"]).exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
┌───────────────────────────────────────────────────────────────────────────────────────┐
│ Target   URL                            Auth     Files              Reindex   Default │
╞═══════════════════════════════════════════════════════════════════════════════════════╡
│ eu       https://eu.example.com/        bearer   eu.token, ca.pem   cron      default │
│ us       https://us.example.com/shop/   admin                       steps             │
└───────────────────────────────────────────────────────────────────────────────────────┘

"#]]
    );
    assert_eq!(outcome.stderr, "");
    let matrix = workspace.run(&["targets", "--format", "github-matrix"]).exits(0);
    assert_eq!(
        matrix.stdout,
        "{\"include\":[{\"target\":\"eu\"},{\"target\":\"us\"}]}\n"
    );
    let list = workspace.run(&["targets", "--format", "json"]).exits(0).json();
    let schema = workspace.run(&["schema", "target-list"]).exits(0).json();
    let wrong = jsonschema::validate(&schema, &list).map_err(|error| error.to_string());
    assert_eq!(wrong, Ok(()));
    assert_eq!(list["targets"][0]["files"], json!(["eu.token", "ca.pem"]));
    let failure = workspace
        .run(&["targets", "--targets", "none.yaml", "--format", "json"])
        .exits(1);
    assert_eq!(failure.json()["error"], "there is no none.yaml");
}

/// Two targets, one of which would change: the question names that one, and a no leaves both alone.
#[cfg(unix)]
#[test]
fn apply_asks_once_for_all() {
    for (answer, code, words) in [
        ("no\n", 1, "Targets: eu failed, us with nothing to apply."),
        ("yes\n", 0, "Targets: eu applied, us with nothing to apply."),
    ] {
        let shops = Shops::new();
        shops.run(&["apply", "--target", "us", "--yes"]).exits(0);
        let mut terminal = testkit::terminal::Terminal::new(120);
        terminal.types(answer);
        let outcome = shops
            .workspace
            .command(&["apply", "--target", "eu,us"])
            .stdin(terminal.end())
            .output()
            .expect("the binary can be started");
        let stdout = String::from_utf8(outcome.stdout).expect("output is UTF-8");
        let stderr = String::from_utf8(outcome.stderr).expect("output is UTF-8");
        assert_eq!(outcome.status.code(), Some(code), "{stdout}{stderr}");
        assert_eq!(stderr, "Apply these changes to eu? Type \"yes\" to confirm:\n");
        assert_eq!(stdout.lines().last(), Some(words));
        assert_eq!(shops.eu.writes() > 0, code == 0);
    }
}

#[test]
fn a_saved_plan_is_applied_to_one_target() {
    let shops = Shops::new();
    shops
        .run(&["plan", "--target", "eu", "--out", "plan.json"])
        .exits(0);
    let outcome = shops
        .run(&["apply", "--target", "eu,us", "--yes", "plan.json"])
        .exits(64);
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: PLAN: a saved plan is for one target
  help: name that target alone; without PLAN several are planned and applied at once

"#]]
    );
    assert_eq!(shops.eu.writes(), 0);
}

#[cfg(unix)]
#[test]
fn a_signal_reaches_all_and_each_tells_what_it_did() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    let shops = Shops::new();
    targets(
        &shops.workspace,
        &[
            ("eu", &shops.eu.url(), &hook(&shops.eu)),
            ("us", &shops.us.url(), &hook(&shops.us)),
        ],
    );
    shops.eu.begin_index_run();
    shops.us.begin_index_run();
    let mut child = shops
        .workspace
        .command(&["apply", "--all-targets", "--yes", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let mut waiting = std::collections::BTreeSet::new();
    for line in BufReader::new(child.stderr.as_mut().expect("it is piped")).lines() {
        let line = line.expect("output is UTF-8");
        if let Some((target, message)) = line.split_once(": ")
            && message.contains("another index run is working")
        {
            waiting.insert(target.to_owned());
        }
        if waiting.len() == 2 {
            break;
        }
    }
    assert_eq!(waiting.len(), 2, "{waiting:?}");
    super::interrupt::send("-TERM", &child);
    let (code, stdout) = super::interrupt::ended(child);
    assert_eq!(code, Some(143), "{stdout}");
    let document: Value = serde_json::from_str(&stdout).expect("the document is complete");
    assert_eq!(codes(&document), [("eu", 143), ("us", 143)]);
    for of in document["targets"].as_array().expect("a list") {
        assert_eq!(of["report"]["proof"]["state"], "converged");
        assert_eq!(
            of["report"]["reindex"]["steps"][0]["failure"]["reason"],
            "interrupted"
        );
    }
}
