//! From what is written to reindex steps.

use super::document::{HttpEntry, ReindexEntry, StepEntry};
use super::headers::{Sender, headers};
use super::leaf::{MethodName, Timeout};
use super::rules::NO_STEPS;
use super::types::{DEFAULT_INTERVAL, DEFAULT_TIMEOUT, HttpStep, Method, Reindex, Step, StepKind};
use crate::yaml::{Found, Reading};

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
        Found::Good(entries) => headers(entries.0, Sender::Step, reading),
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
