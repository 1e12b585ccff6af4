//! Every exit code, by the real binary, with a complete JSON document on standard output; what the documents say of each
//! case stands in the tests of the commands.

use serde_json::Value;

use testkit::proxy::{Action, Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

const APPLY: &[&str] = &["apply", "--yes", "--format", "json"];

/// The document of a run that must end with that code. One that names an exit code names this one.
#[track_caller]
fn document(workspace: &Workspace, arguments: &[&str], code: i32) -> Value {
    let document = workspace.run(arguments).exits(code).json();
    assert_eq!(document["format_version"], 1, "{document}");
    // A document that tells of an error and of nothing else is that of a failure, whatever the command.
    let of = if document.get("error").is_some() {
        "failure"
    } else {
        arguments[0]
    };
    let schema = workspace.run(&["schema", of]).exits(0).json();
    assert!(jsonschema::is_valid(&schema, &document), "no {of}: {document:#}");
    let output = document.get("exit_code").and_then(Value::as_i64);
    assert!(
        output.is_none_or(|output| output == i64::from(code)),
        "{document}"
    );
    document
}

#[test]
fn code_0_done() {
    let report = document(
        &Workspace::new(),
        &["apply", "--sandbox", "--yes", "--format", "json"],
        0,
    );
    assert_eq!(report["proof"]["state"], "converged");
    assert_eq!(report["reindex"]["state"], "done");
}

#[test]
fn code_1_error_and_nothing_written() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new()
        .variable("STOCKTAKE_URL", shop.url())
        .variable("STOCKTAKE_TOKEN", "bad");
    document(&workspace, APPLY, 1);
    assert_eq!(shop.writes(), 0);
}

#[test]
fn code_2_changes() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    let plan = document(
        &workspace,
        &["plan", "--detailed-exitcode", "--format", "json"],
        2,
    );
    assert_eq!(plan["summary"]["deletes"], 2);
    assert_eq!(shop.writes(), 0);
}

#[test]
fn code_3_refused_and_nothing_written() {
    let shop = SandboxProcess::demo();
    let workspace =
        Workspace::with("version: 1\nstocks:\n  - name: Europe Stock\n    sources: []\n").at(shop.url());
    let failure = document(&workspace, APPLY, 3);
    assert_eq!(failure["plan"]["guards"][0]["effect"], "refused");
    assert_eq!(shop.writes(), 0);
}

#[test]
fn code_4_stale_and_nothing_written() {
    let shop = SandboxProcess::demo();
    let proxy = Proxy::before(shop.address, |asked| {
        if asked.nth == 2 && asked.method == "GET" && asked.path.ends_with("stock-source-links") {
            return Action::Edit(|body| body.replace(r#""priority":8"#, r#""priority":80"#));
        }
        Action::Pass
    });
    let workspace = Workspace::new().at(proxy.url());
    workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    document(&workspace, &[APPLY, &["plan.json"]].concat(), 4);
    assert_eq!(shop.writes(), 0);
}

#[test]
fn code_5_partly_applied() {
    let shop = SandboxProcess::demo();
    let proxy = Proxy::before(shop.address, |asked| {
        if asked.path.ends_with("stock-source-links-delete") {
            let body = r#"{"message":"Can not delete link related to %1","parameters":["X"]}"#;
            return Action::Answer(Canned::new(400, "application/json", body));
        }
        Action::Pass
    });
    let report = document(&Workspace::new().at_without_waits(&proxy.url()), APPLY, 5);
    assert_eq!(report["proof"]["plan"]["summary"]["deletes"], 2);
    assert_eq!(shop.links(3).len(), 5, "the creates are done, the delete is not");
}

#[test]
fn code_6_applied_and_owed() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.target(&shop.url(), &format!("{}/no-such-hook", shop.url()), "60s");
    let report = document(&workspace, APPLY, 6);
    assert_eq!(report["proof"]["state"], "converged");
    assert_eq!(report["reindex"]["state"], "failed");
}

#[test]
fn code_64_wrong_usage() {
    let failure = document(
        &Workspace::new(),
        &["apply", "--format", "json", "--nonsense"],
        64,
    );
    assert_eq!(failure["error"], "unexpected argument '--nonsense' found");
    document(&Workspace::new(), &["apply", "--format", "json"], 64);
}

#[cfg(unix)]
#[test]
fn codes_130_and_143_interrupted() {
    use super::interrupt::{ended, send, waiting};
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let shop = SandboxProcess::demo();
        let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
        let child = waiting(&shop, &workspace, APPLY);
        send(signal, &child);
        let (ended, stdout) = ended(child);
        assert_eq!(ended, Some(code));
        let report: Value = serde_json::from_str(&stdout).expect("the document is complete");
        assert_eq!(report["exit_code"], code);
        assert_eq!(report["proof"]["state"], "converged");
    }
}

