//! From what is written to reindex steps.

use super::auth::secret;
use super::document::{HttpEntry, ReindexEntry, StepEntry, ValueEntry};
use super::leaf::{MethodName, Timeout};
use super::rules::{INVALID_HEADER, NO_STEPS, PLAIN_SECRET};
use super::secret::SecretRef;
use super::types::{DEFAULT_INTERVAL, DEFAULT_TIMEOUT, HttpStep, Method, Reindex, Step, StepKind};
use crate::diag::shown;
use crate::yaml::{Entries, Found, Reading, Text};

/// Headers that hold a credential whenever they are there.
const SECRET_HEADERS: [&str; 5] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-api-key",
    "x-auth-token",
];

/// The steps that are written; `None` when one of them is wrong.
pub(super) fn reindex(entry: ReindexEntry<'_>, reading: &mut Reading) -> Option<Reindex> {
    let list = match entry {
        ReindexEntry::Word(_) => return Some(Reindex::Cron),
        ReindexEntry::Steps(list) => list,
    };
    if list.is_empty() {
        let found = NO_STEPS.at(list.head(), "a list of reindex steps has at least one");
        reading
            .findings
            .push(found.help("write `reindex: cron` when the shop's cron brings the index up to date"));
        return None;
    }
    let mut steps = Vec::new();
    for node in list.nodes() {
        let entry = list.item(node, reading);
        steps.push(entry.and_then(|entry| step(entry, reading)));
    }
    steps.into_iter().collect::<Option<_>>().map(Reindex::Steps)
}

fn step(entry: StepEntry<'_>, reading: &mut Reading) -> Option<Step> {
    let run = entry.run.good().map(|argv| StepKind::Run { argv: argv.0 });
    let http = entry
        .http
        .good()
        .and_then(|http| request(http, reading))
        .map(StepKind::Http);
    let wait = match entry.wait {
        Found::Good(wait) => Some(StepKind::Wait {
            interval: wait.interval.or(Timeout(DEFAULT_INTERVAL))?.0,
        }),
        _ => None,
    };
    Some(Step {
        kind: run.or(http).or(wait)?,
        timeout: entry.timeout.or(Timeout(DEFAULT_TIMEOUT))?.0,
    })
}

fn request(entry: HttpEntry<'_>, reading: &mut Reading) -> Option<HttpStep> {
    let headers = match entry.headers {
        Found::Absent => Some(Vec::new()),
        Found::Bad => None,
        Found::Good(entries) => headers(entries.0, reading),
    };
    let body = match entry.body {
        Found::Absent => None,
        Found::Bad => return None,
        Found::Good(body) => Some(body.0.0.to_owned()),
    };
    Some(HttpStep {
        method: entry.method.or(MethodName(Method::Post))?.0,
        url: entry.url.good()?.0,
        headers: headers?,
        body,
    })
}

fn headers(entries: Entries<'_, ValueEntry<'_>>, reading: &mut Reading) -> Option<Vec<(String, SecretRef)>> {
    let mut headers: Vec<Option<(String, SecretRef)>> = Vec::new();
    for (name, value) in entries.entries {
        let lower = name.value.to_ascii_lowercase();
        let known = headers.iter().flatten().any(|(known, _)| *known == lower);
        headers.push(match value {
            None => None,
            Some(_) if known => {
                let message = format!("the header `{}` stands here twice", shown(name.value));
                reading.findings.push(INVALID_HEADER.at(name.span, message));
                None
            }
            Some(value) => header(name, lower, value, reading),
        });
    }
    headers.into_iter().collect()
}

fn header(
    name: Text<'_>,
    lower: String,
    value: ValueEntry<'_>,
    reading: &mut Reading,
) -> Option<(String, SecretRef)> {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if lower.is_empty() || !lower.chars().all(token) {
        let message = format!("`{}` cannot be the name of a header", shown(name.value));
        reading.findings.push(INVALID_HEADER.at(name.span, message));
        return None;
    }
    let value =
        match value {
            ValueEntry::Secret(entry) => secret(entry)?,
            ValueEntry::Plain(_) if SECRET_HEADERS.contains(&lower.as_str()) => {
                let message =
                    format!("the value of the header `{lower}` is a secret and does not stand in this file");
                let found = PLAIN_SECRET.at(name.span, message);
                reading.findings.push(found.help(
                    "say where it is kept: `{ env: NAME }`, `{ file: PATH }` or `{ command: [PROGRAM] }`",
                ));
                return None;
            }
            ValueEntry::Plain(text) if text.0.value.chars().any(|c| c.is_control() || !c.is_ascii()) => {
                let message =
                    format!("the value of the header `{lower}` has characters that HTTP does not allow");
                reading.findings.push(INVALID_HEADER.at(name.span, message));
                return None;
            }
            ValueEntry::Plain(text) => SecretRef::Value(text.0.value.into()),
        };
    Some((lower, value))
}
