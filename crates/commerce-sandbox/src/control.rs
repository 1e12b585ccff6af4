//! The control routes below `/_sandbox/`, which no real shop has: commands, index runs, reservations, clock, tokens, faults, log.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::chaos::{Decision, Schedule};
use crate::database::store::{Reservation, SalabilityUpdate};
use crate::database::two_factor_settings::TwoFactorSettings;
use crate::http::answer::Answer;
use crate::http::request::Request;
use crate::index::{self, RunError};
use crate::log::{Actor, Logged};
use crate::magento::{self, Output};
use crate::shop::Shop;
use crate::state::State;

/// Prefix of the control routes.
pub const PREFIX: &str = "/_sandbox/";

/// The control route that runs a command of `bin/magento`.
pub const COMMAND: &str = "/_sandbox/magento";

/// A command of `bin/magento`.
#[derive(Debug, Deserialize)]
struct Command {
    argv: Vec<String>,
}

/// A move of the clock.
#[derive(Debug, Deserialize)]
struct Advance {
    advance_seconds: i64,
}

/// Reservations to append.
#[derive(Debug, Deserialize)]
struct Reservations {
    reservations: Vec<Reservation>,
}

/// Answers a control request.
pub fn answer(shop: &Shop, state: &mut State, request: &Request, decision: &Decision) -> Answer {
    let name = request.path.strip_prefix(PREFIX).unwrap_or_default();
    match (request.method.as_str(), name) {
        ("POST", "magento") => run(shop, state, &request.body, decision),
        ("POST", "index/begin") => {
            let begun = index::begin(&mut state.store);
            shop.faults.log_index_run("index/begin", begun.is_ok());
            run_outcome(begun)
        }
        ("POST", "index/finish") => {
            let finished = index::finish(&mut state.store);
            shop.faults.log_index_run("index/finish", finished.is_ok());
            run_outcome(finished)
        }
        ("POST", "chaos") => follow(shop, &request.body),
        ("GET", "chaos") => Answer::json(200, &chaos(shop)),
        ("POST", "chaos/release") => {
            shop.hold.release();
            Answer::json(200, &json!([]))
        }
        ("POST", "chaos/settle") => {
            shop.faults.settle(state);
            Answer::json(200, &json!([]))
        }
        ("POST", "clock") => advance(state, &request.body),
        ("POST", "tokens/expire") => {
            state.sessions.expire();
            Answer::json(200, &json!([]))
        }
        ("POST", "reservations") => reserve(state, &request.body),
        ("POST", "two-factor") => set_two_factor(state, &request.body),
        ("GET", "log") => Answer::json(200, &json!(shop.log())),
        ("GET", "state") => Answer::json(200, &json!(state)),
        _ => Answer::json(404, &json!({ "message": "The sandbox has no such route." })),
    }
}

fn run(shop: &Shop, state: &mut State, body: &[u8], decision: &Decision) -> Answer {
    with(body, |command: Command| {
        json!(run_command(shop, state, &command.argv, decision.names()))
    })
}

/// Runs a command of `bin/magento` and logs it.
pub fn run_command(shop: &Shop, state: &mut State, argv: &[String], faults: Vec<&'static str>) -> Output {
    let output = magento::run(&mut state.store, argv);
    shop.faults.log.record(Logged {
        actor: Actor::Operator,
        path: argv.join(" "),
        committed: output.exit_code == 0,
        faults,
        ..Logged::default()
    });
    output
}

/// Follows a new schedule of faults.
fn follow(shop: &Shop, body: &[u8]) -> Answer {
    match Schedule::from_json(body) {
        Ok(schedule) => {
            shop.follow(schedule);
            Answer::json(200, &json!([]))
        }
        Err(error) => Answer::json(400, &json!({ "message": error.to_string() })),
    }
}

/// Lists the held requests and counts the effects that are put off.
fn chaos(shop: &Shop) -> Value {
    let held = shop.hold.held();
    let held: Vec<u64> = held.iter().map(|held| held.request).collect();
    json!({ "held": held, "coming": shop.faults.delayed() })
}

/// Moves the shop's clock and gives its new time.
fn advance(state: &mut State, body: &[u8]) -> Answer {
    with(body, |by: Advance| {
        state.store.clock.advance(by.advance_seconds);
        json!({ "now": state.store.clock.now() })
    })
}

/// Appends reservations, as an order, a cancellation or a shipment does, and leaves a message for each stock in the queue.
fn reserve(state: &mut State, body: &[u8]) -> Answer {
    with(body, |sent: Reservations| {
        let mut touched: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for one in &sent.reservations {
            touched.entry(one.stock_id).or_default().push(one.sku.clone());
        }
        let messages = touched
            .into_iter()
            .map(|(stock_id, skus)| SalabilityUpdate { stock_id, skus });
        state.store.salability_queue.extend(messages);
        state.store.reservations.extend(sent.reservations);
        json!([])
    })
}

/// Sets the two-factor module. The provider is one-time codes unless another is given.
fn set_two_factor(state: &mut State, body: &[u8]) -> Answer {
    with(body, |settings: TwoFactorSettings| {
        state.store.two_factor = settings;
        json!([])
    })
}

/// Decodes a body and answers with the result.
fn with<T: DeserializeOwned>(body: &[u8], answer: impl FnOnce(T) -> Value) -> Answer {
    match serde_json::from_slice(body) {
        Ok(read) => Answer::json(200, &answer(read)),
        Err(error) => Answer::json(
            400,
            &json!({ "message": format!("The body cannot be read: {error}") }),
        ),
    }
}

fn run_outcome(outcome: Result<(), RunError>) -> Answer {
    match outcome {
        Ok(()) => Answer::json(200, &Value::Array(Vec::new())),
        Err(error) => Answer::json(409, &json!({ "message": error.to_string() })),
    }
}
