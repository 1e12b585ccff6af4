//! `drift --notify`: web hooks hear what is new to them, once, and never their own address.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};

use serde_json::{Value, json};
use snapbox::{assert_data_eq, str};

use testkit::proxy::{Action, Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, WITHOUT_WAITS, Workspace};

/// What nobody may read: whoever knows the address of a web hook can write there.
const SECRET: &str = "T0S3CRET-B0S3CRET-xyz";

/// A web hook that keeps what it is told; the status that it answers can be changed.
struct Catcher {
    proxy: Proxy,
    status: Arc<AtomicU16>,
    read: AtomicUsize,
}

impl Catcher {
    fn start() -> Self {
        let status = Arc::new(AtomicU16::new(200));
        let answered = Arc::clone(&status);
        let proxy = Proxy::alone(move |_| {
            let status = answered.load(Ordering::SeqCst);
            let elsewhere = format!("http://127.0.0.1:1/{SECRET}");
            Canned::new(status, "text/plain", "ok").with("Location", &elsewhere)
        });
        Self {
            proxy,
            status,
            read: AtomicUsize::new(0),
        }
    }

    fn url(&self) -> String {
        format!("{}/services/{SECRET}?key={SECRET}", self.proxy.url())
    }

    fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// What it was told since the last time.
    fn told(&self) -> Vec<Value> {
        let seen = self.proxy.seen();
        let new = &seen[self.read.swap(seen.len(), Ordering::SeqCst)..];
        let message = |asked: &testkit::proxy::Request| {
            assert_eq!(
                (&*asked.method, asked.path.as_str()),
                ("POST", &*format!("/services/{SECRET}"))
            );
            serde_json::from_slice(&asked.body).expect("a message is JSON")
        };
        new.iter().map(message).collect()
    }

    /// The texts of what it was told since the last time.
    fn texts(&self) -> Vec<String> {
        let text = |message: Value| message["text"].as_str().expect("a message has a text").to_owned();
        self.told().into_iter().map(text).collect()
    }
}

fn workspace(slack: &Catcher) -> Workspace {
    Workspace::new()
        .variable("SHOP_TOKEN", TOKEN)
        .variable("SLACK_URL", slack.url())
}

const SLACK: &str = "notify: [{ slack: { env: SLACK_URL } }]";

fn link(shop: &SandboxProcess, path: &str, source: &str, priority: u16) {
    let link = json!({ "source_code": source, "stock_id": 3, "priority": priority });
    shop.post(path, &json!({ "links": [link] }));
}

fn save(shop: &SandboxProcess, source: &str, priority: u16) {
    link(shop, "/rest/V1/inventory/stock-source-links", source, priority);
}

fn delete(shop: &SandboxProcess, source: &str) {
    link(shop, "/rest/V1/inventory/stock-source-links-delete", source, 1);
}

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
    let run = |code: i32, news: &[&str]| {
        workspace.run(&["drift", "--notify"]).exits(code);
        let told = plain.told();
        let heard: Vec<_> = told
            .iter()
            .map(|told| told["news"].as_str().expect("a word"))
            .collect();
        assert_eq!(heard, news);
        (slack.texts(), told)
    };

    run(0, &[]);
    delete(&shop, "hq");
    let (texts, told) = run(2, &["drift"]);
    assert_eq!(
        texts,
        ["⚠️ `shop` has drifted: 1 to create in 1 stock, then a reindex.\n• `Europe Stock`: 1 to create"]
    );
    assert_eq!(told[0]["exit_code"], 2);
    assert_eq!(told[0]["stocks"][0]["creates"], 1);
    run(2, &[]);
    save(&shop, "hq", 1);
    let (texts, _) = run(2, &["drift_changed"]);
    assert_eq!(
        texts,
        [
            "⚠️ The drift of `shop` has changed: 1 to move in 1 stock, no reindex needed.\n• `Europe Stock`: 1 to move"
        ]
    );
    answers.store(0, Ordering::SeqCst);
    let (texts, told) = run(1, &["unknown"]);
    assert_eq!(
        texts,
        [
            "❔ It is unknown whether `shop` is in sync: `GET /rest/all/V1/inventory/stocks: the connection broke before the \
             answer was complete`"
        ]
    );
    assert_eq!(told[0]["obstacle"], "unreachable");
    answers.store(503, Ordering::SeqCst);
    run(1, &[]);
    answers.store(403, Ordering::SeqCst);
    let (_, told) = run(1, &["unknown"]);
    assert_eq!(told[0]["obstacle"], "refused");
    answers.store(200, Ordering::SeqCst);
    run(2, &["drift"]);
    save(&shop, "hq", 4);
    let (texts, told) = run(0, &["in_sync"]);
    assert_eq!(
        texts,
        ["✅ `shop` is in sync again: nothing to change in 2 stocks."]
    );
    assert_eq!(
        told[0]["text"],
        "shop is in sync again: nothing to change in 2 stocks."
    );
    run(0, &[]);
    assert_eq!(writes(), applied, "drift only reads");
}

