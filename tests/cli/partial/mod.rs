//! Exit 5, exit 1 and exit 6 of an apply that met trouble on its way.

mod changed;
mod failed;

use testkit::proxy::Request;

fn is_delete(asked: &Request) -> bool {
    asked.path.ends_with("stock-source-links-delete")
}

/// The plan, and the lines below it.
fn plan_and_outcome(stdout: &str) -> (&str, &str) {
    stdout
        .split_once("then a reindex.\n\n")
        .expect("the plan comes first")
}

/// The lines below the plan.
fn outcome_of(stdout: &str) -> &str {
    plan_and_outcome(stdout).1
}
