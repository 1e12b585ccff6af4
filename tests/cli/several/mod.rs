//! Several targets at once: one report in the order in which they were named, and the worst exit code.

mod drift_and_status;
mod own_files;
mod plans;
mod selection;
mod writes;

use serde_json::Value;

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
        let output = self
            .run(&[arguments, &["--format", "json"]].concat())
            .exits(code)
            .json();
        let schema = self.run(&["schema", "several"]).exits(0).json();
        let wrong = jsonschema::validate(&schema, &output).map_err(|error| error.to_string());
        assert_eq!(wrong, Ok(()), "{arguments:?}: {output:#}");
        assert_eq!(output["exit_code"], code);
        assert_eq!(output["command"], arguments[0]);
        output
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
