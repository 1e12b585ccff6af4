//! A token that ends in the middle of an apply: renewed where there is a way, reported truly where there is none.

use std::net::SocketAddr;

use serde_json::Value;

use super::login::Login;
use super::world::World;
use testkit::proxy::{Action, Canned, Proxy, Request};
use testkit::sandbox_process::SandboxProcess;
use testkit::wire::{self, Message};
use testkit::workspace::{Outcome, Workspace};

/// Three batches of twenty.
const WORLD: World = World {
    empty: 3,
    full: 0,
    sources: 20,
};

/// Has a shop end all its tokens.
fn expire_tokens(shop: SocketAddr) {
    let message = Message {
        method: "POST",
        target: "/_sandbox/tokens/expire",
        headers: Vec::new(),
        body: None,
    };
    assert_eq!(wire::send(shop, &message).status, 200);
}

/// A front whose shop ends all tokens right before the writes that are told by their numbers.
fn expiring_before(shop: &SandboxProcess, numbers: &'static [usize]) -> Proxy {
    let address = shop.address;
    let mut writes = 0;
    Proxy::before(address, move |asked| {
        if is_write(asked) {
            writes += 1;
            if numbers.contains(&writes) {
                expire_tokens(address);
            }
        }
        Action::Pass
    })
}

fn is_write(asked: &Request) -> bool {
    asked.method == "POST" && asked.path.contains("/inventory/")
}

/// The report of an apply, with the results of its changes: stock, source, result.
fn results(outcome: &Outcome) -> Vec<(u64, String, String)> {
    let report = outcome.json();
    let stocks = report["stocks"].as_array().expect("a report has stocks");
    let of_stock = |stock: &Value| {
        let id = stock["stock_id"].as_u64().expect("an id is a number");
        let changes = stock["changes"].as_array().expect("a stock has changes").clone();
        changes.into_iter().map(move |change| {
            let text = |key: &str| change[key].as_str().expect("it is text").to_owned();
            (id, text("source_code"), text("result"))
        })
    };
    stocks.iter().flat_map(of_stock).collect()
}

/// Asserts that what a report says of links to create is so in the shop's tables; gives how often each result stands there.
#[track_caller]
fn is_true(outcome: &Outcome, shop: &SandboxProcess) -> Vec<(&'static str, usize)> {
    let tables = shop.tables();
    let results = results(outcome);
    for (stock, source, result) in &results {
        let there = tables.iter().any(|(id, code, _)| (id, code) == (stock, source));
        assert_eq!(there, result == "done", "{stock} {source} {result}");
    }
    ["done", "failed", "unknown", "not_tried"]
        .into_iter()
        .map(|one| (one, results.iter().filter(|(.., result)| result == one).count()))
        .filter(|(_, number)| *number > 0)
        .collect()
}

#[test]
fn an_admins_token_is_renewed() {
    for (profile, more, login) in [
        ("2.4.3", &[][..], Login::admin()),
        ("2.4.4", &["--input-limits"], Login::admin()),
        ("2.4.4", &["--input-limits", "--two-factor"], Login::two_factor()),
    ] {
        let workspace = WORLD.workspace();
        let shop = WORLD.start(&workspace, profile, more);
        // The first write is refused for its size, the second is done.
        let front = expiring_before(&shop, &[3]);
        login
            .by_environment(workspace, &front.url())
            .run(&["apply", "--yes"])
            .exits(0);
        assert_eq!(shop.link_writes(), [400, 200, 401, 200, 200], "{profile}");
        assert_eq!(shop.sign_ins(), 2, "{profile}");
        assert_eq!(shop.tables().len(), WORLD.before() + WORLD.wanted());
    }
}

#[test]
fn an_applications_token_is_renewed() {
    let shop = SandboxProcess::of_generation("saas", &[]);
    let front = expiring_before(&shop, &[2]);
    Login::ims(&shop.url())
        .by_environment(Workspace::new(), &front.url())
        .run(&["apply", "--yes"])
        .exits(0);
    assert_eq!(shop.link_writes(), [200, 401, 200]);
    assert_eq!(shop.sign_ins(), 2);
}

#[test]
fn a_token_is_renewed_as_often_as_it_ends() {
    let workspace = WORLD.workspace();
    let shop = WORLD.start(&workspace, "2.4.3", &[]);
    let front = expiring_before(&shop, &[3, 5]);
    Login::admin()
        .by_environment(workspace, &front.url())
        .run(&["apply", "--yes"])
        .exits(0);
    assert_eq!(shop.link_writes(), [400, 200, 401, 200, 401, 200]);
    assert_eq!(shop.sign_ins(), 3);
}