#[test]
fn the_document_is_what_its_schema_says() {
    let schema = include_str!("../../schemas/notification.schema.json");
    let validator =
        jsonschema::validator_for(&serde_json::from_str(schema).expect("a schema")).expect("a schema");
    let shop = SandboxProcess::demo();
    let plain = Catcher::start();
    let workspace = Workspace::new()
        .variable("SHOP_TOKEN", TOKEN)
        .variable("HOOK", plain.url());
    workspace.settings(&shop.url(), &["notify: [{ webhook: { env: HOOK } }]"]);
    workspace.run(&["drift", "--notify", "--prove", "index"]).exits(2);
    workspace.write(
        "inventory.yaml",
        "version: 1\nstocks: [{ name: Moon Stock, sources: [hq] }]\n",
    );
    workspace.run(&["drift", "--notify", "--prove", "index"]).exits(1);
    workspace.run(&["drift", "--notify", "--prove", "index"]).exits(1);
    let told = plain.told();
    let news: Vec<_> = told
        .iter()
        .map(|told| (&told["news"], &told["obstacle"]))
        .collect();
    assert_eq!(json!(news), json!([["drift", null], ["unknown", "files"]]));
    for told in &told {
        let faults: Vec<String> = validator
            .iter_errors(told)
            .map(|fault| fault.to_string())
            .collect();
        assert_eq!(faults, [""; 0], "{told:#}");
    }
}

#[test]
fn what_a_web_hook_does_not_take_it_is_told_on_the_next_run() {
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
    assert_eq!(slack.told().len(), 3, "it is tried again for a while");
    assert_eq!(other.told().len(), 1);
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
        (slack.told().len(), other.told().len()),
        (1, 0),
        "{}",
        outcome.stderr
    );
    workspace.run(&["drift", "--notify"]).exits(2);
    assert_eq!((slack.told().len(), other.told().len()), (0, 0));
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
fn two_names_of_one_shop_are_told_of_apart() {
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
    assert_eq!(slack.told().len(), 1);
}

#[test]
fn the_address_is_nowhere_however_much_is_told() {
    let shop = SandboxProcess::demo();
    let slack = Catcher::start();
    let workspace = workspace(&slack).variable("STOCKTAKE_LOG", "trace");
    workspace.settings(&shop.url(), &[SLACK]);
    let mut traces = String::new();
    let mut run = |told: &str| {
        let outcome = workspace.run(&[
            "drift",
            "--notify",
            "-vvv",
            "--format",
            "json,text=d.txt,html=d.html",
        ]);
        assert!(outcome.stderr.contains(told), "{}", outcome.stderr);
        traces += &(outcome.stdout + &outcome.stderr);
    };
    for (status, told) in [
        (500, "it answered 500"),
        (302, "it answered 302"),
        (404, "it answered 404"),
        (200, "was notified of drift"),
    ] {
        slack.answers(status);
        run(told);
    }
    delete(&shop, "hq");
    let at = slack.url();
    drop(slack);
    run("it cannot be reached");
    for bad in ["ftp://x/", "http://shop.example/", "no URL ", "https://u:p@x/"] {
        let workspace = Workspace::new()
            .variable("SHOP_TOKEN", TOKEN)
            .variable("SLACK_URL", format!("{bad}{SECRET}"));
        workspace.settings(&shop.url(), &[SLACK]);
        let outcome = workspace.run(&["drift", "--notify", "-vvv"]).exits(2);
        assert!(
            outcome.stderr.contains("its address cannot be used"),
            "{}",
            outcome.stderr
        );
        traces += &(outcome.stdout + &outcome.stderr);
    }
    let state = workspace.path(".stocktake");
    let folder = std::fs::read_dir(&state)
        .expect("there is state")
        .next()
        .expect("of a shop");
    for file in std::fs::read_dir(folder.expect("it is listed").path()).expect("it is a folder") {
        traces += &std::fs::read_to_string(file.expect("it is listed").path()).expect("state is text");
    }
    traces += &["d.txt", "d.html"]
        .map(|file| std::fs::read_to_string(workspace.path(file)).expect("it is there"))
        .concat();
    assert!(traces.contains("\"condition\": \"drift\""), "{traces}");
    assert!(!traces.contains(SECRET) && !traces.contains(&at));
}

