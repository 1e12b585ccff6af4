//! The question before an apply: it names each target and what would happen there.

use stocktake::reconcile::Plan;
use stocktake::report::question;

use testkit::plan_fixtures::{self as plans, HOSTILE};

fn on(target: &str, host: &str, mut plan: Plan) -> Plan {
    target.clone_into(&mut plan.target.name);
    plan.target.url = format!("https://{host}/");
    plan
}

#[test]
fn it_names_targets_and_numbers() {
    let eu = on("eu", "eu.example.com", plans::refused());
    let us = on("us", "us.example.com", plans::refused());
    let asia = on("asia", "asia.example.com", plans::in_sync());
    for (asked, text) in [
        (&[&eu][..], "Apply 7 changes to eu (eu.example.com)?"),
        (
            &[&eu, &us],
            "Apply 7 changes to eu (eu.example.com), 7 changes to us (us.example.com)?",
        ),
        (&[&asia], "Reindex asia (asia.example.com) if needed?"),
        (
            &[&asia, &eu],
            "Apply 7 changes to eu (eu.example.com), and reindex asia (asia.example.com) if needed?",
        ),
    ] {
        let asked = question(asked.iter().copied());
        assert_eq!(asked, format!("{text} Type \"yes\" to confirm:"));
    }
}

#[test]
fn no_name_can_act_on_the_terminal() {
    for text in HOSTILE {
        let asked = question([&on(text, "shop.example.com", plans::refused())]);
        assert!(!asked.chars().any(char::is_control), "{asked:?}");
    }
}
