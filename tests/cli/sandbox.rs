//! `sandbox`: one line on standard output, loopback only, seeds and a state file.

use snapbox::{assert_data_eq, str};

use super::desk::Desk;
use super::standing::Standing;

#[test]
fn an_address_that_is_not_loopback_is_wrong_usage() {
    let outcome = Desk::bare()
        .run(&["sandbox", "--listen", "0.0.0.0:0"])
        .exits(64)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: the sandbox listens on loopback only, not on 0.0.0.0

"#]]
    );
}

#[test]
fn a_seed_that_is_none_is_told() {
    let desk = Desk::bare();
    let missing = desk
        .run(&["sandbox", "--listen", "127.0.0.1:0", "--seed", "nothing.json"])
        .exits(64)
        .prints_nothing();
    assert_data_eq!(
        missing.stderr,
        str![[r#"
error: no seed `nothing.json`: demo, empty or a file
  because: No such file or directory (os error 2)

"#]]
    );
    desk.write("seed.json", "{}");
    let bad = desk
        .run(&["sandbox", "--listen", "127.0.0.1:0", "--seed", "seed.json"])
        .exits(1)
        .prints_nothing();
    assert_data_eq!(
        bad.stderr,
        str![[r#"
error: seed.json is no seed
  because: this is no seed
  because: missing field `websites` at line 1 column 2

"#]]
    );
}

#[test]
fn a_state_that_is_none_is_told_and_kept() {
    let desk = Desk::bare();
    desk.write("state.json", "{}");
    let outcome = desk
        .run(&["sandbox", "--listen", "127.0.0.1:0", "--state", "state.json"])
        .exits(1)
        .prints_nothing();
    assert_data_eq!(
        outcome.stderr,
        str![[r#"
error: state.json is no sandbox state
  because: missing field `store` at line 1 column 2

"#]]
    );
    assert_eq!(
        std::fs::read_to_string(desk.path("state.json")).expect("it is still there"),
        "{}"
    );
}

#[test]
fn the_empty_seed_is_a_fresh_shop() {
    let shop = Standing::start(&["--seed", "empty"]);
    let list = shop.get("/_sandbox/state");
    assert_eq!(list["store"]["links"].as_array().map(Vec::len), Some(1));
}
