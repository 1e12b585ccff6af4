//! What programs that we start see of the environment, and what is shown of what they say: no secret.
#![cfg(unix)]

use testkit::proxy::{Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{Outcome, TOKEN, Workspace};

const SECRET: &str = "s3cr?t/that+nobody may see";

/// A file with two targets, of which `shop` is the one that is worked on, with these settings.
fn workspace(shop: &SandboxProcess, settings: &str) -> Workspace {
    let workspace = Workspace::new()
        .variable("SHOP_TOKEN", TOKEN)
        .variable("OTHER_TOKEN", SECRET)
        .variable("HOOK", "https://hooks.example/s3cret")
        .variable("STOCKTAKE_ADMIN_PASSWORD", "admin-s3cret")
        .variable("STOCKTAKE_NOTE_TOKEN", "note-s3cret")
        .variable("HARMLESS", "stays");
    workspace.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    default: true\n    url: {}\n    {settings}\n  other:\n    \
             url: https://other.example\n    auth: {{ bearer: {{ env: OTHER_TOKEN }} }}\n    \
             notify: [ {{ slack: {{ env: HOOK }} }} ]\n",
            shop.url()
        ),
    );
    workspace
}

const BEARER: &str = "auth: { bearer: { env: SHOP_TOKEN } }";

/// All that a run left.
fn traces(workspace: &Workspace, outcome: &Outcome) -> String {
    let journal = std::fs::read_to_string(workspace.journal()).expect("a journal is text");
    outcome.stdout.clone() + &outcome.stderr + &journal
}

#[test]
fn a_step_sees_no_variable_that_holds_a_secret_and_all_others() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop, &format!("{BEARER}\n    reindex: [ {{ run: [env] }} ]"));
    let outcome = workspace.run(&["reindex", "--force"]).exits(0);
    assert!(outcome.stderr.contains("| HARMLESS=stays"), "{}", outcome.stderr);
    let traces = traces(&workspace, &outcome);
    for hidden in [
        "SHOP_TOKEN",
        TOKEN,
        "OTHER_TOKEN",
        SECRET,
        "HOOK",
        "ADMIN_PASSWORD",
        "NOTE_TOKEN",
    ] {
        assert!(!traces.contains(hidden), "{hidden}: {traces}");
    }
}

#[test]
fn a_variable_that_is_named_is_passed_to_that_step_alone_and_its_value_masked() {
    let shop = SandboxProcess::demo();
    let seen = r#"echo ${SHOP_TOKEN:+seen} $SHOP_TOKEN ${OTHER_TOKEN:+too much}"#;
    let settings = format!(
        "{BEARER}\n    reindex:\n      - {{ run: [sh, -c, '{seen}'], pass_env: [SHOP_TOKEN] }}\n      - {{ run: [sh, -c, '{seen}; echo done'] }}"
    );
    let outcome = workspace(&shop, &settings).run(&["reindex", "--force"]).exits(0);
    assert!(outcome.stderr.contains("  | seen ***\n"), "{}", outcome.stderr);
    assert_eq!(outcome.stderr.matches("| seen").count(), 1, "{}", outcome.stderr);
    assert!(!outcome.stderr.contains(TOKEN), "{}", outcome.stderr);
}

#[test]
fn what_a_step_says_is_masked_in_every_form_on_both_streams_and_across_long_lines() {
    let shop = SandboxProcess::demo();
    let settings = "auth: { bearer: { file: token } }\n    reindex: [ { run: [sh, say.sh] } ]";
    let workspace = workspace(&shop, settings);
    workspace.write("token", TOKEN);
    workspace.write("other", SECRET);
    workspace.write(
        "say.sh",
        "t=$(cat token); o=$(cat other)\n\
         echo plain $t; echo plain $o >&2\n\
         printf 'user:%s' \"$o\" | base64 -w 0; echo\n\
         echo 's3cr%3Ft%2Fthat%2Bnobody%20may%20see'\n\
         head -c 65520 /dev/zero | tr '\\0' x; echo $t\n\
         exit 3\n",
    );
    let outcome = workspace
        .run(&["reindex", "--force", "--format", "json"])
        .exits(6);
    assert_eq!(
        outcome.stderr.matches("plain ***").count(),
        2,
        "{}",
        outcome.stderr
    );
    let traces = traces(&workspace, &outcome);
    for said in [
        TOKEN,
        SECRET,
        "s3cr%3F",
        "czNjcj90",
        "zM2NyP3Q",
        "M2Nya",
        &TOKEN[..20],
    ] {
        assert!(!traces.contains(said), "{said}: {traces}");
    }
    assert!(traces.contains("xxx***"), "the long line is shown");
}

#[test]
fn a_program_that_fetches_a_secret_sees_none_and_what_it_says_is_masked() {
    let shop = SandboxProcess::demo();
    let line = format!("echo ${{OTHER_TOKEN:+too much}}${{HOOK:+passed}} >&2; set -x; echo {TOKEN}");
    let settings = format!(
        "auth: {{ bearer: {{ command: [sh, -c, '{line}'] }} }}\n    pass_env: [HOOK]\n    reindex: cron"
    );
    let outcome = workspace(&shop, &settings).run(&["plan"]).exits(0);
    assert!(outcome.stderr.contains("sh: passed"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("echo ***"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("too much"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains(TOKEN), "{}", outcome.stderr);
}

#[test]
fn what_a_web_hook_answers_is_masked() {
    let shop = SandboxProcess::demo();
    let body = format!(r#"{{"exit_code": "{TOKEN}", "stdout": "x"}}"#);
    let odd = Proxy::alone(move |_| Canned::new(200, "application/json", body.clone()));
    let body = format!(r#"{{"exit_code": 0, "stdout": "it is {TOKEN}"}}"#);
    let even = Proxy::alone(move |_| Canned::new(200, "application/json", body.clone()));
    for (hook, code, said) in [(&odd, 6, "cannot be read"), (&even, 0, "| it is ***")] {
        let settings = format!(
            "{BEARER}\n    reindex: [ {{ http: {{ url: '{}' }} }} ]",
            hook.url()
        );
        let workspace = workspace(&shop, &settings);
        let outcome = workspace.run(&["reindex", "--force"]).exits(code);
        let traces = traces(&workspace, &outcome);
        assert!(traces.contains(said), "{traces}");
        assert!(!traces.contains(TOKEN), "{traces}");
    }
}

#[test]
fn pass_env_stands_beside_a_program() {
    let shop = SandboxProcess::demo();
    let settings = format!(
        "{BEARER}\n    reindex: [ {{ http: {{ url: '{}' }}, pass_env: [HOOK] }} ]",
        shop.url()
    );
    let outcome = workspace(&shop, &settings).run(&["plan"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("only a program sees `HOOK`"),
        "{}",
        outcome.stderr
    );
}
