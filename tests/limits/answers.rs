//! Single answers without measure.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::bounded_run::{plan, run_within};
use testkit::hostile_server::{HostileServer, Parts};

const MANY: usize = 60_000_000;

/// Gives the same answer to everything.
fn always(answer: impl Fn() -> Parts + Send + Sync + 'static) -> HostileServer {
    HostileServer::new(move |_| Some(answer()))
}

#[test]
fn an_error_is_read_no_further_than_a_person_would() {
    let zeros = always(|| Parts::json(400, r#"{"message":"no","parameters":["#, "0,", MANY / 2, "0]}"));
    let ended = plan(&zeros);
    assert!(ended.stderr.contains("400 no\n"), "{}", ended.stderr);

    let errors = always(|| {
        let one = r#"{"message":"","parameters":{}},"#;
        Parts::json(
            400,
            r#"{"message":"no","errors":["#,
            one,
            MANY / one.len(),
            r#"{"message":""}]}"#,
        )
    });
    let ended = plan(&errors);
    assert!(ended.stderr.contains("400 no; "), "{}", ended.stderr);

    let page = always(|| {
        let head = "HTTP/1.1 503 Odd\r\nContent-Type: text/html\r\n\r\n<title>Maintenance</title>";
        Parts::of(vec![(head.into(), 1), (b"<p>soon</p>".to_vec(), MANY / 11)])
    });
    let ended = plan(&page);
    assert!(
        ended.stderr.contains("a page titled \"Maintenance\""),
        "{}",
        ended.stderr
    );
}

#[test]
fn tiny_parts_of_a_good_answer_do_not_fill_the_memory() {
    for (begin, part, end) in [
        (
            "{\"items\":[",
            r#"{"stock_id":1,"name":""},"#,
            r#"{"stock_id":1,"name":""}],"total_count":1}"#,
        ),
        (
            r#"{"items":[{"stock_id":1,"name":"","extension_attributes":{"sales_channels":["#,
            r#"{"type":"","code":""},"#,
            r#"{"type":"","code":""}]}}],"total_count":1}"#,
        ),
        (r#"{"total_count":1,"items":null,"else":["#, "[],", "[]]}"),
    ] {
        let shop = always(move || Parts::json(200, begin, part, MANY / part.len(), end));
        let ended = plan(&shop);
        assert_eq!(ended.code, 1, "{part}: {}", ended.stderr);
    }
}

#[test]
fn what_unpacks_to_a_gigabyte_is_not_unpacked() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..200 {
        packed.write_all(&blanks).expect("memory takes every write");
    }
    let packed = packed.finish().expect("memory takes every write");
    let shop = always(move || {
        let head = "HTTP/1.1 200 Odd\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n";
        Parts::of(vec![(head.into(), 1), (packed.clone(), 1)])
    });
    let ended = plan(&shop);
    assert!(
        ended.stderr.contains("the answer is larger than"),
        "{}",
        ended.stderr
    );
}

#[test]
fn headers_without_end_are_not_read_to_their_end() {
    let line = format!("X-A: {}\r\n", "a".repeat(1_000));
    let headers = always(move || {
        Parts::of(vec![
            ("HTTP/1.1 200 Odd\r\n".into(), 1),
            (line.clone().into(), 100_000),
        ])
    });
    let ended = plan(&headers);
    assert!(
        ended.stderr.contains("message head is too large"),
        "{}",
        ended.stderr
    );

    let hints = always(|| Parts::raw("HTTP/1.1 103 Early Hints\r\nX-A: a\r\n\r\n", 1_000_000_000));
    let ended = run_within(&hints, "request_timeout: 1s, retry_pause: 1ms", &["plan"]);
    assert!(ended.stderr.contains("no answer in time"), "{}", ended.stderr);
}

#[test]
fn silence_and_a_trickle_end_with_the_time_of_the_run() {
    let silent = HostileServer::new(|_| None);
    let ended = run_within(&silent, "run_timeout: 2s, retry_pause: 1ms", &["plan"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("run_timeout"), "{}", ended.stderr);

    // Each byte comes in time, the whole never does: the time is that of the request, not of a byte.
    let trickle = || always(|| Parts::json(200, "", " ", 100_000, "[]").trickle(Duration::from_millis(20)));
    let ended = run_within(&trickle(), "run_timeout: 2s, retry_pause: 1ms", &["plan"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("run_timeout"), "{}", ended.stderr);

    // A read that took all of its time is not tried again, or a silent shop would take four times as long.
    for shop in [trickle(), HostileServer::new(|_| None)] {
        let ended = run_within(&shop, "request_timeout: 1s, retry_pause: 1ms", &["plan"]);
        assert_eq!(ended.code, 1, "{}", ended.stderr);
        assert!(ended.stderr.contains("no answer in time"), "{}", ended.stderr);
        assert!(!ended.stderr.contains("trying again"), "{}", ended.stderr);
    }

    let later = r#"{"message":"busy"}"#;
    let busy = always(move || {
        let head =
            "HTTP/1.1 503 Odd\r\nContent-Type: application/json\r\nRetry-After: 99999999999999999999\r\n\r\n";
        Parts::of(vec![(head.into(), 1), (later.into(), 1)])
    });
    let ended = run_within(&busy, "run_timeout: 2s", &["plan"]);
    assert!(ended.stderr.contains("503 busy"), "{}", ended.stderr);
}

#[test]
fn the_word_that_confirms_a_write_is_short() {
    // Everything else is honest: the write alone is answered with a list of millions.
    let shop = HostileServer::new(|path| {
        let page = |items: &[&str]| {
            let items: Vec<String> = items.iter().map(|item| (*item).to_owned()).collect();
            Parts::page(&items, items.len() as u64)
        };
        Some(if path.contains("stock-source-links?") {
            page(&[r#"{"stock_id":1,"source_code":"default","priority":1}"#])
        } else if path.contains("stock-source-links") {
            Parts::json(200, "[", "[],", MANY / 3, "[]]")
        } else if path.contains("/sources") {
            page(&[
                r#"{"source_code":"default","enabled":true}"#,
                r#"{"source_code":"hq","enabled":true}"#,
            ])
        } else {
            page(&[
                r#"{"stock_id":1,"name":"Default Stock"}"#,
                r#"{"stock_id":2,"name":"Europe Stock"}"#,
            ])
        })
    });
    let ended = run_within(
        &shop,
        "retry_pause: 1ms, request_timeout: 1s",
        &["apply", "--yes"],
    );
    assert_eq!(ended.code, 1, "no link was written: {}", ended.stderr);
}
