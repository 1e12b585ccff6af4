//! Errors in words: every distinct odd answer of the recordings, and a few of newer servers by their source.

use std::fmt::Write as _;

use serde_json::json;
use stocktake::commerce::{ApiError, Pages, Response};

use super::recorded::{Recorded, odd_answers, trouble_of};
use super::session::Client;
use testkit::proxy::Canned;

/// The error with what to do about it.
fn message(error: &ApiError) -> String {
    let mut message = error.to_string();
    for hint in &error.hints {
        write!(message, "\n  help: {hint}").expect("a String takes every write");
    }
    message
}

/// What the client makes of a recorded answer.
fn reported(client: &Client, recorded: &Recorded) -> ApiError {
    let answer = &recorded.answer;
    let outcome = match (recorded.signs_in(), recorded.method.as_str()) {
        // One client for each: a refused sign-in is not tried again.
        (true, _) => Client::admin(recorded.path.contains("/tfa/"))
            .read(answer)
            .map(drop),
        (false, "GET") => client.read(answer).map(drop),
        (false, _) => client.write(answer),
    };
    outcome.expect_err(&recorded.id)
}

#[test]
fn every_odd_answer_of_the_recordings_in_words() {
    let client = Client::new();
    let mut table = String::new();
    for recorded in odd_answers() {
        let (answer, error) = (&recorded.answer, reported(&client, &recorded));
        let message = message(&error);
        for leak in ["#0", "/vendor/", "<magento>", "webapi-<id>\""] {
            assert!(!message.contains(leak), "{}: {message}", recorded.id);
        }
        let unfilled = message
            .split('%')
            .skip(1)
            .any(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
        assert!(!unfilled, "{}: {message}", recorded.id);
        assert_eq!(error.status(), Some(answer.status), "{}", recorded.id);
        writeln!(table, "{} {message}", recorded.id).expect("a String takes every write");
    }
    insta::assert_snapshot!(table);
}

/// Recordings of sign-in with a second factor, of broken infrastructure and of developer mode.
#[test]
fn the_recordings_of_trouble_step_by_step() {
    let client = Client::new();
    let mut table = String::new();
    for (recording, good) in [
        ("00_two_factor_enabled", 1),
        ("11_failures_of_the_infrastructure", 2),
        ("12_developer_mode", 1),
    ] {
        let (odd, others) = trouble_of(recording);
        assert_eq!(others, good, "{recording}");
        for recorded in odd {
            let error = reported(&client, &recorded);
            assert!(
                !error.hints.is_empty() || matches!(error.status(), Some(400 | 404)),
                "{error}"
            );
            writeln!(table, "{} {}", recorded.id, message(&error)).expect("a String takes every write");
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn answers_of_newer_servers_and_of_what_stands_before_them() {
    let client = Client::new();
    let answers = [
        Canned::new(
            400,
            "application/json",
            json!({ "message": "Maximum items of type \"%type\" is %max", "parameters": { "type": "X", "max": 20 } }).to_string(),
        ),
        Canned::new(500, "application/json", r#"{"messages":{"error":[{"code":500,"message":"Fatal error"}]}}"#),
        // 2.4.8/04-184
        Canned::new(
            500,
            "text/plain;charset=UTF-8",
            "An error has happened during application run. See exception log for details.\n",
        ),
        // 2.4.8/05-038
        Canned::new(405, "application/json", r#"{"message":"The PATCH HTTP method is not supported."}"#),
        Canned::new(429, "application/json", r#"{"message":"Too many requests"}"#).with("Retry-After", "7"),
        Canned::new(403, "text/html", "<html><head><title>Access\n denied</title></head></html>"),
        Canned::new(404, "application/json", r#"{"message":"Request does not match any route.","trace":null}"#),
        Canned::new(301, "text/html", "").with("Location", "https://shop.example/rest/all/V1/inventory/stocks"),
        Canned::new(302, "", ""),
        Canned::new(200, "", "[]"),
        Canned::new(200, "text/plain", "[]"),
        Canned::new(201, "application/json", "[]"),
        Canned::new(204, "application/json", ""),
        Canned::new(400, "application/json", r#"{"message": "#),
        Canned::new(418, "application/json", r#"{"error":"teapot"}"#),
        Canned::new(200, "application/json", "true"),
        Canned::new(200, "application/json", "x".repeat(2 * 1024 * 1024)),
    ];
    let table: Vec<String> = answers
        .iter()
        .map(|answer| message(&client.write(answer).expect_err("none confirms a write")))
        .collect();
    insta::assert_snapshot!(table.join("\n"));
}

/// What stands before a shop, and what its PHP says before it answers: told with what it says, and none of it a success.
#[test]
fn gateways_firewalls_and_php_notices() {
    let client = Client::new();
    let html = |status, body: &str| Canned::new(status, "text/html; charset=UTF-8", body);
    let json = |body: &str| Canned::new(200, "application/json", body);
    let basic = "Basic realm=\"Staging\", charset=\"UTF-8\"";
    let answers = [
        html(
            401,
            "<title>401 Authorization Required</title><h1>401 Authorization Required</h1>",
        )
        .with("WWW-Authenticate", basic),
        Canned::new(401, "application/json", r#"{"message":"Unauthorized"}"#).with("WWW-Authenticate", basic),
        html(401, "")
            .with("WWW-Authenticate", "Negotiate")
            .with("WWW-Authenticate", "NTLM"),
        html(401, "").with("WWW-Authenticate", "Digest realm=\"x\", nonce=\"y\""),
        html(401, "sign in").with("WWW-Authenticate", "Bearer realm=\"gateway\""),
        html(403, "<title>Just a moment...</title>").with("cf-mitigated", "challenge"),
        html(
            406,
            "<title>Not Acceptable!</title><p>An appropriate representation was not found. Mod_Security.</p>",
        ),
        html(
            403,
            "<title>Access denied</title><p>Incident ID: 42-\u{1b}[31m</p>",
        ),
        html(405, "<title>405 Not Allowed</title>nginx"),
        html(415, ""),
        html(501, "<p>Not implemented</p>"),
        html(407, ""),
        html(429, "<p>Slow down</p>"),
        html(496, "<title>400 No required SSL certificate was sent</title>"),
        html(522, "<p>Connection timed out</p>"),
        html(200, "<title>Sign in</title><form>Captcha</form>"),
        html(302, "").with("Location", "https://sso.example/login?state=1"),
        json(
            "<br />\n<b>Notice</b>:  Undefined index: a in <b>/var/www/html/app/code/X.php</b> on line <b>3</b><br />\n[]",
        ),
        html(
            200,
            "<br />\n<b>Warning</b>:  Array to string in <b>/var/www/html/app/X.php</b> on line <b>3</b><br />\n[]",
        ),
        json("\u{feff}[]"),
        json("[] trailing"),
    ];
    let mut table = String::new();
    for answer in &answers {
        let error = client.write(answer).expect_err("none confirms a write");
        writeln!(table, "{}", message(&error)).expect("a String takes every write");
        let read = client.read(answer).expect_err("none is a list");
        assert_eq!(read.is_transient(), answer.status == 429, "{read}");
    }
    insta::assert_snapshot!(table);
}

/// A body within the limit can be made to fill memory, or the screen: by placeholders, or by mere length.
#[test]
fn a_hostile_answer_is_reported_in_few_words() {
    let long = "x".repeat(1_000_000);
    let bodies = [
        json!({ "message": "%1".repeat(400_000), "parameters": [long] }),
        json!({ "message": "%a".repeat(400_000), "parameters": { "a": vec!["é"; 400_000] } }),
        json!({ "message": long }),
        json!({ "message": "m", "errors": vec![json!({ "message": long }); 3] }),
        json!({ "message": "m", "errors": vec![json!({ "message": "e" }); 50_000] }),
        json!({ "messages": { "error": vec![json!({ "message": "%1%1", "parameters": [long] }); 3] } }),
        json!({ "message": "%x".repeat(100_000), "parameters": vec!["p"; 100_000] }),
    ];
    for body in bodies {
        let answer = Response::new(400, "application/json", body.to_string().into_bytes());
        let failure = answer.empty_list().expect_err("it confirms nothing");
        assert!(
            failure.to_string().len() < 32_000,
            "{}",
            failure.to_string().len()
        );
    }
    let items = json!({ "items": [long], "total_count": 1 }).to_string();
    let page = [Response::new(200, "application/json", items.into_bytes())];
    let pages = Pages {
        stocks: &page,
        sources: &page,
        links: &page,
    };
    let failure = pages.decode().expect_err("a text is no stock");
    assert!(failure.to_string().len() < 32_000);
}

#[test]
fn what_a_server_asks_for_is_heard() {
    let client = Client::new();
    let busy = Canned::new(429, "application/json", r#"{"message":"Slow down"}"#).with("Retry-After", "7");
    let error = client.read(&busy).expect_err("429");
    assert_eq!((error.retry_after(), error.is_transient()), (Some(7), true));
    let limit = Canned::new(
        400,
        "application/json",
        r#"{"message":"Maximum items of type \"%type\" is %max","parameters":{"type":"X","max":20}}"#,
    );
    let error = client.write(&limit).expect_err("400");
    assert_eq!(
        (error.limit(), error.batch_limit(1_000), error.batch_limit(20)),
        (Some(20), Some(20), None)
    );
    let odd = Canned::new(429, "application/json", r#"{"message":"x"}"#)
        .with("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT");
    assert_eq!(client.read(&odd).expect_err("429").retry_after(), None);
}
