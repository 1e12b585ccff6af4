//! The faults of the sandbox, each by what the caller sees, what the shop did, and what the log tells of it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use commerce_sandbox::chaos::Schedule;
use commerce_sandbox::{Actor, Logged};
use serde_json::{Value, json};

use testkit::engine_fixture::{EngineFixture, TOKEN};

const SAVE: &str = "/rest/V1/inventory/stock-source-links";

/// Sends a request by itself and gives everything that came back.
fn send(fixture: &EngineFixture, method: &str, target: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(fixture.address).expect("the shop listens");
    let length = body.len();
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer {TOKEN}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("it can be sent");
    let mut answer = Vec::new();
    // A connection that is cut may end in an error; what came before it counts.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8(answer).expect("answers are text")
}

/// Sets hq's priority in stock 2, which the demo shop has at 8.
fn save(fixture: &EngineFixture) -> String {
    let body = json!({ "links": [{ "stock_id": 2, "source_code": "hq", "priority": 777 }] });
    send(fixture, "POST", SAVE, &body.to_string())
}

async fn playing(schedule: &Value) -> EngineFixture {
    let fixture = EngineFixture::demo().await;
    let answer = send(&fixture, "POST", "/_sandbox/chaos", &schedule.to_string());
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    fixture
}

fn written(fixture: &EngineFixture) -> bool {
    fixture.links(2).contains(&("hq".to_owned(), 777))
}

