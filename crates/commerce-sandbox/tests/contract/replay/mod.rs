//! Replays a recording against a sandbox of its own and says where the two differ.

mod compare;
mod demo;
mod forgotten_write;
mod oauth;
mod otp;
pub mod recording;
mod sizes;

use commerce_sandbox::{Options, Profile};
use serde_json::{Value, json};

use recording::{LeftBehind, Recording, Request, Step, Treatment};
use testkit::shop::Shop;
use testkit::wire::{self, Answer, Message};

/// What came of a replay.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The number of steps were compared.
    pub compared: usize,
    /// What differs, step by step.
    pub differences: Vec<String>,
}

/// Replays a whole recording against the sandbox of the same generation.
pub fn replay(profile: Profile, name: &str) -> Outcome {
    let recording = Recording::read(profile, name);
    let options = Options {
        profile,
        ..Options::default()
    };
    let mut shop = recording.shop(options);
    let mut outcome = Outcome::default();
    for step in &recording.steps {
        let difference = match step.treatment() {
            Treatment::Left(_) => {
                leave_behind(&mut shop, &step.left_behind);
                continue;
            }
            Treatment::Effect => {
                effect(&mut shop, step);
                continue;
            }
            Treatment::Call => call(&mut shop, step),
            Treatment::Command => command(&mut shop, step, true),
            Treatment::ExitCode => command(&mut shop, step, false),
        };
        outcome.compared += 1;
        if let Some(difference) = difference {
            outcome
                .differences
                .push(format!("{} {}: {difference}", step.id, title(step)));
        }
    }
    outcome
}

fn title(step: &Step) -> &str {
    step.event.as_deref().unwrap_or(&step.name)
}

fn call(shop: &mut Shop, step: &Step) -> Option<String> {
    let request = step.request.as_ref().expect("a call has a request");
    let response = step.response.as_ref().expect("a call has a response");
    compare::difference(request, response, &ask(shop, step, request))
}

/// Makes the product known, which is all that a product is to the inventory API.
fn effect(shop: &mut Shop, step: &Step) {
    let request = step.request.as_ref().expect("a call has a request");
    let answer = ask(shop, step, request);
    assert_eq!(
        answer.status,
        200,
        "{}: {}",
        step.id,
        String::from_utf8_lossy(&answer.body)
    );
}

/// Puts there what a step has left behind. Items come first: a shipment writes its index row before its reservation returns.
fn leave_behind(shop: &mut Shop, left: &LeftBehind) {
    if !left.source_items.is_empty() {
        let mut items = left.source_items.clone();
        for item in &mut items {
            item["status"] = json!(1);
        }
        let body = json!({ "sourceItems": items });
        let answer = shop.send("admin", "POST", "/rest/V1/inventory/source-items", Some(&body));
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    }
    if !left.reservations.is_empty() {
        shop.control("reservations", &json!({ "reservations": left.reservations }));
    }
}

fn ask(shop: &mut Shop, step: &Step, request: &Request) -> Answer {
    let signed_by = step.caller.strip_prefix("oauth:");
    let bearer = match signed_by {
        Some(_) => None,
        None => shop.bearer(&step.caller),
    };
    let mut target = wire::encode(&request.path);
    if let Some(query) = &request.query {
        let token = bearer.as_deref().unwrap_or_default();
        target = format!("{target}?{}", wire::encode(&query.replace("<token>", token)));
    }
    let mut headers: Vec<(&str, String)> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    if let Some(name) = signed_by {
        let url = format!("http://{}{target}", shop.address);
        let header = oauth::header(&step.name, &shop.integration(name), &request.method, &url);
        headers.push(("Authorization", header));
    }
    if let Some(token) = bearer {
        headers.push(("Authorization", format!("Bearer {token}")));
    }
    let body = request.body.as_ref().map(|body| match body {
        Value::String(text) => text.clone().into_bytes(),
        cut if recording::is_truncated(cut) => sizes::whole(cut).into_bytes(),
        other => otp::filled_in(other).to_string().into_bytes(),
    });
    let message = Message {
        method: &request.method,
        target: &target,
        headers,
        body,
    };
    if step.name == oauth::REPLAYED {
        wire::send(shop.address, &message);
    }
    wire::send(shop.address, &message)
}

fn command(shop: &mut Shop, step: &Step, with_output: bool) -> Option<String> {
    let event = step.event.as_deref().expect("a command is an event");
    let argv: Vec<&str> = event.split(' ').skip(1).collect();
    let got = shop.control("magento", &json!({ "argv": argv }));
    if got["exit_code"] != step.output["exit_code"] {
        return Some(format!(
            "exit code {} in place of {}",
            got["exit_code"], step.output["exit_code"]
        ));
    }
    let (expected, got) = (masked(&step.output["stdout"]), masked(&got["stdout"]));
    (with_output && expected != got).then(|| format!("output\n{got}\n    in place of\n{expected}"))
}

/// Masks the durations in what a reindex printed.
fn masked(stdout: &Value) -> String {
    let text = stdout.as_str().expect("a command prints text");
    let mut masked = String::new();
    for line in text.lines() {
        match line.split_once(" successfully in ") {
            Some((start, duration)) if duration.len() == "00:00:00".len() => masked.push_str(start),
            _ => masked.push_str(line),
        }
        masked.push('\n');
    }
    masked
}
