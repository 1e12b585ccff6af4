//! Reads that are older than our own writes: from a replica that lags, or from a cache before the shop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use testkit::proxy::{Action, Canned, Proxy, Request};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

fn is_list_of_links(asked: &Request) -> bool {
    asked.method == "GET" && asked.path.ends_with("stock-source-links")
}

/// A shop of which the next two reads of links show what stood at first, whenever that is switched on.
fn lagging(shop: &SandboxProcess) -> (Proxy, Arc<AtomicBool>) {
    let old = shop
        .get("/rest/V1/inventory/stock-source-links?searchCriteria=")
        .to_string();
    let switch = Arc::new(AtomicBool::new(false));
    let lags = Arc::clone(&switch);
    let mut left = 0;
    let proxy = Proxy::before(shop.address, move |asked| {
        if lags.swap(false, Ordering::SeqCst) {
            left = 2;
        }
        if left > 0 && is_list_of_links(asked) {
            left -= 1;
            return Action::Answer(Canned::new(200, "application/json", old.clone()));
        }
        Action::Pass
    });
    (proxy, switch)
}

fn workspace(proxy: &Proxy) -> Workspace {
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.settings(&proxy.url(), &["reindex: cron"]);
    workspace
}

#[test]
fn the_first_read_after_a_write_is_made_again_as_long_as_it_does_not_show_it() {
    let shop = SandboxProcess::demo();
    let (proxy, lags) = lagging(&shop);
    let workspace = workspace(&proxy);
    workspace.run(&["apply", "--yes"]).exits(0);
    let writes = shop.writes();
    for command in [
        &["plan", "--detailed-exitcode"][..],
        &["drift"],
        &["apply", "--yes"],
    ] {
        lags.store(true, Ordering::SeqCst);
        workspace.run(command).exits(0);
    }
    lags.store(true, Ordering::SeqCst);
    let status: Value = workspace.run(&["status", "--format", "json"]).exits(0).json();
    assert!(!status.to_string().contains("\"in_sync\":false"), "{status}");
    lags.store(true, Ordering::SeqCst);
    let exported = workspace.run(&["export"]).exits(0).stdout;
    assert!(exported.contains("frankfurt"), "{exported}");
    assert_eq!(shop.writes(), writes, "nothing is written again");
}

/// An old write is not waited for: what a read shows then is what somebody has made of it.
#[test]
fn what_differs_long_after_the_last_write_is_reported_at_once() {
    let shop = SandboxProcess::demo();
    let (proxy, lags) = lagging(&shop);
    let workspace = workspace(&proxy);
    workspace.run(&["apply", "--yes"]).exits(0);
    let journal = workspace.journal();
    let text = std::fs::read_to_string(&journal).expect("it is text");
    let lines = text.lines().map(|line| {
        let mut line: Value = serde_json::from_str(line).expect("a line is JSON");
        line["at"] = Value::from("2026-01-01T00:00:00Z");
        if line.get("began").is_some() {
            line["began"] = line["at"].clone();
        }
        format!("{line}\n")
    });
    std::fs::write(&journal, lines.collect::<String>()).expect("it can be written");
    lags.store(true, Ordering::SeqCst);
    workspace.run(&["plan", "--detailed-exitcode"]).exits(2);
}

/// A read that a cache answers proves nothing, and nothing is deleted for it.
#[test]
fn what_a_cache_gives_is_reported_as_such() {
    for header in [
        ("Age", "3600"),
        ("X-Cache", "MISS, HIT"),
        ("X-Cache", "Hit from cloudfront"),
        ("X-Cache-Hits", "2"),
        ("CF-Cache-Status", "HIT"),
    ] {
        let shop = SandboxProcess::demo();
        let old = shop
            .get("/rest/V1/inventory/stock-source-links?searchCriteria=")
            .to_string();
        let mut is_written = false;
        let proxy = Proxy::before(shop.address, move |asked| {
            is_written |= asked.method == "POST";
            if is_written && is_list_of_links(asked) {
                let canned = Canned::new(200, "application/json", old.clone());
                return Action::Answer(canned.with(header.0, header.1));
            }
            Action::Pass
        });
        let workspace = workspace(&proxy);
        let reason = format!(
            "a cache in front of the shop answered for the links ({}: {})",
            header.0, header.1
        );

        let applied = workspace.run(&["apply", "--yes"]).exits(6).stdout;
        assert!(applied.contains(&reason), "{applied}");
        assert!(!applied.contains("somebody else"), "{applied}");

        let plan: Value = workspace.run(&["plan", "--format", "json"]).exits(3).json();
        assert_eq!(plan["doubts"][0], reason.as_str());
        let again = workspace.run(&["apply", "--yes", "--format", "json"]);
        assert_ne!(again.code, 0, "{}", again.stdout);
        assert!(again.stdout.contains(&reason), "{}", again.stdout);
        assert_eq!(shop.writes(), 3, "the saves again, and no delete");
    }
}

#[test]
fn every_read_asks_for_a_fresh_answer() {
    let shop = SandboxProcess::demo();
    let proxy = Proxy::before(shop.address, |_| Action::Pass);
    let workspace = workspace(&proxy);
    workspace.run(&["apply", "--yes"]).exits(0);
    for asked in proxy.seen() {
        let head = asked.head.to_ascii_lowercase() + "\r\n";
        let asks = |line: &str| head.contains(line);
        let is_read = asked.method == "GET";
        assert_eq!(asks("\r\ncache-control: no-cache\r\n"), is_read, "{}", asked.head);
        assert_eq!(asks("\r\npragma: no-cache\r\n"), is_read, "{}", asked.head);
    }
}

/// Links from before the writes agree with an index from before them: both would be taken for right.
#[test]
fn a_stale_index_is_not_proven_by_links_from_before_the_writes() {
    let shop = SandboxProcess::demo();
    let old = shop
        .get("/rest/V1/inventory/stock-source-links?searchCriteria=")
        .to_string();
    let (mut written, mut reads) = (false, 0);
    let proxy = Proxy::before(shop.address, move |asked| {
        written |= asked.method == "POST";
        reads += usize::from(written && is_list_of_links(asked));
        // The first read after the writes is from the database, the next from its replica, and so on.
        if written && is_list_of_links(asked) && reads % 2 == 0 {
            return Action::Answer(Canned::new(200, "application/json", old.clone()));
        }
        Action::Pass
    });
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.settings(
        &proxy.url(),
        &[
            "reindex: [{ run: [\"true\"] }]",
            "prove: index",
            "prove_timeout: 1s",
        ],
    );
    let report = workspace
        .run(&["apply", "--yes", "--format", "json"])
        .exits(6)
        .json();
    assert_eq!(report["index"]["verdict"], "stale", "{report}");
    let status = workspace.run(&["status", "--format", "json"]).exits(0).json();
    assert_eq!(status["reindex_owed"], true, "{status}");
    assert_eq!(status["index"]["verdict"], "stale", "{status}");
}