#[test]
fn a_token_that_ends_between_reads_is_renewed_once_for_all_of_them() {
    let shop = SandboxProcess::of_generation("2.4.8", &[]);
    let address = shop.address;
    let front = Proxy::before(address, move |asked| {
        if asked.path.ends_with("/sources") && asked.nth == 1 {
            expire_tokens(address);
        }
        Action::Pass
    });
    let workspace = Login::admin().by_environment(Workspace::new(), &front.url());
    workspace.run(&["plan", "--detailed-exitcode"]).exits(2);
    assert_eq!(shop.sign_ins(), 2);
}

#[test]
fn a_token_is_renewed_before_its_end_by_the_shops_own_word() {
    // The sandbox gives tokens of an hour. One that has less than the margin left is not used at all: a shop whose
    // answer says that a token lives for a minute is asked for another one at each request.
    let shop = SandboxProcess::of_generation("saas", &[]);
    let front = Proxy::before(shop.address, |asked| {
        if asked.path.ends_with("/token/v3") {
            return Action::Edit(|body| body.replace(r#""expires_in":86399"#, r#""expires_in":60"#));
        }
        Action::Pass
    });
    let login = Login::ims(&front.url());
    let workspace = login.by_environment(Workspace::new(), &front.url());
    workspace.run(&["plan", "--detailed-exitcode"]).exits(2);
    let log = shop.log();
    let reads = log.iter().filter(|logged| logged.method == "GET");
    assert!(
        log.iter().all(|logged| logged.status == 200),
        "no token is ever refused"
    );
    assert_eq!(shop.sign_ins(), reads.count());
}

#[test]
fn a_ready_token_that_ends_among_the_writes_is_reported_truly() {
    for (profile, more) in [("2.4.3", &[][..]), ("2.4.4", &["--input-limits"])] {
        let workspace = WORLD.workspace();
        let shop = WORLD.start(&workspace, profile, more);
        let front = expiring_before(&shop, &[3]);
        let login = Login::bearer().with("bearer", &shop.admin_token());
        let outcome = login
            .by_environment(workspace, &front.url())
            .run(&["apply", "--yes", "--format", "json"])
            .exits(5);
        assert_eq!(
            is_true(&outcome, &shop),
            [("done", 20), ("unknown", 40)],
            "{profile}: nothing can be read any more"
        );
        assert_eq!(shop.link_writes(), [400, 200, 401], "{profile}");
        let report = outcome.json();
        assert_eq!(report["exit_code"], 5);
        let hints = report["hints"].to_string();
        assert!(hints.contains("the token is wrong or expired"), "{hints}");
    }
}

#[test]
fn a_ready_token_that_ends_before_the_first_write_leaves_nothing_that_is_known() {
    let workspace = WORLD.workspace();
    let shop = WORLD.start(&workspace, "2.4.3", &[]);
    let before = shop.tables();
    let front = expiring_before(&shop, &[1]);
    let login = Login::bearer().with("bearer", &shop.admin_token());
    let outcome = login
        .by_environment(workspace, &front.url())
        .run(&["apply", "--yes", "--format", "json"])
        .exits(5);
    // Who was refused may have been heard before, by a try that a gateway tells nothing of.
    assert_eq!(is_true(&outcome, &shop), [("unknown", 60)]);
    assert_eq!(shop.tables(), before);
}

#[test]
fn a_renewal_that_is_refused_is_not_tried_again_and_what_was_refused_before_is_unknown() {
    let shop = SandboxProcess::of_generation("saas", &[]);
    let writes = expiring_before(&shop, &[2]);
    let mut asked_for = 0;
    let identity = Proxy::before(shop.address, move |_| {
        asked_for += 1;
        if asked_for > 1 {
            return Action::Answer(Canned::new(
                400,
                "application/json",
                r#"{"error":"invalid_client"}"#,
            ));
        }
        Action::Pass
    });
    let outcome = Login::ims(&identity.url())
        .by_environment(Workspace::new(), &writes.url())
        .run(&["apply", "--yes", "--format", "json"])
        .exits(5);
    let results = results(&outcome);
    let count = |wanted: &str| results.iter().filter(|(.., result)| result == wanted).count();
    assert_eq!((count("done"), count("failed"), count("unknown")), (6, 0, 2));
    assert_eq!(identity.seen().len(), 2);
    assert_eq!(shop.link_writes(), [200, 401]);
}
