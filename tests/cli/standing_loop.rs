//! The loop against a standing sandbox: changes, apply, none left; stale until the reindex; kept over a restart.

use super::desk::{Desk, TOKEN};
use super::standing::Standing;

#[test]
fn plan_2_apply_0_plan_0_and_quantities_old_before_the_reindex_and_new_after_it() {
    let folder = Desk::bare();
    let state = folder.path("shop.json");
    let shop = Standing::kept_in(&state);
    let desk = Desk::new().variable("SHOP_TOKEN", TOKEN);
    desk.target(&shop.url(), &format!("{}/no-such-hook", shop.url()), "60s");
    let quantities = |shop: &Standing| [2, 3].map(|stock| shop.quantity("alpine-jacket", stock));

    desk.run(&["plan", "--detailed-exitcode"]).exits(2);
    desk.run(&["apply", "--yes"]).exits(6);
    desk.run(&["plan", "--detailed-exitcode"]).exits(0);
    assert_eq!(quantities(&shop), [17, 10], "the links are new, the index is not");

    desk.target(&shop.url(), &shop.hook(), "60s");
    desk.run(&["reindex"]).exits(0);
    assert_eq!(quantities(&shop), [42, 29]);
    desk.run(&["apply", "--yes"]).exits(0);

    drop(shop);
    let again = Standing::kept_in(&state);
    assert_eq!(
        quantities(&again),
        [42, 29],
        "the state file outlives the process"
    );
    desk.target(&again.url(), &again.hook(), "60s");
    desk.run(&["plan", "--detailed-exitcode"]).exits(0);
}

#[test]
fn with_a_working_reindex_step_one_apply_does_it_all() {
    let folder = Desk::bare();
    let shop = Standing::kept_in(&folder.path("shop.json"));
    let desk = Desk::new().variable("SHOP_TOKEN", TOKEN);
    desk.target(&shop.url(), &shop.hook(), "60s");
    desk.run(&["plan", "--detailed-exitcode"]).exits(2);
    desk.run(&["apply", "--yes"]).exits(0);
    desk.run(&["plan", "--detailed-exitcode"]).exits(0);
    assert_eq!(shop.quantity("alpine-jacket", 2), 42);
    assert!(
        desk.run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: none owed")
    );
}
