//! Calls the web hook of a reindex step. Success is a status of 2xx without a word of an index that was not rebuilt, and a good
//! result of the command if the answer has one.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::Value;

use super::index_command::rebuilds_inventory;
use super::outcome::StepFailure;
use super::printed::Printed;
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
    /// A string, where the hook passes it on.
    #[serde(default)]
    stderr: Value,
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
    let refused = || StepFailure::Webhook {
        detail: format!("the web hook answered {status}"),
    };
    let is_success = (200..300).contains(&status);
    let ran = match ran(&answer, &mask) {
        Ok(Some(ran)) => ran,
        Ok(None) => return judged_by_words(status, &answer),
        Err(failure) => return Err(if is_success { failure } else { refused() }),
    };
    let mut printed = Printed::default();
    let stdout = ran.stdout.as_deref();
    for line in [stdout, ran.stderr.as_str()]
        .into_iter()
        .flatten()
        .flat_map(str::lines)
    {
        observer.notice(Event::StepOutput {
            line: &mask.masked(line),
        });
        printed.take(line);
    }
    let body = body(step);
    let mut commands = Vec::new();
    collect_texts(&body, &mut commands);
    match combined_result(commands, ran.exit_code, &printed) {
        IndexerResult::Rebuilt if !is_success => Err(refused()),
        result => Ok(result),
    }
}

/// The result of a hook that does not tell of its command. What it says of an index that was not rebuilt counts with every
/// status: hooks pass on what their command printed.
fn judged_by_words(status: u16, answer: &[u8]) -> Result<IndexerResult, StepFailure> {
    let printed: Printed = match serde_json::from_slice::<Value>(answer) {
        Ok(value) => {
            let mut texts = Vec::new();
            collect_texts(&value, &mut texts);
            texts.into_iter().flatten().flat_map(str::lines).collect()
        }
        Err(_) => String::from_utf8_lossy(answer).lines().collect(),
    };
    let is_success = (200..300).contains(&status);
    let failed = |detail| Err(StepFailure::Webhook { detail });
    match combined_result([], 0, &printed) {
        IndexerResult::Failed(StepFailure::NotRebuilt { detail, .. }) => {
            let but = if is_success { ", but" } else { ":" };
            failed(format!("the web hook answered {status}{but} {detail}"))
        }
        IndexerResult::Rebuilt if !is_success => failed(format!("the web hook answered {status}")),
        result => Ok(result),
    }
}

/// True if the command that a hook is asked to run visibly rebuilds the inventory index.
pub(super) fn asks_for_inventory(step: &HttpStep) -> bool {
    let body = body(step);
    let mut commands = Vec::new();
    collect_texts(&body, &mut commands);
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

/// The texts in JSON: the strings of a list belong together, as those of a command do, and each other string stands alone.
/// Strings that are no commands, such as a branch or a name, are not index runs and request no index.
fn collect_texts<'a>(value: &'a Value, texts: &mut Vec<Vec<&'a str>>) {
    match value {
        Value::String(line) => texts.push(vec![line]),
        Value::Array(values) => {
            texts.push(values.iter().filter_map(Value::as_str).collect());
            let nested = values.iter().filter(|value| !value.is_string());
            nested.for_each(|value| collect_texts(value, texts));
        }
        Value::Object(members) => members.values().for_each(|value| collect_texts(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
