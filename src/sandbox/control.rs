//! The sandbox's own routes below `/_sandbox/`, which no shop has: its command line, its index runs, its log.

use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Answer;
use super::index::{self, RunError};
use super::magento;
use super::request::Request;
use super::shop::{Shop, State};

/// Where they start.
pub const PREFIX: &str = "/_sandbox/";

/// A command of the shop's command line.
#[derive(Debug, Deserialize)]
struct Command {
    argv: Vec<String>,
}

/// Answers a request to one of them.
pub fn answer(shop: &Shop, state: &mut State, request: &Request) -> Answer {
    let name = request.path.strip_prefix(PREFIX).unwrap_or_default();
    match (request.method.as_str(), name) {
        ("POST", "magento") => run(state, &request.body),
        ("POST", "index/begin") => settle(index::begin(&mut state.store)),
        ("POST", "index/finish") => settle(index::finish(&mut state.store)),
        ("GET", "log") => Answer::json(200, &json!(shop.log())),
        ("GET", "state") => Answer::json(200, &json!(state)),
        _ => Answer::json(404, &json!({ "message": "The sandbox has no such route." })),
    }
}

fn run(state: &mut State, body: &[u8]) -> Answer {
    match serde_json::from_slice::<Command>(body) {
        Ok(command) => Answer::json(200, &json!(magento::run(&mut state.store, &command.argv))),
        Err(error) => Answer::json(
            400,
            &json!({ "message": format!("The command cannot be read: {error}") }),
        ),
    }
}

fn settle(outcome: Result<(), RunError>) -> Answer {
    match outcome {
        Ok(()) => Answer::json(200, &Value::Array(Vec::new())),
        Err(error) => Answer::json(409, &json!({ "message": error.to_string() })),
    }
}
