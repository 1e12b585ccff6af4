//! `plan`, `status`, `export`, `validate` and `schema` send nothing but GET, by the shop's own log.

use super::desk::Desk;
use super::standing::Standing;

/// The requests of one read: stocks, sources, links.
const READ: usize = 3;

#[test]
fn plan_sends_nothing_but_get() {
    let shop = Standing::demo();
    let desk = Desk::new().at(shop.url());
    for arguments in [
        &["plan"][..],
        &["plan", "--format", "json"],
        &["plan", "--detailed-exitcode", "--allow", "deletes"],
    ] {
        desk.run(arguments);
    }
    assert_eq!(shop.methods(), [("GET".to_owned(), 3 * READ)].into());
}

#[test]
fn status_sends_nothing_but_get() {
    let shop = Standing::demo();
    let desk = Desk::new().at(shop.url());
    desk.run(&["status"]).exits(0);
    desk.run(&["status", "--format", "json"]).exits(0);
    assert_eq!(shop.methods(), [("GET".to_owned(), 2 * READ)].into());
}

#[test]
fn export_sends_nothing_but_get() {
    let shop = Standing::demo();
    let desk = Desk::new().at(shop.url());
    desk.run(&["export"]).exits(0);
    desk.run(&["export", "--explicit", "--out", "live.yaml"]).exits(0);
    assert_eq!(shop.methods(), [("GET".to_owned(), 2 * READ)].into());
}

#[test]
fn doctor_sends_nothing_but_get() {
    let shop = Standing::demo();
    Desk::new().at(shop.url()).run(&["doctor"]).exits(0);
    let methods = shop.methods();
    assert!(methods.contains_key("GET"));
    assert_eq!(methods.len(), 1, "{methods:?}");
}

#[test]
fn validate_and_schema_send_nothing_at_all() {
    let shop = Standing::demo();
    let desk = Desk::new().at(shop.url());
    desk.run(&["validate"]).exits(0);
    desk.run(&["schema"]).exits(0);
    desk.run(&["schema", "plan"]).exits(0);
    assert!(shop.methods().is_empty());
}
