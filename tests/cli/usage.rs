//! Wrong usage: exit 64, told on standard error, nothing asked of any shop.

use snapbox::{assert_data_eq, str};

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

#[test]
fn no_command_and_unknown_words_are_wrong_usage() {
    let workspace = Workspace::new();
    for arguments in [
        &[][..],
        &["nonsense"],
        &["plan", "--nonsense"],
        &["plan", "--format", "xml"],
        &["plan", "stray"],
        &["schema", "nothing"],
        &["completions"],
        &["plan", "-q", "-v"],
        &["sandbox", "--listen", "here"],
    ] {
        let outcome = workspace.run(arguments).exits(64).prints_nothing();
        assert!(!outcome.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_program_reads_of_wrong_usage_on_standard_output() {
    let workspace = Workspace::new();
    for (arguments, error) in [
        (
            &["plan", "--format", "json", "--nonsense"][..],
            "unexpected argument '--nonsense' found",
        ),
        (
            &["status", "stray", "--format=json"],
            "unexpected argument 'stray' found",
        ),
        (
            &["status", "--format", "json", "--sandbox", "--store", "de"],
            "the argument '--sandbox' cannot be used with '--store <CODE>'",
        ),
        (
            &["validate", "--format", "json", "-q", "-v"],
            "the argument '--quiet' cannot be used with '--verbose...'",
        ),
        (
            &["plan", "--sandbox", "--allow", "everything", "--format", "json"],
            "--allow: there is no guard `everything`; there are: deletes, delete-percent=STOCK, empty-stock=STOCK, \
             disabled-only=STOCK, doubtful-deletes",
        ),
        (
            &["plan", "--format=markdown=plan.md,json", "--nonsense"],
            "unexpected argument '--nonsense' found",
        ),
        (
            &["reindex", "--format", "json"],
            "no target is named and there is no targets.yaml",
        ),
        (
            &["apply", "--sandbox", "--format", "json"],
            "apply asks before it writes, and there is no terminal to ask on",
        ),
    ] {
        let outcome = workspace.run(arguments).exits(64);
        let document = outcome.json();
        assert_eq!(document["exit_code"], 64, "{arguments:?}");
        assert_eq!(document["error"], error, "{arguments:?}");
        assert!(outcome.stderr.contains("error"), "{}", outcome.stderr);
    }
}

#[test]
fn json_that_goes_to_a_file_is_not_expected_on_standard_output() {
    let arguments = ["plan", "--format", "text,json=plan.json", "--nonsense"];
    Workspace::new().run(&arguments).exits(64).prints_nothing();
}

#[test]
fn the_parsers_tips_are_hints() {
    let outcome = Workspace::new()
        .run(&["plan", "--format", "json", "--sandbx"])
        .exits(64);
    assert_eq!(
        outcome.json()["hints"],
        serde_json::json!(["a similar argument exists: '--sandbox'"])
    );
}

#[test]
fn help_is_help_whatever_the_format() {
    let outcome = Workspace::new()
        .run(&["plan", "--format", "json", "--help"])
        .exits(0);
    assert!(outcome.stdout.contains("Usage:"), "{}", outcome.stdout);
}

#[test]
fn two_targets_at_once_are_wrong_usage() {
    let workspace = Workspace::new();
    for arguments in [
        &["plan", "--sandbox", "--url", "http://127.0.0.1:9"][..],
        &["plan", "--sandbox", "--target", "shop"],
        &["plan", "--url", "http://127.0.0.1:9", "--target", "shop"],
        &["plan", "--sandbox", "--token-file", "token"],
    ] {
        workspace.run(arguments).exits(64).prints_nothing();
    }
}

#[test]
fn a_rehearsal_never_meets_the_shop_of_the_environment() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new()
        .at(shop.url())
        .variable("STOCKTAKE_TARGET", "production")
        .variable("STOCKTAKE_TOKEN_FILE", "no-such-file");
    workspace.run(&["apply", "--sandbox", "--yes"]).exits(0);
    assert!(shop.methods().is_empty());
}

#[test]
fn a_flag_beats_the_environment() {
    let (named, other) = (SandboxProcess::demo(), SandboxProcess::demo());
    let workspace = Workspace::new().at(other.url()).variable("SHOP_TOKEN", TOKEN);
    let workspace = workspace.variable("STOCKTAKE_TARGET", "no-such-target");
    workspace.run(&["plan", "--url", &named.url()]).exits(0);
    workspace.run(&["plan"]).exits(64).prints_nothing();
    workspace.target(&named.url(), &named.hook(), "60s");
    workspace.run(&["plan", "--target", "shop"]).exits(0);
    assert!(!named.methods().is_empty());
    assert!(other.methods().is_empty());
}

#[test]
fn no_target_is_wrong_usage_with_the_ways_out() {
    let outcome = Workspace::new().run(&["plan"]).exits(64).prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: no target is named and there is no targets.yaml
  help: give --url with the token in STOCKTAKE_TOKEN, write a targets.yaml, or rehearse with --sandbox

"#]]
    );
}

#[test]
fn a_guard_that_does_not_exist_cannot_be_allowed() {
    let outcome = Workspace::new()
        .run(&["plan", "--sandbox", "--allow", "everything"])
        .exits(64)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: --allow: there is no guard `everything`; there are: deletes, delete-percent=STOCK, empty-stock=STOCK, disabled-only=STOCK, doubtful-deletes

"#]]
    );
    let outcome = Workspace::new()
        .run(&["plan", "--sandbox", "--allow", "empty-stock"])
        .exits(64)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: --allow: `empty-stock` applies to one stock: write `empty-stock=STOCK`

"#]]
    );
}

