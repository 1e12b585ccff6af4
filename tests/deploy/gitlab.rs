//! `templates/gitlab.yml`: the scripts of its jobs, run as a runner does: one bash for all lines, which ends at an error.

use serde_json::Value;

use super::checkout::{Checkout, Ended, of_project};
use super::desk::BINARY;
use super::forge::{BOT, Comment, FORGE_TOKEN, Forge};
use super::standing::Standing;

/// Runs the script of a job.
fn job(checkout: &Checkout, name: &str, variables: &[(&'static str, String)]) -> Ended {
    let text = std::fs::read_to_string(of_project("templates/gitlab.yml")).expect("the template can be read");
    let template: Value = serde_saphyr::from_str(&text).expect("the template is YAML");
    let lines = template[name]["script"].as_array().expect("the job has a script");
    let lines: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
    let bin = std::path::Path::new(BINARY)
        .parent()
        .expect("the binary stands in a folder");
    let script = format!(
        "set -eo pipefail\nPATH={}:$PATH\n{}\n",
        bin.display(),
        lines.join("\n")
    );
    let path = checkout.path("runner/job.sh");
    std::fs::write(&path, script).expect("the script can be written");
    checkout.bash(&path, variables)
}

fn request(checkout: &Checkout, forge: &Forge) -> Vec<(&'static str, String)> {
    checkout.origin_is_itself();
    vec![
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main".to_owned()),
        ("CI_API_V4_URL", format!("http://{}", forge.address)),
        ("CI_PROJECT_ID", "11".to_owned()),
        ("CI_MERGE_REQUEST_IID", "7".to_owned()),
        ("STOCKTAKE_NOTE_TOKEN", FORGE_TOKEN.to_owned()),
    ]
}

#[test]
fn a_merge_request_gets_one_note_and_a_merge_applies_it() {
    let shop = Standing::demo();
    let checkout = Checkout::of(&shop);
    let somebody = Comment::of("somebody", "<!-- stocktake:plan target=shop -->\nforged");
    let forge = Forge::with(vec![somebody.clone()]);
    let variables = request(&checkout, &forge);
    job(&checkout, "stocktake validate", &[]).exits(0);
    job(&checkout, "stocktake plan", &variables).exits(0);
    let first = forge.comments();
    assert_eq!(first.len(), 2, "{first:?}");
    assert!(first[1].body.contains("North America Stock"));
    for artifact in ["plan.md", "plan.json", "plan.html", "plan.xml"] {
        assert!(checkout.path("work").join(artifact).exists(), "{artifact}");
    }

    job(&checkout, "stocktake drift", &[]).exits(2);
    for artifact in ["drift.html", "drift.xml"] {
        assert!(checkout.path("work").join(artifact).exists(), "{artifact}");
    }
    job(&checkout, "stocktake apply", &[]).exits(0);
    job(&checkout, "stocktake drift", &[]).exits(0);
    job(&checkout, "stocktake plan", &variables).exits(0);
    let second = forge.comments();
    assert_eq!((second.len(), &second[0]), (2, &somebody));
    assert_eq!(second[1].author, BOT);
    assert_ne!(second[1].body, first[1].body);
}

#[test]
fn a_request_cannot_send_the_credential_elsewhere() {
    let shop = Standing::demo();
    let checkout = Checkout::of(&shop);
    let forge = Forge::with(Vec::new());
    let variables = request(&checkout, &forge);
    let thief = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    thief
        .set_nonblocking(true)
        .expect("it can be asked without waiting");
    let elsewhere = format!("http://{}", thief.local_addr().expect("it has an address"));
    checkout.write("targets.yaml", &super::checkout::targets(&elsewhere, &shop));
    job(&checkout, "stocktake plan", &variables).exits(0);
    assert!(thief.accept().is_err(), "nothing was sent there");
}
