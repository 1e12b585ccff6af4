//! A program that asked for JSON gets one complete document on standard output, whatever the exit code.

use serde_json::{Value, json};

use super::desk::{Desk, TOKEN};
use super::proxy::{Canned, Fate, Proxy};
use super::standing::Standing;

const BROKEN: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [leipzig, leipzig]\n";

/// The document of a run that must end with that code, and say so itself.
#[track_caller]
fn document(desk: &Desk, arguments: &[&str], code: i32) -> Value {
    let document = desk.run(arguments).exits(code).json();
    assert_eq!(document["format_version"], 1, "{document}");
    assert_eq!(document["exit_code"], code, "{document}");
    document
}

#[test]
fn an_apply_that_is_done() {
    let report = document(
        &Desk::new(),
        &["apply", "--sandbox", "--yes", "--format", "json"],
        0,
    );
    assert_eq!(report["proof"]["state"], "converged");
    assert_eq!(report["reindex"]["state"], "done");
    assert_eq!(report["plan"]["summary"]["deletes"], 2);
    let results = report["stocks"]
        .as_array()
        .expect("a list")
        .iter()
        .flat_map(|stock| {
            stock["changes"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|change| change["result"].clone())
        });
    assert_eq!(results.collect::<Vec<_>>(), vec![json!("done"); 8]);
}

#[test]
fn an_apply_whose_reindex_is_owed() {
    let shop = Standing::demo();
    let desk = Desk::new().variable("SHOP_TOKEN", TOKEN);
    desk.target(&shop.url(), &format!("{}/no-such-hook", shop.url()), "60s");
    let report = document(&desk, &["apply", "--yes", "--format", "json"], 6);
    assert_eq!(report["reindex"]["state"], "failed");
    assert_eq!(report["reindex"]["steps"][0]["failure"]["reason"], "webhook");
    let report = document(&desk, &["reindex", "--format", "json"], 6);
    assert_eq!(report["reindex"]["state"], "failed");
}

#[test]
fn a_failure_of_every_kind() {
    let shop = Standing::demo();
    let desk = Desk::with(BROKEN).at(shop.url());
    for command in [
        &["plan", "--format", "json"][..],
        &["apply", "--yes", "--format", "json"],
        &["status", "--format", "json"],
    ] {
        let failure = document(&desk, command, 1);
        assert_eq!(
            failure["diagnostics"].as_array().map(Vec::len),
            Some(1),
            "{failure}"
        );
    }

    let desk = Desk::new()
        .variable("STOCKTAKE_URL", shop.url())
        .variable("STOCKTAKE_TOKEN", "bad");
    let failure = document(&desk, &["apply", "--yes", "--format", "json"], 1);
    assert!(failure["error"].as_str().expect("a text").contains("401"));
    assert_eq!(failure["hints"].as_array().map(Vec::len), Some(1));

    let failure = document(&Desk::new(), &["plan", "--format", "json"], 64);
    assert!(failure["error"].as_str().expect("a text").contains("no target"));
    document(&Desk::new(), &["apply", "--format", "json", "--sandbox"], 64);
    document(
        &Desk::new(),
        &["plan", "--format", "json", "--sandbox", "--allow", "all"],
        64,
    );
    document(&Desk::bare(), &["validate", "--format", "json"], 1);
}

#[test]
fn a_refusal_carries_the_plan() {
    let shop = Standing::demo();
    let desk = Desk::with("version: 1\nstocks:\n  - name: Europe Stock\n    sources: []\n").at(shop.url());
    let failure = document(&desk, &["apply", "--yes", "--format", "json"], 3);
    assert_eq!(failure["plan"]["summary"]["deletes"], 4);
    assert_eq!(failure["plan"]["guards"][0]["effect"], "refused");
    assert_eq!(shop.writes(), 0);
}

#[test]
fn an_apply_that_is_partly_done() {
    let shop = Standing::demo();
    let proxy = Proxy::before(shop.address, |asked| {
        if asked.path.ends_with("stock-source-links-delete") {
            let body = r#"{"message":"Can not delete link related to %1","parameters":["X"]}"#;
            return Fate::Answer(Canned::new(400, "application/json", body));
        }
        Fate::Pass
    });
    let report = document(
        &Desk::new().at(proxy.url()),
        &["apply", "--yes", "--format", "json"],
        5,
    );
    assert!(
        report["stopped_by"]
            .as_str()
            .expect("a text")
            .ends_with("400 Can not delete link related to X")
    );
    assert_eq!(report["stocks"][1]["changes"][0]["result"], "failed");
    assert_eq!(report["stocks"][1]["changes"][1]["result"], "done");
    assert_eq!(report["proof"]["state"], "left");
    assert_eq!(report["proof"]["plan"]["summary"]["deletes"], 2);
    assert_eq!(report["reindex"]["state"], "not_tried");
}

#[test]
fn a_stale_plan_carries_the_plan_as_it_is_now() {
    let shop = Standing::demo();
    let proxy = Proxy::before(shop.address, |asked| {
        if asked.nth == 2 && asked.method == "GET" && asked.path.ends_with("stock-source-links") {
            return Fate::Edit(|body| body.replace(r#""priority":8"#, r#""priority":80"#));
        }
        Fate::Pass
    });
    let failure = document(
        &Desk::new().at(proxy.url()),
        &["apply", "--yes", "--format", "json"],
        4,
    );
    assert_eq!(
        failure["plan"]["stocks"][0]["before"][6]["priority"], 9,
        "{failure}"
    );
    assert_eq!(
        failure["differences"],
        json!([{
            "difference": "link",
            "stock": "North America Stock",
            "source_code": "hq",
            "was": 8,
            "now": 80,
        }]),
        "{failure}"
    );
    assert_eq!(shop.writes(), 0);
}
