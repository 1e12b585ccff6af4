//! `action/say.sh`: nothing that others wrote commands the runner that reads the log.

use super::checkout::{Checkout, Ended, of_project, targets};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::TOKEN;

const COMMANDS: [&str; 4] = [
    "##[set-output name=comment;]forged.md",
    "::stop-commands::x",
    "::add-mask::a",
    "::error::forged",
];

fn run(checkout: &Checkout, mut variables: Vec<(&'static str, String)>, command: &str) -> Ended {
    variables.push(("INPUT_COMMAND", command.to_owned()));
    checkout.bash(&of_project("action/run.sh"), &variables)
}

/// A target whose credential comes from a program that says all of it.
fn loud(checkout: &Checkout, shop: &SandboxProcess) {
    let program =
        targets(&shop.url(), shop).replace("{ env: COMMERCE_TOKEN }", "{ command: [bash, token.sh] }");
    checkout.write("targets.yaml", &program);
    let said: Vec<String> = COMMANDS
        .iter()
        .map(|line| format!("echo '{line}' >&2\n"))
        .collect();
    checkout.write("token.sh", &format!("{}echo {TOKEN}\n", said.concat()));
}

#[test]
fn names_and_programs_command_nothing() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    loud(&checkout, &shop);
    checkout.commit("a loud program");
    let base = checkout.head();
    for command in COMMANDS {
        let inventory =
            format!("version: 1\nstocks:\n  - name: \"x{command}\"\n    sources: [\"{command}\", hq]\n");
        checkout.write("inventory.yaml", &inventory);
        checkout.commit("names");
        let ended = run(&checkout, checkout.pull_request("shop/inventory", &base), "plan");
        let ours = |line: &&str| line.starts_with("::error ") || line.starts_with("::notice ");
        assert!(ended.commands().iter().all(ours), "{}", ended.said);
        assert!(!ended.commands().contains(&"::error::forged"), "{}", ended.said);
        assert_eq!(ended.output("comment"), "", "{}", ended.said);
        for other in ["drift", "apply"] {
            let ended = run(&checkout, checkout.push(), other);
            let ours = |line: &&str| line.starts_with("::notice ");
            assert!(ended.commands().iter().all(ours), "{}", ended.said);
        }
    }
}

#[test]
fn what_the_scripts_say_of_names_is_one_line() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let base = checkout.head();
    let odd = "a%0A\n::error::forged\r\x1b[2J##[add-mask]x.yaml";
    checkout.link(odd, &checkout.path("runner"));
    checkout.commit("an odd link");
    let mut variables = checkout.pull_request("shop/inventory", &base);
    variables.push(("INPUT_FILES", ".".to_owned()));
    let ended = run(&checkout, variables, "plan").exits(64);
    let commands = ended.commands();
    assert_eq!(commands.len(), 1, "{commands:?}");
    assert!(
        commands[0].starts_with("::error title=stocktake::a%250A%0A::error::forged%0D"),
        "{commands:?}"
    );
    assert!(!ended.said.contains('\x1b'), "{}", ended.said);

    let mut branch = checkout.push();
    branch.push(("GITHUB_REF_NAME", "x\n::error::forged".to_owned()));
    let ended = run(&checkout, branch, "apply").exits(1);
    assert_eq!(ended.commands().len(), 1, "{}", ended.said);
}

#[test]
fn a_long_summary_keeps_its_verdict() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let fake = checkout.path("runner/fake");
    let lines =
        "for i in $(seq 30000); do echo \"line $i of Süd-Lager, which is a name with an umlaut\"; done";
    let program = format!("#!/usr/bin/env bash\n{lines}\necho '```'\necho 'Applied. 7 changes.'\n");
    Checkout::program(&fake, &program);
    let mut variables = checkout.push();
    variables.push(("STOCKTAKE_BINARY", fake.display().to_string()));
    let ended = run(&checkout, variables, "apply").exits(0).says("line 30000 of");
    assert!(ended.summary.len() < 1 << 20, "{}", ended.summary.len());
    assert!(ended.summary.len() > 900_000, "{}", ended.summary.len());
    let summary: Vec<&str> = ended.summary.lines().collect();
    assert_eq!(
        (summary[0], summary[1]),
        ("```text", "line 1 of Süd-Lager, which is a name with an umlaut")
    );
    assert!(ended.summary.contains("lines are left out here"));
    assert_eq!(
        summary[summary.len() - 3..],
        ["'''", "Applied. 7 changes.", "```"]
    );
}
