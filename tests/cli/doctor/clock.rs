//! A clock of the shop that differs from ours.

use testkit::proxy::{Canned, Proxy};
use testkit::workspace::Workspace;

/// A door that answers every request so, with a time that is off by so many seconds.
fn off_by(seconds: i64, status: u16, message: &'static str) -> Proxy {
    Proxy::alone(move |_| {
        let then = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        let date = jiff::fmt::rfc2822::DateTimePrinter::new();
        let date = date.timestamp_to_rfc9110_string(&then).expect("a date of HTTP");
        let body = serde_json::json!({ "message": message }).to_string();
        Canned::new(status, "application/json", body).with("Date", &date)
    })
}

#[test]
fn the_clock_is_reported_also_when_the_sign_in_fails_by_it() {
    let oauth1 = [
        ("STOCKTAKE_CONSUMER_KEY", "key"),
        ("STOCKTAKE_CONSUMER_SECRET", "secret"),
        ("STOCKTAKE_ACCESS_TOKEN", "token"),
        ("STOCKTAKE_ACCESS_TOKEN_SECRET", "secret"),
    ];
    let totp = [
        ("STOCKTAKE_ADMIN_USER", "ci"),
        ("STOCKTAKE_ADMIN_PASSWORD", "password"),
        ("STOCKTAKE_ADMIN_TOTP", "JBSWY3DPEHPK3PXP"),
    ];
    for (variables, off, message, state, detail) in [
        (
            &oauth1[..],
            -660,
            "An error occurred validating the nonce",
            "failed",
            "660 s ahead of the server's",
        ),
        (
            &totp[..],
            60,
            "Invalid code.",
            "failed",
            "60 s behind the server's",
        ),
        (&totp[..], 0, "Invalid code.", "ok", "agrees with the server's"),
        (
            &oauth1[..],
            300,
            "Specified token does not exist",
            "warning",
            "300 s behind the server's",
        ),
    ] {
        let front = off_by(off, 401, message);
        let workspace = Workspace::bare().variable("STOCKTAKE_URL", front.url());
        let workspace = variables.iter().fold(workspace, |workspace, (name, value)| {
            workspace.variable(name, *value)
        });
        let report = workspace.run(&["doctor", "--format", "json"]).exits(1).json();
        let checks = report["checks"].as_array().expect("a list");
        let clock = checks
            .iter()
            .find(|check| check["check"] == "clock")
            .expect("the clock is told");
        assert_eq!(clock["state"], state, "{clock}");
        // A second may go by between the server's word and ours.
        let output = clock["detail"].as_str().expect("a text");
        let number = |text: &str| text.split(' ').next().and_then(|word| word.parse::<i64>().ok());
        let near = number(output)
            .zip(number(detail))
            .is_some_and(|(output, right)| (output - right).abs() <= 2);
        assert!(
            output == detail
                || near && output.split_once(' ').map(|it| it.1) == detail.split_once(' ').map(|it| it.1),
            "{output}"
        );
    }
}