/// What the files want of the Europe Stock: what it has, one link more, one less, one of each, or half of it.
const AS_IT_IS: &str = "leipzig, berlin, hq, baltimore_wh";
const ONE_MORE: &str = "leipzig, berlin, hq, baltimore_wh, frankfurt";
const ONE_LESS: &str = "leipzig, berlin, hq";
const ONE_OTHER: &str = "leipzig, berlin, hq, frankfurt";
const HALF: &str = "leipzig, berlin";

/// The codes of `plan`, `plan --detailed-exitcode` and `drift`, by what is wanted and whether the read is sure.
const EDGES: [(&str, bool, [i32; 3]); 9] = [
    (AS_IT_IS, true, [0, 0, 0]),
    (ONE_MORE, true, [0, 2, 2]),
    (ONE_LESS, true, [0, 2, 2]),
    (HALF, true, [3, 3, 2]),
    ("", true, [3, 3, 2]),
    (AS_IT_IS, false, [0, 1, 1]),
    (ONE_MORE, false, [0, 1, 2]),
    (ONE_LESS, false, [3, 3, 2]),
    (ONE_OTHER, false, [3, 3, 2]),
];

/// A shop whose list of links never has as many as it says.
fn unsure(shop: &SandboxProcess) -> Proxy {
    Proxy::before(shop.address, |asked| {
        if asked.method == "GET" && asked.path.ends_with("stock-source-links") {
            return Action::Edit(|body| body.replace(r#""total_count":"#, r#""total_count":9"#));
        }
        Action::Pass
    })
}

fn wanting(sources: &str) -> Workspace {
    Workspace::with(&format!(
        "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [{sources}]\n"
    ))
}

#[test]
fn the_edges_of_plan_and_drift() {
    let shop = SandboxProcess::demo();
    let unsure = unsure(&shop);
    for (sources, is_sure, codes) in EDGES {
        let url = if is_sure { shop.url() } else { unsure.url() };
        let workspace = wanting(sources).at(url);
        let plan: &[&str] = &["plan", "--out", "plan.json"];
        for (arguments, code) in [plan, &["plan", "--detailed-exitcode"], &["drift"]]
            .iter()
            .zip(codes)
        {
            let outcome = workspace.run(arguments);
            assert_eq!(
                outcome.code, code,
                "[{sources}], sure: {is_sure}, {arguments:?}: {outcome:?}"
            );
            let warned = outcome
                .stderr
                .contains("warning: the read may be incomplete: the server says 9");
            assert_eq!(warned, !is_sure && arguments[0] == "plan", "{outcome:?}");
        }
        let saved = workspace
            .run(&["show", "plan.json", "--format", "json"])
            .exits(0)
            .json();
        assert_eq!(saved["format_version"], 1, "a plan is saved whatever its code");
    }
    let workspace = wanting(ONE_LESS).at(unsure.url());
    let lifted = ["plan", "--allow", "doubtful-deletes", "--detailed-exitcode"];
    workspace.run(&lifted[..3]).exits(0);
    workspace.run(&lifted).exits(1);
    assert_eq!(shop.writes(), 0);
}

#[test]
fn a_refused_plan_is_refused_when_it_is_applied() {
    let shop = SandboxProcess::demo();
    let workspace = wanting(HALF).at(shop.url());
    workspace.run(&["plan", "--out", "plan.json"]).exits(3);
    workspace.run(&["apply", "plan.json", "--yes"]).exits(3);
    assert_eq!(shop.writes(), 0);
}

#[test]
fn the_help_names_every_code() {
    let help = Workspace::new().run(&["--help"]).exits(0).stdout;
    let output = help.split_once("Exit codes:").expect("they are told").1;
    for code in [0, 1, 2, 3, 4, 5, 6, 64, 130, 143] {
        let code = format!(" {code} ");
        assert!(output.contains(&code), "no{code}in {output}");
    }
}
