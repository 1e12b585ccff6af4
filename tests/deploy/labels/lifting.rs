//! A label lifts the guard that the comment shows, as long as it is set for this very push.

use super::{EMPTY, PERCENT, Request};
use crate::checkout::{Checkout, of_project};
use crate::forge::FORGE_TOKEN;
use testkit::proxy::{Canned, Proxy};

#[test]
fn labels_lift_what_the_comment_shows_and_the_merge_applies_it() {
    let request = Request::new();
    request.plan("opened", None).exits(3);
    let offered = request.comment();
    assert!(
        offered.contains(&format!("the label `{PERCENT}` lifts")),
        "{offered}"
    );
    assert!(
        offered.contains(&format!("the label `{EMPTY}` lifts")),
        "{offered}"
    );

    request.label(PERCENT).exits(3);
    let half = request.comment();
    assert!(half.contains("**Lifted by labels of this request**"), "{half}");
    assert!(
        half.contains("until the next push: `delete-percent=Europe Stock`\n"),
        "{half}"
    );
    assert!(half.contains("Refused by a guard"), "{half}");

    request.label(EMPTY).exits(0);
    let comment = request.comment();
    assert!(!comment.contains("Refused by a guard"), "{comment}");
    assert!(!comment.contains("was not set for this commit"), "{comment}");
    request.plan("reopened", None).exits(0);

    request.merge();
    let applied = request.apply().exits(0);
    assert!(
        applied.said.contains("labels of the request #7 lift"),
        "{}",
        applied.said
    );
    assert_eq!(request.links_of_europe(), 0);
}

#[test]
fn a_label_counts_in_any_letter_case() {
    let request = Request::new();
    request.label("Stocktake: Allow Delete-Percent");
    request.label("STOCKTAKE: allow empty-stock").exits(0);
    request.merge();
    request.apply().exits(0);
    assert_eq!(request.links_of_europe(), 0);
}

#[test]
fn a_plan_that_did_not_come_about_is_not_reported_as_lifted() {
    let request = Request::new();
    request.forge.label(PERCENT);
    request.forge.label(EMPTY);
    let stops = request.checkout.path("runner/stops");
    let program = format!(
        "#!/usr/bin/env bash\ncase $* in *--allow=*) exit 143 ;; esac\nexec '{}' \"$@\"\n",
        testkit::binary()
    );
    Checkout::program(&stops, &program);
    request.forge.head(&request.checkout.head());
    let mut variables = request
        .checkout
        .acted("shop/inventory", &request.base, "labeled", Some(EMPTY));
    variables.extend(request.platform());
    variables.push(("STOCKTAKE_BINARY", stops.display().to_string()));
    let ended = request
        .checkout
        .bash(&of_project("action/run.sh"), &variables)
        .exits(143);
    let comment = std::fs::read_to_string(ended.output("comment")).expect("there is a comment");
    assert!(comment.contains("Refused by a guard"), "{comment}");
    assert!(!comment.contains("Lifted by labels"), "{comment}");
}

#[test]
fn an_api_that_answers_something_else_changes_no_exit_code() {
    let request = Request::new();
    for answer in ["[]", "7", "\"down\"", "{\"labels\":[7,null]}", "", "<html>"] {
        let api = Proxy::alone(move |_| Canned::new(200, "application/json", answer));
        let mut variables = request
            .checkout
            .acted("shop/inventory", &request.base, "labeled", Some(EMPTY));
        variables.extend(request.platform());
        variables.retain(|(name, _)| *name != "GITHUB_API_URL");
        variables.push(("GITHUB_API_URL", api.url()));
        let run = of_project("action/run.sh");
        let ended = request.checkout.bash(&run, &variables).exits(3);
        assert_eq!(ended.output("exit-code"), "3", "{answer}: {}", ended.said);
        assert!(ended.summary.contains("Refused by a guard"), "{answer}");
        let mut push = request.checkout.push();
        push.extend(variables.into_iter().filter(|(name, _)| name.contains("API_URL")));
        push.push(("INPUT_GITHUB_TOKEN", FORGE_TOKEN.to_owned()));
        push.push(("INPUT_COMMAND", "apply".to_owned()));
        request.checkout.bash(&run, &push).exits(3);
    }
    assert_eq!(request.links_of_europe(), 4);
}

#[test]
fn a_push_makes_a_label_void_until_it_is_set_again() {
    let request = Request::new();
    request.label(PERCENT);
    request.label(EMPTY).exits(0);
    request.push_again();
    request.plan("synchronize", None).exits(3);
    let comment = request.comment();
    let again = format!("The label `{EMPTY}` was not set for this commit");
    assert!(comment.contains(&again), "{comment}");
    request.plan("reopened", None).exits(3);

    request.merge();
    request.apply().exits(3).says("nothing is lifted");
    assert_eq!(request.links_of_europe(), 4);

    request.label(PERCENT);
    request.label(EMPTY).exits(0);
    request.apply().exits(0);
}

#[test]
fn an_old_event_that_is_run_again_lifts_nothing() {
    let request = Request::new();
    request.forge.label(PERCENT);
    request.forge.label(EMPTY);
    request.plan("labeled", Some(PERCENT)).exits(3);
    request.forge.head("0123456789012345678901234567890123456789");
    request.plan_of_an_older_event("labeled", Some(EMPTY)).exits(3);
    let comment = request.comment();
    assert!(!comment.contains("`empty-stock=Europe Stock`"), "{comment}");
}

#[test]
fn a_label_that_was_taken_off_lifts_nothing() {
    let request = Request::new();
    request.label(PERCENT);
    request.label(EMPTY).exits(0);
    request.merge();
    request.forge.unlabel(EMPTY);
    request.apply().exits(3);
    request.plan("unlabeled", Some(EMPTY)).exits(3);
    assert!(request.comment().contains(&format!("the label `{EMPTY}` lifts")));
    assert_eq!(request.links_of_europe(), 4);
}
