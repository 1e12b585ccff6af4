//! The loop against a standing sandbox: changes, apply, none left; stale until the reindex; kept over a restart.

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

#[test]
fn plan_2_apply_0_plan_0_and_quantities_old_before_the_reindex_and_new_after_it() {
    let folder = Workspace::bare();
    let state = folder.path("shop.json");
    let shop = SandboxProcess::with_state_file(&state);
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.target(&shop.url(), &format!("{}/no-such-hook", shop.url()), "60s");
    let quantities = |shop: &SandboxProcess| [2, 3].map(|stock| shop.quantity("alpine-jacket", stock));

    workspace.run(&["plan", "--detailed-exitcode"]).exits(2);
    workspace.run(&["apply", "--yes"]).exits(6);
    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
    assert_eq!(quantities(&shop), [17, 10], "the links are new, the index is not");

    workspace.target(&shop.url(), &shop.hook(), "60s");
    workspace.run(&["reindex"]).exits(0);
    assert_eq!(quantities(&shop), [42, 29]);
    workspace.run(&["apply", "--yes"]).exits(0);

    drop(shop);
    let again = SandboxProcess::with_state_file(&state);
    assert_eq!(
        quantities(&again),
        [42, 29],
        "the state file outlives the process"
    );
    workspace.target(&again.url(), &again.hook(), "60s");
    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn with_a_working_reindex_step_one_apply_does_it_all() {
    let folder = Workspace::bare();
    let shop = SandboxProcess::with_state_file(&folder.path("shop.json"));
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.target(&shop.url(), &shop.hook(), "60s");
    workspace.run(&["plan", "--detailed-exitcode"]).exits(2);
    workspace.run(&["apply", "--yes"]).exits(0);
    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
    assert_eq!(shop.quantity("alpine-jacket", 2), 42);
    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: none owed")
    );
}
