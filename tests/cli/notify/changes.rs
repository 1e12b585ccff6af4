//! Each change of the state is delivered once: over many runs, and for each target apart.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use serde_json::json;
use snapbox::{assert_data_eq, str};

use super::{Catcher, SLACK, delete, save, workspace};
use testkit::proxy::{Action, Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::WITHOUT_WAITS;

/// A proxy before the shop that passes requests on (200), hangs up (0), or answers with another status.
fn proxy_with_status(shop: &SandboxProcess) -> (Proxy, Arc<AtomicU16>) {
    let status = Arc::new(AtomicU16::new(200));
    let answered = Arc::clone(&status);
    let proxy = Proxy::before(shop.address, move |_| match answered.load(Ordering::SeqCst) {
        200 => Action::Pass,
        0 => Action::CutBefore,
        status => Action::Answer(Canned::new(status, "application/json", r#"{"message":"No"}"#)),
    });
    (proxy, status)
}

#[test]
fn ten_runs_over_a_changing_shop_tell_each_change_once() {
    let shop = SandboxProcess::demo();
    let (proxy, answers) = proxy_with_status(&shop);
    let (slack, plain) = (Catcher::start(), Catcher::start());
    let workspace = workspace(&slack);
    workspace.write("hook", &plain.url());
    let both = "notify: [{ slack: { env: SLACK_URL } }, { webhook: { file: hook } }]";
    workspace.settings(
        &proxy.url(),
        &[
            "reindex: cron",
            both,
            &format!("connection: {{ {WITHOUT_WAITS} }}"),
        ],
    );
    workspace.run(&["apply", "--yes"]).exits(0);
    let writes = || proxy.writes().len();
    let applied = writes();
    let run = |code: i32, transition: &[&str]| {
        workspace.run(&["drift", "--notify"]).exits(code);
        let received = plain.received();
        let heard: Vec<_> = received
            .iter()
            .map(|received| received["news"].as_str().expect("a word"))
            .collect();
        assert_eq!(heard, transition);
        (slack.texts(), received)
    };

    run(0, &[]);
    delete(&shop, "hq");
    let (texts, received) = run(2, &["drift"]);
    assert_eq!(
        texts,
        ["⚠️ `shop` has drifted: 1 to create in 1 stock, then a reindex.\n• `Europe Stock`: 1 to create"]
    );
    assert_eq!(received[0]["exit_code"], 2);
    assert_eq!(received[0]["stocks"][0]["creates"], 1);
    run(2, &[]);
    save(&shop, "hq", 1);
    let (texts, _) = run(2, &["drift_changed"]);
    assert_eq!(
        texts,
        [
            "⚠️ The drift of `shop` has changed: 1 source reordered in 1 stock, no reindex needed.\n• `Europe Stock`: 1 source reordered"
        ]
    );
    answers.store(0, Ordering::SeqCst);
    let (texts, received) = run(1, &["unknown"]);
    assert_eq!(
        texts,
        [
            "❔ It is unknown whether `shop` is in sync: `GET /rest/all/V1/inventory/stocks: the connection broke before the \
             answer was complete`"
        ]
    );
    assert_eq!(received[0]["obstacle"], "unreachable");
    answers.store(503, Ordering::SeqCst);
    run(1, &[]);
    answers.store(403, Ordering::SeqCst);
    let (_, received) = run(1, &["unknown"]);
    assert_eq!(received[0]["obstacle"], "refused");
    answers.store(200, Ordering::SeqCst);
    run(2, &["drift"]);
    save(&shop, "hq", 4);
    let (texts, received) = run(0, &["in_sync"]);
    assert_eq!(
        texts,
        ["✅ `shop` is in sync again: nothing to change in 2 stocks."]
    );
    assert_eq!(
        received[0]["text"],
        "shop is in sync again: nothing to change in 2 stocks."
    );
    run(0, &[]);
    assert_eq!(writes(), applied, "drift only reads");
}

#[test]
fn what_a_web_hook_does_not_take_it_is_reported_on_the_next_run() {
    let shop = SandboxProcess::demo();
    let (slack, other) = (Catcher::start(), Catcher::start());
    let workspace = workspace(&slack).variable("OTHER", other.url());
    workspace.settings(
        &shop.url(),
        &["notify: [{ slack: { env: SLACK_URL } }, { webhook: { env: OTHER } }]"],
    );
    slack.answers(500);
    let outcome = workspace
        .run(&["drift", "--notify", "--format", "json,markdown=d.md"])
        .exits(2);
    assert_eq!(slack.received().len(), 3, "it is tried again for a while");
    assert_eq!(other.received().len(), 1);
    assert_data_eq!(
        outcome.stderr.clone(),
        str![[r#"
warning: slack at the environment variable `SLACK_URL` was not notified of drift: it answered 500; the next run tries again
webhook at the environment variable `OTHER` was notified of drift

"#]]
    );
    assert_eq!(
        outcome.json()["notifications"],
        json!([
            {
                "webhook": "slack at the environment variable `SLACK_URL`",
                "news": "drift",
                "delivered": false,
                "error": "it answered 500",
            },
            { "webhook": "webhook at the environment variable `OTHER`", "news": "drift", "delivered": true },
        ])
    );
    let comment = std::fs::read_to_string(workspace.path("d.md")).expect("the file is there");
    assert!(comment.contains("(`not-notified`)"), "{comment}");

    slack.answers(204);
    let outcome = workspace.run(&["drift", "--notify"]).exits(2);
    assert_eq!(
        (slack.received().len(), other.received().len()),
        (1, 0),
        "{}",
        outcome.stderr
    );
    workspace.run(&["drift", "--notify"]).exits(2);
    assert_eq!((slack.received().len(), other.received().len()), (0, 0));
}

/// Otherwise a nightly look at the index and an hourly one at the links would contradict each other for ever.
#[test]
fn what_is_looked_at_is_remembered_apart() {
    let shop = SandboxProcess::demo();
    let slack = Catcher::start();
    let workspace = workspace(&slack);
    workspace.settings(&shop.url(), &["reindex: cron", SLACK]);
    workspace.run(&["apply", "--yes"]).exits(0);
    let nightly = ["drift", "--notify", "--prove", "index"];
    workspace.run(&nightly).exits(2);
    assert_eq!(
        slack.texts(),
        [
            "⚠️ `shop` has drifted: the index is stale, the links are as wanted in 2 stocks.\n\
             • `North America Stock`: index stale\n• `Europe Stock`: index stale"
        ]
    );
    workspace.run(&["drift", "--notify"]).exits(0);
    workspace.run(&nightly).exits(2);
    assert_eq!(slack.texts(), [""; 0]);
    shop.magento(&["indexer:reindex", "inventory"]);
    workspace.run(&nightly).exits(0);
    assert_eq!(slack.texts().len(), 1);
}

#[test]
fn two_names_of_one_shop_are_reported_apart() {
    let shop = SandboxProcess::demo();
    let slack = Catcher::start();
    let workspace = workspace(&slack);
    let target = |name: &str, token: &str| {
        let auth = format!("auth: {{ bearer: {{ env: {token} }} }}");
        format!("  {name}:\n    url: {}\n    {auth}\n    {SLACK}\n", shop.url())
    };
    let targets = [target("good", "SHOP_TOKEN"), target("bad", "SLACK_URL")].concat();
    workspace.write("targets.yaml", &format!("version: 1\ntargets:\n{targets}"));
    let watch = ["drift", "--notify", "--all-targets"];
    workspace.run(&watch).exits(1);
    let texts = slack.texts();
    assert_eq!(texts.len(), 2, "{texts:?}");
    for words in ["`good` has drifted", "whether `bad` is in sync"] {
        assert!(texts.iter().any(|text| text.contains(words)), "{texts:?}");
    }
    workspace.run(&watch).exits(1);
    assert_eq!(slack.texts(), [""; 0]);
}

#[test]
fn two_at_once_tell_it_once() {
    let shop = SandboxProcess::demo();
    let slack = Catcher::start();
    let workspace = workspace(&slack);
    workspace.settings(&shop.url(), &[SLACK]);
    let mut runs: Vec<_> = (0..4)
        .map(|_| {
            let mut command = workspace.command(&["drift", "--notify"]);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            command.spawn().expect("the binary can be started")
        })
        .collect();
    for run in &mut runs {
        assert_eq!(run.wait().expect("it ends").code(), Some(2));
    }
    assert_eq!(slack.received().len(), 1);
}

/// What is found of some stocks is not news about all of them, and the other way round.
#[test]
fn some_stocks_are_watched_apart_from_all() {
    let shop = SandboxProcess::demo();
    let slack = Catcher::start();
    let workspace = workspace(&slack);
    workspace.settings(&shop.url(), &["reindex: cron", SLACK]);
    let run = |arguments: &[&str], code: i32| {
        workspace
            .run(&[&["drift", "--notify"], arguments].concat())
            .exits(code);
        slack.texts()
    };
    let europe = ["--stock", "Europe Stock"];
    assert_eq!(run(&[], 2).len(), 1, "all stocks drifted");
    let texts = run(&europe, 2);
    assert!(
        texts[0].contains(" Only `Europe Stock` was compared.\n"),
        "{texts:?}"
    );
    assert_eq!(
        run(&["--stock", "EUROPE stock"], 2),
        [""; 0],
        "it is the same choice"
    );
    workspace
        .run(&["apply", "--yes", "--stock", "Europe Stock"])
        .exits(0);
    let texts = run(&europe, 0);
    assert!(texts[0].starts_with("✅ `shop` is in sync again: "), "{texts:?}");
    assert!(
        texts[0].ends_with(" Only `Europe Stock` was compared."),
        "{texts:?}"
    );
    let texts = run(&[], 2);
    assert!(
        texts[0].starts_with("⚠️ The drift of `shop` has changed: "),
        "{texts:?}"
    );
    assert_eq!(run(&[], 2), [""; 0]);
    assert_eq!(run(&europe, 0), [""; 0]);
}
