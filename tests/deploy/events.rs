//! `action/run.sh`: which events may do what.

use super::checkout::{Checkout, Ended, of_project};
use testkit::sandbox_process::SandboxProcess;

fn run(checkout: &Checkout, command: &str, event: &[(&'static str, String)]) -> Ended {
    let mut variables = event.to_vec();
    variables.push(("INPUT_COMMAND", command.to_owned()));
    checkout.bash(&of_project("action/run.sh"), &variables)
}

/// The same event by another name.
fn named(event: &[(&'static str, String)], name: &str) -> Vec<(&'static str, String)> {
    let others = event
        .iter()
        .filter(|(variable, _)| *variable != "GITHUB_EVENT_NAME");
    let mut event: Vec<_> = others.cloned().collect();
    event.push(("GITHUB_EVENT_NAME", name.to_owned()));
    event
}

/// The same event with another value of a variable.
fn with(
    event: &[(&'static str, String)],
    variable: &'static str,
    value: &str,
) -> Vec<(&'static str, String)> {
    let mut event = event.to_vec();
    event.retain(|(name, _)| *name != variable);
    event.push((variable, value.to_owned()));
    event
}

fn requests(shop: &SandboxProcess) -> usize {
    shop.get("/_sandbox/log").as_array().map_or(0, Vec::len)
}

#[test]
fn events_that_are_not_known_to_be_safe_are_refused() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let push = checkout.push();
    for name in [
        "issue_comment",
        "issues",
        "pull_request_target",
        "workflow_run",
        "discussion",
        "discussion_comment",
        "repository_dispatch",
        "release",
        "deployment_status",
        "PUSH",
        "",
    ] {
        for command in ["plan", "apply", "drift", "validate"] {
            run(&checkout, command, &named(&push, name))
                .exits(64)
                .says("is refused");
        }
    }
    assert_eq!(requests(&shop), 0);
}

#[test]
fn what_nobody_reviewed_is_not_applied() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let request = checkout.pull_request("shop/inventory", &checkout.head());
    for name in ["pull_request", "pull_request_review", "merge_group"] {
        run(&checkout, "apply", &named(&request, name)).exits(64);
        run(&checkout, "drift", &named(&request, name)).exits(64);
    }
    run(&checkout, "destroy", &checkout.push()).exits(64);
    assert_eq!(requests(&shop), 0);
}

#[test]
fn a_merge_queue_checks_offline() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let queued = named(&checkout.push(), "merge_group");
    run(&checkout, "plan", &queued).exits(0).says("merge queue");
    checkout.write("inventory.yaml", "version: 1\nstocks: 7\n");
    checkout.commit("a slip");
    run(&checkout, "plan", &queued).exits(1);
    assert_eq!(requests(&shop), 0);
}

#[test]
fn a_dispatch_applies_from_the_default_branch_and_its_own_commit_alone() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let dispatch = named(&checkout.push(), "workflow_dispatch");
    let mut elsewhere = with(&dispatch, "GITHUB_REF_NAME", "mine");
    elsewhere = with(&elsewhere, "GITHUB_REF", "refs/heads/mine");
    for allow_older in ["true", "false"] {
        let event = with(&elsewhere, "INPUT_ALLOW_OLDER", allow_older);
        run(&checkout, "apply", &event)
            .exits(64)
            .says("from the default branch alone");
    }
    for command in ["apply", "drift", "plan"] {
        let event = with(
            &dispatch,
            "GITHUB_SHA",
            "0123456789012345678901234567890123456789",
        );
        run(&checkout, command, &event)
            .exits(64)
            .says("not at the commit that was dispatched");
    }
    let mut tag = with(&dispatch, "GITHUB_REF", "refs/tags/main");
    tag.push(("INPUT_ALLOW_OLDER", "true".to_owned()));
    run(&checkout, "apply", &tag)
        .exits(64)
        .says("from the default branch alone");
    assert_eq!(requests(&shop), 0);
    run(&checkout, "apply", &dispatch).exits(0);
}
