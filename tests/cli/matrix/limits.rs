//! Limits of the shop and of what stands before it: obeyed at once, remembered for the run.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use snapbox::{assert_data_eq, str};

use super::login::Login;
use super::world::{World, paged};
use testkit::proxy::{Action, Canned, Proxy, Request};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

const WORLD: World = World {
    empty: 3,
    full: 2,
    sources: 15,
};

/// How many links a write carries.
fn links(asked: &Request) -> usize {
    let body: serde_json::Value = serde_json::from_slice(&asked.body).expect("a write is JSON");
    body["links"].as_array().expect("a write has links").len()
}

/// How many links each write carried that came to a proxy.
fn sizes(proxy: &Proxy) -> Vec<usize> {
    let seen = proxy.seen().into_iter();
    seen.filter(|asked| asked.method == "POST")
        .map(|asked| links(&asked))
        .collect()
}

#[test]
fn limits_that_are_switched_on_are_found_out_once_a_run() {
    // From 2.4.7 on a list may have 999,999 items. The limit on pages looks for a spelling that stocktake does not use.
    for (profile, writes) in [
        ("2.4.1", &[400, 200, 200, 200][..]),
        ("2.4.4", &[400, 200, 200, 200]),
        ("2.4.7", &[200]),
        ("2.4.8", &[200]),
    ] {
        let workspace = WORLD.workspace();
        let shop = WORLD.start(&workspace, profile, &["--input-limits"]);
        let workspace = Login::oauth1().by_environment(workspace, &shop.url());
        workspace.run(&["apply", "--yes"]).exits(0);
        assert_eq!(shop.link_writes(), writes, "{profile}");
        let log = shop.log();
        let refused = log
            .iter()
            .filter(|logged| logged.method == "GET" && logged.status == 400);
        let refused: Vec<&str> = refused.map(|logged| logged.path.as_str()).collect();
        assert_eq!(refused, [""; 0], "{profile}");
        assert_eq!(shop.tables().len(), WORLD.before() + WORLD.wanted());
        workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
    }
}

#[test]
fn doctor_tells_the_page_limit() {
    let workspace = WORLD.workspace();
    let shop = WORLD.start(&workspace, "2.4.8", &["--input-limits"]);
    let front = paged(&shop, 300);
    for (url, page) in [(front.url(), "pages of 300"), (shop.url(), "pages of 10000")] {
        let workspace = Login::oauth1().by_environment(WORLD.workspace(), &url);
        let doctor = workspace.run(&["doctor"]).exits(0);
        assert!(doctor.stdout.contains(page), "{}", doctor.stdout);
    }
}

#[test]
fn a_body_that_is_too_large_for_a_front_is_halved_until_it_is_not() {
    let workspace = WORLD.workspace();
    let shop = WORLD.start(&workspace, "2.4.8", &[]);
    let front = Proxy::before(shop.address, |asked| {
        if asked.method == "POST" && links(asked) > 12 {
            let page = "<html><head><title>413 Request Entity Too Large</title></head></html>";
            return Action::Answer(Canned::new(413, "text/html", page));
        }
        Action::Pass
    });
    let workspace = Login::oauth1().by_environment(workspace, &front.url());
    workspace.run(&["apply", "--yes"]).exits(0);
    assert_eq!(sizes(&front), [45, 22, 11, 11, 11, 11, 1]);
    assert_eq!(shop.tables().len(), WORLD.before() + WORLD.wanted());
}

#[test]
fn a_single_link_that_is_too_large_for_a_front_is_reported() {
    let shop = SandboxProcess::demo();
    let front = Proxy::before(shop.address, |asked| {
        if asked.method == "POST" {
            let page = "<html><head><title>413 Request Entity Too Large</title></head></html>";
            return Action::Answer(Canned::new(413, "text/html", page));
        }
        Action::Pass
    });
    let outcome = Workspace::new().at(front.url()).run(&["apply", "--yes"]).exits(1);
    let (_, stopped) = outcome
        .stdout
        .split_once("Stopped: ")
        .expect("the report says what stopped it");
    let stopped: Vec<&str> = stopped.lines().take(2).collect();
    assert_data_eq!(
        stopped.join("\n"),
        str![[r#"
POST /rest/all/V1/inventory/stock-source-links: 413 with text/html in place of JSON, a page titled "413 Request Entity Too Large"
         help: something in front of the shop takes no body of that size
"#]]
    );
    assert_eq!(sizes(&front), [6, 3, 1]);
}

/// What was asked, and when.
type Times = Arc<Mutex<Vec<(String, Instant)>>>;

/// A front that asks for a pause of a second before it passes the first read and the first write on.
fn busy(shop: &SandboxProcess) -> (Proxy, Times) {
    let times = Times::default();
    let noted = Arc::clone(&times);
    let front = Proxy::before(shop.address, move |asked| {
        let mut noted = noted.lock().expect("no rule panics");
        noted.push((format!("{} {}", asked.method, asked.path), Instant::now()));
        let is_limited = asked.method == "POST" || asked.path.ends_with("/sources");
        if is_limited && asked.nth == 1 {
            let body = r#"{"message":"Too many requests"}"#;
            return Action::Answer(Canned::new(429, "application/json", body).with("Retry-After", "1"));
        }
        Action::Pass
    });
    (front, times)
}

#[test]
fn a_pause_that_is_asked_for_is_made_before_reads_and_writes() {
    let shop = SandboxProcess::demo();
    let (front, times) = busy(&shop);
    Workspace::new().at(front.url()).run(&["apply", "--yes"]).exits(0);
    let times = times.lock().expect("no rule panics");
    for request in [
        "GET /rest/all/V1/inventory/sources",
        "POST /rest/all/V1/inventory/stock-source-links",
    ] {
        let mut tries = times
            .iter()
            .filter(|(asked, _)| asked == request)
            .map(|(_, time)| *time);
        let (first, second) = (tries.next().expect("a try"), tries.next().expect("another try"));
        assert!(second - first >= Duration::from_secs(1), "{request}");
    }
    assert_eq!(shop.link_writes(), [200, 200]);
}

#[test]
fn a_pause_that_is_too_long_is_reported() {
    let front = Proxy::alone(|_| {
        Canned::new(429, "application/json", r#"{"message":"Too many requests"}"#).with("Retry-After", "3600")
    });
    let plan = Workspace::new().at(front.url()).run(&["plan"]).exits(1);
    assert_data_eq!(
        plan.stderr,
        str![[r#"
error: GET /rest/all/V1/inventory/stocks: 429 Too many requests
  help: the shop or a proxy in front of it limits requests; try again later

"#]]
    );
    assert_eq!(front.seen().len(), 1);
}

#[test]
fn an_address_that_is_too_long_is_reported() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new()
        .variable("STOCKTAKE_URL", format!("{}/{}", shop.url(), "a".repeat(8192)))
        .variable("STOCKTAKE_TOKEN", TOKEN);
    let plan = workspace.run(&["plan"]).exits(1);
    assert_eq!(shop.log().last().map(|logged| logged.status), Some(414));
    assert_data_eq!(
        plan.stderr.replace(&"a".repeat(8192), "[LONG]"),
        str![[r#"
error: GET /[LONG]/rest/all/V1/inventory/stocks: 414 with text/html in place of JSON, a page titled "414 Request-URI Too Large"
  help: the address is too long for the shop's web server: check the URL, or have the server take longer ones

"#]]
    );
}