#[test]
fn hostile_names_call_nobody() {
    let hostile = "<!channel> `x` @here <https://evil.example|y>";
    let demo = testkit::shop::DEMO_SEED;
    let name = json!(hostile).to_string();
    let workspace = Workspace::bare();
    workspace.write("seed.json", &demo.replace("\"Europe Stock\"", &name));
    let seed = workspace.path("seed.json");
    let shop = SandboxProcess::start(&["--seed", seed.to_str().expect("a path")]);
    let slack = Catcher::start();
    let workspace = self::workspace(&slack);
    workspace.settings(&shop.url(), &[SLACK]);
    workspace.write(
        "inventory.yaml",
        &format!("version: 1\nstocks: [{{ name: {name}, sources: [hq] }}]\n"),
    );
    workspace.run(&["drift", "--notify"]).exits(2);
    let texts = slack.texts();
    let (_, named) = texts[0].split_once("• ").expect("it names the stock");
    assert!(
        named.starts_with("`&lt;!channel&gt; 'x' @here &lt;https://evil.example|y&gt;`: "),
        "{named}"
    );
    assert!(!texts[0].contains(['<', '>']));
}

#[test]
fn a_target_without_a_web_hook_is_wrong_usage() {
    let outcome = Workspace::new()
        .run(&["drift", "--sandbox", "--notify"])
        .exits(64);
    assert!(
        outcome
            .stderr
            .contains("--notify: the target sandbox names no web hook"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_memory_that_cannot_be_read_is_told_and_hides_no_drift() {
    let shop = SandboxProcess::demo();
    let slack = Catcher::start();
    let workspace = workspace(&slack);
    workspace.settings(&shop.url(), &[SLACK]);
    workspace.run(&["drift", "--notify"]).exits(2);
    assert_eq!(slack.told().len(), 1);
    let folder = std::fs::read_dir(workspace.path(".stocktake"))
        .expect("there is state")
        .next();
    let told = folder
        .expect("of a shop")
        .expect("it is listed")
        .path()
        .join("told.json");
    std::fs::write(&told, "{").expect("it can be written");
    let outcome = workspace.run(&["drift", "--notify"]).exits(2);
    assert!(
        outcome.stderr.contains("remove it, and web hooks are told"),
        "{}",
        outcome.stderr
    );
    assert_eq!(slack.told().len(), 0);
    std::fs::remove_file(&told).expect("it can be removed");
    workspace.run(&["drift", "--notify"]).exits(2);
    assert_eq!(slack.told().len(), 1);
}

#[test]
fn what_cannot_be_remembered_is_told_again_and_said() {
    let shop = SandboxProcess::demo();
    let slack = Catcher::start();
    let workspace = workspace(&slack);
    workspace.settings(&shop.url(), &[SLACK]);
    workspace.run(&["drift", "--notify"]).exits(2);
    delete(&shop, "hq");
    let folder = std::fs::read_dir(workspace.path(".stocktake"))
        .expect("there is state")
        .next();
    let folder = folder.expect("of a shop").expect("it is listed").path();
    // Not by its permissions, which do not bind root: a folder stands where the file is written.
    std::fs::create_dir(folder.join("told.json.new")).expect("it can be made");
    let outcome = workspace.run(&["drift", "--notify"]).exits(2);
    assert!(
        outcome.stderr.contains(
            "was notified of drift that has changed and will be again, because the delivery cannot be recorded"
        ),
        "{}",
        outcome.stderr
    );
    std::fs::remove_dir(folder.join("told.json.new")).expect("it can be removed");
    workspace.run(&["drift", "--notify"]).exits(2);
    workspace.run(&["drift", "--notify"]).exits(2);
    assert_eq!(slack.told().len(), 3);
}
