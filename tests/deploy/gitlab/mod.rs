//! `templates/gitlab.yml`: the scripts of its jobs, run as a runner does: one bash for all lines, which ends at an error.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::checkout::{Checkout, Ended, of_project};
use super::forge::{FORGE_TOKEN, Forge};
use testkit::binary;

mod apply;
mod hostile;
mod labels;
mod review;

/// The variables of a job.
type Variables = Vec<(&'static str, String)>;

/// Writes the script of a job, as a runner makes it.
fn script(checkout: &Checkout, name: &str) -> PathBuf {
    let text = std::fs::read_to_string(of_project("templates/gitlab.yml")).expect("the template can be read");
    let template: Value = serde_saphyr::from_str(&text).expect("the template is YAML");
    let lines = template[name]["script"].as_array().expect("the job has a script");
    let lines: Vec<&str> = lines.iter().filter_map(Value::as_str).collect();
    let bin = Path::new(binary())
        .parent()
        .expect("the binary stands in a folder");
    let script = format!(
        "set -eo pipefail\nPATH={}:$PATH\n{}\n",
        bin.display(),
        lines.join("\n")
    );
    let path = checkout.path("runner/job.sh");
    std::fs::write(&path, script).expect("the script can be written");
    path
}

/// Runs the script of a job.
fn job(checkout: &Checkout, name: &str, variables: &[(&'static str, String)]) -> Ended {
    checkout.bash(&script(checkout, name), variables)
}

/// A request on a branch of its own, whose job has these variables.
fn request(checkout: &Checkout) -> Variables {
    checkout.origin_is_itself();
    checkout.git(&["checkout", "--quiet", "-b", "request"]);
    vec![
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main".to_owned()),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", checkout.head()),
        ("CI_MERGE_REQUEST_IID", "7".to_owned()),
    ]
}

/// The variables of a job after the merge.
fn push(checkout: &Checkout) -> Variables {
    vec![
        ("CI_COMMIT_BRANCH", "main".to_owned()),
        ("CI_COMMIT_SHA", checkout.head()),
    ]
}

/// Gives a job the forge, and a token for it.
fn noting(mut variables: Variables, forge: &Forge) -> Variables {
    variables.extend([
        ("CI_API_V4_URL", format!("http://{}", forge.address)),
        ("CI_PROJECT_ID", "11".to_owned()),
        ("STOCKTAKE_NOTE_TOKEN", FORGE_TOKEN.to_owned()),
    ]);
    variables
}

/// Sets a variable.
fn with(mut variables: Variables, name: &'static str, value: &str) -> Variables {
    variables.retain(|(set, _)| *set != name);
    variables.push((name, value.to_owned()));
    variables
}

/// The plan as JSON among the artefacts.
fn plan_of(checkout: &Checkout) -> Value {
    let text = std::fs::read_to_string(checkout.path("work/stocktake-report/plan.json"));
    serde_json::from_str(&text.expect("the plan is an artefact")).expect("it is JSON")
}

/// How many links a plan deletes.
fn deletes(checkout: &Checkout) -> Value {
    plan_of(checkout)["summary"]["deletes"].clone()
}

/// A merge request with those labels, when each was set, and the commits that were pushed to it, each with its time.
fn labelled(labels: &[(&str, &str)], pushes: &[(&str, &str)]) -> Vec<(&'static str, Value)> {
    let names: Vec<&str> = labels.iter().map(|(name, _)| *name).collect();
    let events = labels.iter().enumerate().map(|(id, (name, at))| {
        json!({ "id": id, "created_at": at, "action": "add", "label": { "id": id, "name": name } })
    });
    let versions = pushes.iter().enumerate().map(
        |(id, (commit, at))| json!({ "id": id, "head_commit_sha": commit, "created_at": at, "state": "collected" }),
    );
    vec![
        (
            "/projects/11/merge_requests/7",
            json!({ "iid": 7, "labels": names }),
        ),
        (
            "/projects/11/merge_requests/7/resource_label_events",
            events.collect(),
        ),
        ("/projects/11/merge_requests/7/versions", versions.collect()),
    ]
}
