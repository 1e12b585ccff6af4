//! A token appears in no output, journal or plan, however much is told.

use super::desk::{Desk, TOKEN};
use super::proxy::{Canned, Fate, Proxy};
use super::standing::Standing;

/// Everything that a run left: both streams and every file of its folder but those that the test wrote.
fn traces(desk: &Desk, arguments: &[&str]) -> String {
    let outcome = desk.run(arguments);
    let state = desk.path(".stocktake");
    let journal = state.exists().then(|| std::fs::read_to_string(desk.journal()));
    let journal = journal
        .map(|text| text.expect("a journal is text"))
        .unwrap_or_default();
    outcome.stdout + &outcome.stderr + &journal
}

#[test]
fn the_token_is_nowhere_at_the_loudest() {
    let shop = Standing::demo();
    let desk = Desk::new().at(shop.url()).variable("STOCKTAKE_LOG", "trace");
    for arguments in [
        &["plan", "-vvv"][..],
        &["plan", "-vvv", "--format", "json"],
        &["status", "-vvv"],
        &["doctor", "-vvv"],
        &["apply", "--yes", "-vvv", "--format", "json"],
    ] {
        let traces = traces(&desk, arguments);
        assert!(
            traces.contains("TRACE") || traces.contains("DEBUG"),
            "nothing was told: {arguments:?}"
        );
        assert!(!traces.contains(TOKEN), "{arguments:?}");
    }
    assert!(desk.journal().exists());
}

#[test]
fn a_secret_header_of_a_web_hook_is_nowhere_either() {
    let secret = "hook-s3cret-that-nobody-may-read";
    let shop = Standing::demo();
    let proxy = Proxy::before(shop.address, |_| Fate::Pass);
    let desk = Desk::new()
        .variable("SHOP_TOKEN", TOKEN)
        .variable("HOOK_TOKEN", secret);
    desk.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    url: {}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    \
             reindex:\n      - http: {{ url: '{}/_sandbox/magento?key={secret}', headers: {{ X-Key: {{ env: HOOK_TOKEN }} }}, \
             body: '{{\"argv\": [\"indexer:reindex\"]}}' }}\n",
            shop.url(),
            proxy.url()
        ),
    );
    let traces = traces(&desk, &["reindex", "--force", "-vvv"]);
    assert!(traces.contains("Reindex: done"), "{traces}");
    assert_eq!(proxy.seen().len(), 1);
    assert!(!traces.contains(secret), "{traces}");
}

#[test]
fn the_token_is_nowhere_when_it_is_refused_or_the_answer_is_odd() {
    let token = "s3cret-that-nobody-may-read";
    let shop = Standing::demo();
    let proxies = [
        Proxy::before(shop.address, |_| Fate::Pass),
        Proxy::before(shop.address, |_| Fate::CutBefore),
        Proxy::alone(|_| Canned::new(302, "text/html", "").with("Location", "http://elsewhere.example/")),
        Proxy::alone(|_| Canned::new(500, "application/json", r#"{"message":"Internal Error"}"#)),
    ];
    for proxy in &proxies {
        let desk = Desk::new()
            .variable("STOCKTAKE_URL", proxy.url())
            .variable("STOCKTAKE_TOKEN", token);
        let traces = traces(&desk, &["apply", "--yes", "-vvv"]);
        assert!(traces.contains("error:"), "{traces}");
        assert!(!traces.contains(token), "{traces}");
    }
}

#[test]
fn a_token_that_cannot_be_sent_is_not_shown_either() {
    let desk = Desk::new()
        .variable("STOCKTAKE_URL", "http://127.0.0.1:9")
        .variable("STOCKTAKE_TOKEN", "s3cret\nmore");
    let traces = traces(&desk, &["plan", "-vvv"]);
    assert!(traces.contains("error:"));
    assert!(!traces.contains("s3cret"), "{traces}");
}
