//! How a step is judged: a program by exit code and output, a web hook by the command in its body.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::workspace;
use testkit::proxy::{Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

#[test]
fn a_program_is_judged_by_its_exit_code_and_by_its_output() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop, "http://127.0.0.1:9/never-called");
    let with_program = |script: &str| {
        workspace.write("magento", &format!("#!/bin/sh\n{script}\n"));
        workspace.write(
            "targets.yaml",
            &format!(
                "version: 1\ntargets:\n  shop:\n    url: {}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    \
                 reindex:\n      - run: [sh, ./magento, 'indexer:reindex', inventory]\n",
                shop.url()
            ),
        );
        workspace.run(&["reindex", "--force"])
    };
    let reindexed = "echo 'Inventory index has been rebuilt successfully in 00:00:01'";
    with_program(reindexed).exits(0);
    let failed = with_program(&format!("{reindexed}; exit 3")).exits(6);
    assert_data_eq!(
        failed.stdout,
        str![[r#"
Reindex: failed, owed: `sh ./magento indexer:reindex inventory`: exit code 3

"#]]
    );
    let quiet = with_program("echo 'Inventory index process unknown error:'").exits(6);
    assert_data_eq!(
        quiet.stdout,
        str![[r#"
Reindex: failed, owed: `sh ./magento indexer:reindex inventory`: exit code 0, but the index Inventory was not rebuilt: Inventory index process unknown error:

"#]]
    );
}

#[test]
fn a_hook_that_tells_of_its_command_is_believed_only_when_it_is_understood() {
    let shop = SandboxProcess::demo();
    let reindexed = "Inventory index has been rebuilt successfully in 00:00:01";
    for (answer, code) in [
        (format!(r#"{{"exit_code": 0, "stdout": "{reindexed}"}}"#), 0),
        (r#"{"queued": true}"#.to_owned(), 0),
        (r#"{"exit_code": 1, "stdout": null}"#.to_owned(), 6),
        (r#"{"exit_code": "1"}"#.to_owned(), 6),
        (format!(r#"{{"exit_code": 1, "stdout": ["{reindexed}"]}}"#), 6),
        (r#"{"exit_code": null, "error": "no such host"}"#.to_owned(), 6),
    ] {
        let body = answer.clone();
        let hook = Proxy::alone(move |_| Canned::new(200, "application/json", body.clone()));
        let ended = workspace(&shop, &hook.url()).run(&["reindex", "--force"]);
        assert_eq!(ended.code, code, "{answer}: {}", ended.stdout);
    }
}

/// A hook is told more than a command: who asks, which branch. None of that names an index.
#[test]
fn a_hook_is_judged_by_the_command_in_its_body_alone() {
    let shop = SandboxProcess::demo();
    let reindexed = "Inventory index has been rebuilt successfully in 00:00:01";
    for (body, stdout, code) in [
        (
            r#"{"command": "bin/magento indexer:reindex inventory", "ref": "main"}"#,
            reindexed,
            0,
        ),
        (
            r#"{"argv": ["indexer:reindex", "inventory"], "by": "ci", "env": {"name": "production"}}"#,
            reindexed,
            0,
        ),
        (r#"{"argv": ["indexer:reindex", "inventory"], "by": "ci"}"#, "", 6),
        (r#"{"ref": "main", "run": ["cache:clean", "full_page"]}"#, "", 0),
    ] {
        let answer = json!({ "exit_code": 0, "stdout": stdout }).to_string();
        let hook = Proxy::alone(move |_| Canned::new(200, "application/json", answer.clone()));
        let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
        workspace.write(
            "targets.yaml",
            &format!(
                "version: 1\ntargets:\n  shop:\n    url: {}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    \
                 reindex:\n      - http: {{ url: '{}', body: '{body}' }}\n",
                shop.url(),
                hook.url()
            ),
        );
        let ended = workspace.run(&["reindex", "--force"]);
        assert_eq!(ended.code, code, "{body}: {}", ended.stdout);
    }
}

#[test]
fn a_secret_in_an_address_of_a_step_is_not_reported() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    url: {0}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    \
             reindex:\n      - run: [echo, 'https://ci:s3cret@shop.example/?token=s3cret']\n      \
             - http: {{ url: '{0}/nowhere?token=s3cret' }}\n",
            shop.url()
        ),
    );
    let ended = workspace
        .run(&["reindex", "--force", "--format", "json", "-q"])
        .exits(6);
    assert!(
        ended.stdout.contains("echo https://***@shop.example/?token=***"),
        "{}",
        ended.stdout
    );
    let ready = workspace.run(&["doctor"]);
    for text in [ended.stdout, ended.stderr, ready.stdout, ready.stderr] {
        assert!(!text.contains("s3cret"), "{text}");
    }
}

#[test]
#[cfg(unix)]
fn a_program_has_ended_when_it_ends_although_it_leaves_another_behind() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    url: {}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    \
             reindex:\n      - run: [sh, -c, 'echo begun; sleep 20 & echo ended']\n        timeout: 10s\n",
            shop.url()
        ),
    );
    let ended = workspace.run(&["reindex", "--force"]).exits(0);
    assert!(ended.stderr.contains("  | ended\n"), "{}", ended.stderr);
}