fn client(fixture: &EngineFixture) -> Vec<Logged> {
    let log = fixture.shop.log().into_iter();
    log.filter(|logged| logged.actor == Actor::Client).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_of_a_write_says_one_thing_and_does_another() {
    let cases = [
        (json!("cut_before"), "", false),
        (json!("cut_after"), "", true),
        (json!("crash_before"), "500 ", false),
        (json!("crash_after"), "500 ", true),
        (json!("maintenance"), "503 ", false),
        (json!("deadlock"), "400 ", false),
        (
            json!({ "too_many_requests": { "retry_after": 7 } }),
            "429 ",
            false,
        ),
        (json!({ "error_before": { "status": 500 } }), "500 ", false),
        (json!({ "error_after": { "status": 504 } }), "504 ", true),
        (json!({ "latency": { "ms": 1 } }), "200 OK", true),
        (json!("token_expiry"), "200 OK", true),
        (json!({ "late_commit": { "requests": 2 } }), "", false),
    ];
    for (fault, output, done) in cases {
        let fixture = playing(&json!({ "at": [{ "write": 1, "fault": fault }] })).await;

        let answer = save(&fixture);

        let status = answer.strip_prefix("HTTP/1.1 ").unwrap_or_default();
        assert!(status.starts_with(output), "{fault}: {answer}");
        assert_eq!(answer.is_empty(), output.is_empty(), "{fault}: {answer}");
        assert_eq!(answer.ends_with("[]"), output == "200 OK", "{fault}");
        assert_eq!(written(&fixture), done, "{fault}");
        let logged = &client(&fixture)[0];
        assert_eq!(logged.committed, done, "{fault}");
        assert_eq!(logged.faults.len(), 1);
        let seen = &logged.links[0];
        assert_eq!((seen.before, seen.after == Some(777)), (Some(8), done), "{fault}");

        assert!(save(&fixture).ends_with("[]"), "the next one is spared");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_faults_say_is_what_the_shop_says() {
    let fixture = playing(&json!({ "at": [
        { "request": 1, "fault": "deadlock" },
        { "request": 2, "fault": { "too_many_requests": { "retry_after": 7 } } },
        { "request": 3, "fault": "cut_body" },
    ] }))
    .await;
    let deadlock = save(&fixture);
    assert!(
        deadlock.ends_with(r#"{"message":"Could not save StockSourceLinks"}"#),
        "{deadlock}"
    );
    assert!(save(&fixture).contains("\r\nretry-after: 7\r\n"));
    let list = format!("{SAVE}?searchCriteria[page_size]=50");
    let cut = send(&fixture, "GET", &list, "");
    let whole = send(&fixture, "GET", &list, "");
    let body = |answer: &str| {
        answer
            .split_once("\r\n\r\n")
            .expect("a head and a body")
            .1
            .to_owned()
    };
    assert!(body(&whole).starts_with(&body(&cut)), "{cut}");
    assert_eq!(body(&cut).len(), body(&whole).len() / 2);
    let promised = format!("\r\ncontent-length: {}\r\n", body(&whole).len());
    assert!(cut.contains(&promised), "{cut}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_write_comes_when_it_is_due_or_when_all_is_settled() {
    let fixture =
        playing(&json!({ "at": [{ "write": 1, "fault": { "late_commit": { "requests": 2 } } }] })).await;
    assert_eq!(save(&fixture), "");
    send(&fixture, "GET", "/rest/V1/inventory/stocks", "");
    assert!(!written(&fixture));
    send(&fixture, "GET", "/rest/V1/inventory/stocks", "");
    assert!(written(&fixture));
    let log = client(&fixture);
    let late = log.iter().find(|logged| logged.faults == ["committed_late"]);
    let late = late.expect("the log tells of it");
    assert_eq!((late.request, late.committed), (Some(1), true));

    let fixture =
        playing(&json!({ "at": [{ "write": 1, "fault": { "late_commit": { "requests": 99 } } }] })).await;
    save(&fixture);
    let coming = send(&fixture, "GET", "/_sandbox/chaos", "");
    assert!(coming.ends_with(r#"{"coming":1,"held":[]}"#), "{coming}");
    send(&fixture, "POST", "/_sandbox/chaos/settle", "");
    assert!(written(&fixture));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_writes_and_the_log_says_who() {
    let link = json!({ "stock_id": 2, "source_code": "hq", "priority": 5 });
    let fixture = playing(&json!({ "at": [{ "request": 1, "fault": { "foreign_link": link } }] })).await;
    send(&fixture, "GET", "/rest/V1/inventory/stocks", "");
    let log = fixture.shop.log();
    assert_eq!((log[0].actor, log[1].actor), (Actor::Foreign, Actor::Client));
    assert_eq!((log[0].order, log[1].order), (1, 2));
    let seen = &log[0].links[0];
    assert_eq!((seen.before, seen.after), (Some(8), Some(5)));
    assert!(log[0].committed && log[0].request.is_none());
    assert_eq!(log[1].request, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_shift_between_two_requests() {
    let fixture = playing(&json!({ "seed": 4, "rates": { "shifted_page": 1 } })).await;
    let page = |number: u32| {
        let criteria = format!("searchCriteria[page_size]=5&searchCriteria[current_page]={number}");
        let answer = send(&fixture, "GET", &format!("{SAVE}?{criteria}"), "");
        let body = answer.split_once("\r\n\r\n").expect("a body").1;
        let body: Value = serde_json::from_str(body).expect("a page is JSON");
        body["total_count"].as_u64().expect("a page has a count")
    };
    assert_ne!(page(1), page(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_run_forgets_what_is_written_while_it_works() {
    let fixture =
        playing(&json!({ "at": [{ "request": 1, "fault": { "index_run": { "requests": 2 } } }] })).await;
    assert!(save(&fixture).ends_with("[]"));
    let state = || fixture.magento(&["indexer:status", "inventory"]);
    assert!(state().contains("Processing"), "{}", state());
    send(&fixture, "GET", "/rest/V1/inventory/stocks", "");
    send(&fixture, "GET", "/rest/V1/inventory/stocks", "");
    assert!(state().contains("Ready"), "{}", state());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_held_until_it_is_let_go_and_goes_on_without_its_caller() {
    for (fault, done_while_held) in [("hold_before", false), ("hold_after", true)] {
        let fixture = playing(&json!({ "at": [{ "write": 1, "fault": fault }] })).await;
        let (address, shop) = (fixture.address, std::sync::Arc::clone(&fixture.shop));
        let body = r#"{"links":[{"stock_id":2,"source_code":"hq","priority":777}]}"#;
        let request = format!(
            "POST {SAVE} HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer {TOKEN}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut caller = TcpStream::connect(address).expect("the shop listens");
        caller.write_all(request.as_bytes()).expect("it can be sent");
        let held = shop.hold.until_held().await;
        assert_eq!((held.request, held.carried_out), (1, done_while_held));
        assert_eq!(written(&fixture), done_while_held);
        drop(caller);
        shop.hold.release();
        shop.hold.until_idle().await;
        assert!(written(&fixture), "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_request_that_is_dropped_is_not_carried_out() {
    let fixture = playing(&json!({ "at": [{ "write": 1, "fault": "hold_before" }] })).await;
    let shop = std::sync::Arc::clone(&fixture.shop);
    let dropped = tokio::spawn(async move {
        shop.hold.until_held().await;
        shop.hold.drop_held();
    });
    assert_eq!(tokio::task::block_in_place(|| save(&fixture)), "");
    dropped.await.expect("it was held");
    assert!(!written(&fixture));
}

#[tokio::test(flavor = "multi_thread")]
async fn drawn_faults_are_the_same_for_the_same_seed() {
    let schedule = json!({ "seed": 11, "rates": { "cut_before": 0.3, "maintenance": 0.3 }, "faults": 6 });
    let mut stories = Vec::new();
    for _ in 0..2 {
        let fixture = playing(&schedule).await;
        let story: Vec<String> = (0..30)
            .map(|_| {
                let answer = send(&fixture, "GET", "/rest/V1/inventory/stocks", "");
                answer.chars().take(13).collect()
            })
            .collect();
        let faults: usize = fixture.shop.log().iter().map(|logged| logged.faults.len()).sum();
        assert_eq!(faults, 6);
        stories.push(story);
    }
    assert_eq!(stories[0], stories[1]);
}

#[test]
fn the_schedule_of_the_help_can_be_read() {
    let text = r#"{"seed": 7, "rates": {"cut_after": 0.05, "latency": 0.2}, "faults": 20, "in_a_row": 2,
   "at": [{"write": 1, "fault": "deadlock"}, {"request": 9, "fault": {"late_commit": {"requests": 3}}}]}"#;
    Schedule::from_json(text.as_bytes()).expect("it is a schedule");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shops_command_line_has_faults_of_its_own() {
    let reindex = r#"{"argv":["indexer:reindex","inventory"]}"#;
    for (fault, output, ran) in [
        (json!("cut_before"), "", false),
        (json!("cut_after"), "", true),
        (json!({ "error_before": { "status": 502 } }), "502 ", false),
        (json!({ "error_after": { "status": 504 } }), "504 ", true),
        (json!("deadlock"), "200 ", true),
    ] {
        let fixture = playing(&json!({ "at": [{ "command": 1, "fault": fault }] })).await;
        assert!(save(&fixture).ends_with("[]"), "requests are spared");

        let answer = send(&fixture, "POST", "/_sandbox/magento", reindex);

        let status = answer.strip_prefix("HTTP/1.1 ").unwrap_or_default();
        assert!(
            status.starts_with(output) && answer.is_empty() == output.is_empty(),
            "{fault}: {answer}"
        );
        let log = fixture.shop.log();
        let commands = log
            .iter()
            .filter(|logged| logged.actor == Actor::Operator)
            .count();
        assert_eq!(commands, usize::from(ran), "{fault}");
        let state = fixture.magento(&["indexer:status", "inventory"]);
        assert_eq!(state.contains("Ready"), ran, "{fault}: {state}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn index_runs_are_in_the_log() {
    let fixture =
        playing(&json!({ "at": [{ "request": 1, "fault": { "index_run": { "requests": 1 } } }] })).await;
    send(&fixture, "GET", "/rest/V1/inventory/stocks", "");
    send(&fixture, "GET", "/rest/V1/inventory/stocks", "");
    let log = fixture.shop.log().into_iter();
    let runs: Vec<String> = log
        .filter(|logged| logged.actor == Actor::Operator)
        .map(|logged| logged.path)
        .collect();
    assert_eq!(runs, ["index/begin", "index/finish"]);
}
