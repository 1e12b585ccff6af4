//! A token appears in no output, journal or plan, however much is told.

use serde_json::json;

use testkit::proxy::{Action, Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, WITHOUT_WAITS, Workspace};

/// Everything that a run left: both streams and every file of its folder but those that the test wrote.
fn traces(workspace: &Workspace, arguments: &[&str]) -> String {
    let outcome = workspace.run(arguments);
    let state = workspace.path(".stocktake");
    let journal = state
        .exists()
        .then(|| std::fs::read_to_string(workspace.journal()));
    let journal = journal
        .map(|text| text.expect("a journal is text"))
        .unwrap_or_default();
    outcome.stdout + &outcome.stderr + &journal
}

#[test]
fn the_token_is_nowhere_at_the_loudest() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url()).variable("STOCKTAKE_LOG", "trace");
    for arguments in [
        &["plan", "-vvv"][..],
        &["plan", "-vvv", "--format", "json"],
        &["status", "-vvv"],
        &["doctor", "-vvv"],
        &["apply", "--yes", "-vvv", "--format", "json"],
    ] {
        let traces = traces(&workspace, arguments);
        assert!(
            traces.contains("TRACE") || traces.contains("DEBUG"),
            "nothing was told: {arguments:?}"
        );
        assert!(!traces.contains(TOKEN), "{arguments:?}");
    }
    assert!(workspace.journal().exists());
}

#[test]
fn a_secret_header_of_a_web_hook_is_nowhere_either() {
    let secret = "hook-s3cret-that-nobody-may-read";
    let shop = SandboxProcess::demo();
    let proxy = Proxy::before(shop.address, |_| Action::Pass);
    let workspace = Workspace::new()
        .variable("SHOP_TOKEN", TOKEN)
        .variable("HOOK_TOKEN", secret);
    workspace.write(
        "targets.yaml",
        &format!(
            "version: 1\ntargets:\n  shop:\n    url: {}\n    auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    \
             reindex:\n      - http: {{ url: '{}/_sandbox/magento?key={secret}', headers: {{ X-Key: {{ env: HOOK_TOKEN }} }}, \
             body: '{{\"argv\": [\"indexer:reindex\"]}}' }}\n",
            shop.url(),
            proxy.url()
        ),
    );
    let traces = traces(&workspace, &["reindex", "--force", "-vvv"]);
    assert!(traces.contains("Reindex: done"), "{traces}");
    assert_eq!(proxy.seen().len(), 1);
    assert!(!traces.contains(secret), "{traces}");
}

#[test]
fn the_token_is_nowhere_when_it_is_refused_or_the_answer_is_odd() {
    let token = "s3cret-that-nobody-may-read";
    let shop = SandboxProcess::demo();
    let proxies = [
        Proxy::before(shop.address, |_| Action::Pass),
        Proxy::before(shop.address, |_| Action::CutBefore),
        Proxy::alone(|_| Canned::new(302, "text/html", "").with("Location", "http://elsewhere.example/")),
        Proxy::alone(|_| Canned::new(500, "application/json", r#"{"message":"Internal Error"}"#)),
    ];
    for proxy in &proxies {
        let workspace = Workspace::new().variable("SHOP_TOKEN", token);
        workspace.settings(&proxy.url(), &[&format!("connection: {{ {WITHOUT_WAITS} }}")]);
        let traces = traces(&workspace, &["apply", "--yes", "-vvv"]);
        assert!(traces.contains("error:"), "{traces}");
        assert!(!traces.contains(token), "{traces}");
    }
}

#[test]
fn a_token_that_cannot_be_sent_is_not_shown_either() {
    let workspace = Workspace::new()
        .variable("STOCKTAKE_URL", "http://127.0.0.1:9")
        .variable("STOCKTAKE_TOKEN", "s3cret\nmore");
    let traces = traces(&workspace, &["plan", "-vvv"]);
    assert!(traces.contains("error:"));
    assert!(!traces.contains("s3cret"), "{traces}");
}

/// What stands before a shop may show the headers of the request in an answer, each in its own way.
#[test]
fn a_secret_that_an_answer_shows_is_nowhere() {
    let secret = "s3cret/that+nobody<may>read==";
    let html = "s3cret&#x2F;that&#43;nobody&lt;may&gt;read&#61;&#61;";
    let shop = SandboxProcess::demo();
    let links = shop
        .get("/rest/V1/inventory/stock-source-links?searchCriteria=")
        .to_string();
    let answers = [
        Canned::new(200, "application/json", links).with("X-Cache", &format!("HIT from {secret}")),
        Canned::new(403, "text/html", format!("<p>X-Door: {secret}</p>")),
        Canned::new(403, "text/html", format!("<p>X-Door: {html}</p>")),
        Canned::new(
            400,
            "application/json",
            json!({ "x": secret }).to_string().replace('/', "\\/"),
        ),
        Canned::new(200, "application/json", json!({ "x": secret }).to_string()),
        Canned::new(401, "text/html", "").with(
            "WWW-Authenticate",
            &format!("Basic realm=\"{}{secret}\"", "x".repeat(225)),
        ),
    ];
    for answer in answers {
        let output = format!("{answer:?}");
        let proxy = Proxy::before(shop.address, move |asked| {
            if asked.path.ends_with("stock-source-links") {
                return Action::Answer(answer.clone());
            }
            Action::Pass
        });
        let workspace = Workspace::new()
            .variable("SHOP_TOKEN", TOKEN)
            .variable("DOOR", secret);
        workspace.settings(
            &proxy.url(),
            &["connection: { headers: { X-Door: { env: DOOR } } }"],
        );
        for arguments in [&["plan", "-vvv", "--format", "json"][..], &["plan"], &["doctor"]] {
            let traces = traces(&workspace, arguments);
            for part in ["s3cret", "that+", "nobody<", "read=="] {
                assert!(!traces.contains(part), "{output}: {traces}");
            }
        }
    }
}