#[test]
fn a_stock_that_no_file_names_cannot_be_allowed() {
    let outcome = Workspace::new()
        .run(&["plan", "--sandbox", "--allow", "empty-stock=Outlet Stock"])
        .exits(64)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: --allow names `Outlet Stock`, which is not a stock of the files

"#]]
    );
}

#[test]
fn an_unknown_target_is_reported_with_the_likely_one() {
    let workspace = Workspace::new();
    workspace.target("http://127.0.0.1:9", "http://127.0.0.1:9/hook", "1s");
    let outcome = workspace
        .run(&["plan", "--target", "shpo"])
        .exits(64)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: there is no target `shpo`; known: `shop`; did you mean `shop`?

"#]]
    );
}

#[test]
fn an_address_that_would_send_the_token_in_the_clear_is_refused() {
    let workspace = Workspace::new().at("http://shop.example.com");
    let outcome = workspace.run(&["plan"]).exits(64).prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: STOCKTAKE_URL: a URL must begin with `https://`; `http://` is for this machine itself (localhost, 127.0.0.1, [::1])

"#]]
    );
}

#[test]
fn an_address_without_a_scheme_is_told_so() {
    for (workspace, arguments, by) in [
        (
            Workspace::new(),
            &["plan", "--url", "shop.example.com"][..],
            "--url",
        ),
        (Workspace::new().at("localhost:8080"), &["plan"], "STOCKTAKE_URL"),
    ] {
        let outcome = workspace.run(arguments).exits(64).prints_nothing();
        let told = format!("error: {by}: this URL has no scheme: write `https://` before its host; ");
        assert!(outcome.stderr.starts_with(&told), "{}", outcome.stderr);
    }
}

#[test]
fn an_empty_variable_is_one_that_is_not_set() {
    let shop = SandboxProcess::demo();
    let arguments = ["drift", "-vv", "--all-targets"];
    let without = ["drift", "-vv"];
    for arguments in [&arguments[..], &without] {
        let run = |empty: &[&'static str]| {
            let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
            let workspace = empty
                .iter()
                .fold(workspace, |workspace, name| workspace.variable(name, ""));
            workspace.settings(&shop.url(), &["reindex: cron"]);
            let outcome = workspace.run(arguments).exits(2);
            (outcome.stdout, outcome.stderr.lines().count())
        };
        let unset = run(&[]);
        assert!(unset.1 > 0, "-vv tells nothing");
        let empty = [
            "STOCKTAKE_TARGET",
            "STOCKTAKE_URL",
            "STOCKTAKE_TOKEN_FILE",
            "STOCKTAKE_STATE_DIR",
            "STOCKTAKE_LOG_FORMAT",
            "STOCKTAKE_LOG",
        ];
        assert_eq!(run(&empty), unset);
        for name in empty {
            assert_eq!(run(&[name]), unset, "{name}");
        }
    }
}
