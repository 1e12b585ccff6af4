//! Calls the web hook of a reindex step. Success is a status of 2xx, and a good result of the command if the answer has one.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::Value;

use super::index_command::rebuilds_inventory;
use super::outcome::StepFailure;
use super::reindex_output::{IndexerResult, combined_result};
use crate::commerce::{Limits, Tls, http_client, innermost};
use crate::run::event::{Event, Observer};
use crate::target::{HttpStep, Keyring, Mask, SecretUse, resolve_secret_for};

/// The largest answer in bytes.
const LARGEST_ANSWER: usize = 1024 * 1024;

/// A hook's answer about the command that it ran. It counts like the result of a program that ran here.
#[derive(Deserialize)]
struct Ran {
    exit_code: i32,
    stdout: Option<String>,
}

/// Calls a web hook with the certificates of its target.
pub(super) async fn call(
    step: &HttpStep,
    keyring: &Keyring,
    tls: &Tls,
    observer: &dyn Observer,
) -> Result<IndexerResult, StepFailure> {
    let (status, answer) = request(step, keyring, tls).await?;
    let mask = keyring.mask();
    if !(200..300).contains(&status) {
        return Err(StepFailure::Webhook {
            detail: format!("the web hook answered {status}"),
        });
    }
    let Some(ran) = ran(&answer, &mask)? else {
        return Ok(IndexerResult::Rebuilt);
    };
    let stdout = ran.stdout.unwrap_or_default();
    for line in stdout.lines() {
        observer.notice(Event::StepOutput {
            line: &mask.masked(line),
        });
    }
    if ran.exit_code != 0 {
        return Err(StepFailure::ExitCode { code: ran.exit_code });
    }
    let body = body(step);
    let mut commands = Vec::new();
    collect_commands(&body, &mut commands);
    Ok(combined_result(commands, &stdout))
}

/// True if the command that a hook is asked to run visibly rebuilds the inventory index.
pub(super) fn asks_for_inventory(step: &HttpStep) -> bool {
    let body = body(step);
    let mut commands = Vec::new();
    collect_commands(&body, &mut commands);
    commands.into_iter().any(rebuilds_inventory)
}

/// The JSON that a step sends; null for other bodies.
fn body(step: &HttpStep) -> Value {
    let body = step
        .body
        .as_deref()
        .and_then(|body| serde_json::from_str(body).ok());
    body.unwrap_or(Value::Null)
}

/// The result of the hook's command in an answer, if it has one.
fn ran(answer: &[u8], mask: &Mask) -> Result<Option<Ran>, StepFailure> {
    match serde_json::from_slice::<Value>(answer) {
        Ok(answer) if answer.get("exit_code").is_some() => {
            serde_json::from_value(answer)
                .map(Some)
                .map_err(|error| StepFailure::Webhook {
                    detail: format!(
                        "the web hook's answer cannot be read: {}",
                        mask.masked(&error.to_string())
                    ),
                })
        }
        _ => Ok(None),
    }
}

async fn request(step: &HttpStep, keyring: &Keyring, tls: &Tls) -> Result<(u16, Vec<u8>), StepFailure> {
    let failed = |what: &str, error: &dyn std::error::Error| StepFailure::Webhook {
        detail: format!("{what}: {}", innermost(error)),
    };
    // The time limit of the step ends the request.
    let limits = Limits {
        request: Duration::MAX,
        ..Limits::default()
    };
    let client = http_client(&step.url, limits, tls).map_err(|error| failed("no HTTP client", &error))?;
    let method = step
        .method
        .as_str()
        .parse()
        .map_err(|error| failed("no such method", &error))?;
    let mut request = client.request(method, step.url.clone());
    for (name, value) in &step.headers {
        let value = resolve_secret_for(SecretUse::Header, value, keyring)
            .await
            .map_err(|error| failed("a header has no value", &error))?;
        request = request.header(name, value.expose_secret());
    }
    if let Some(body) = &step.body {
        request = request.body(body.clone());
    }
    let request = request
        .build()
        .map_err(|error| failed("the request cannot be made", &error.without_url()))?;
    let sent = client.send(request).await;
    let mut response = sent.map_err(|error| StepFailure::Webhook {
        detail: format!("the web hook did not answer: {}", error.reason()),
    })?;
    let status = response.status().as_u16();
    let mut answer = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| failed("the answer broke off", &error))?
    {
        answer.extend_from_slice(&chunk);
        if answer.len() > LARGEST_ANSWER {
            return Err(StepFailure::Webhook {
                detail: format!("the answer is larger than {LARGEST_ANSWER} bytes"),
            });
        }
    }
    Ok((status, answer))
}

/// The commands in a body: the strings of a list are one command, and so is each other string. Other strings, such as a
/// branch or a name, are not index runs and request no index.
fn collect_commands<'a>(value: &'a Value, commands: &mut Vec<Vec<&'a str>>) {
    match value {
        Value::String(line) => commands.push(vec![line]),
        Value::Array(values) => {
            commands.push(values.iter().filter_map(Value::as_str).collect());
            let nested = values.iter().filter(|value| !value.is_string());
            nested.for_each(|value| collect_commands(value, commands));
        }
        Value::Object(members) => members
            .values()
            .for_each(|value| collect_commands(value, commands)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
