//! From what is written to reindex steps.

use spanned_yaml::diag::shown;
use spanned_yaml::{DecodeContext, Field, List};

use super::document::{HttpEntry, ReindexEntry, StepEntry};
use super::headers::{Sender, headers};
use super::leaf::{EnvName, MethodName, Timeout};
use super::rules::{NO_STEPS, PASS_ENV_WITHOUT_RUN};
use super::types::{DEFAULT_INTERVAL, DEFAULT_TIMEOUT, HttpStep, Method, Reindex, Step, StepKind};

/// The steps that are written; `None` when one of them is wrong.
pub(super) fn reindex(entry: ReindexEntry<'_>, reading: &mut DecodeContext) -> Option<Reindex> {
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

fn step(entry: StepEntry<'_>, reading: &mut DecodeContext) -> Option<Step> {
    let runs = matches!(entry.run, Field::Good(_));
    let pass_env = names(entry.pass_env, reading)?;
    if let (Some(first), false) = (pass_env.first(), runs) {
        let message = format!("only a program sees `{}`, and this step runs none", shown(first));
        let found = PASS_ENV_WITHOUT_RUN.at(entry.head, message);
        reading
            .findings
            .push(found.help("`pass_env` stands beside `run`"));
        return None;
    }
    let run = entry.run.good().map(|argv| StepKind::Run {
        argv: argv.0,
        pass_env,
    });
    let http = entry
        .http
        .good()
        .and_then(|http| request(http, reading))
        .map(StepKind::Http);
    let wait = match entry.wait {
        Field::Good(wait) => Some(StepKind::Wait {
            interval: wait.interval.or(Timeout(DEFAULT_INTERVAL))?.0,
        }),
        _ => None,
    };
    Some(Step {
        kind: run.or(http).or(wait)?,
        timeout: entry.timeout.or(Timeout(DEFAULT_TIMEOUT))?.0,
    })
}

/// The names of variables that are written; `None` when one of them is wrong.
pub(super) fn names(entry: Field<List<'_, EnvName<'_>>>, reading: &mut DecodeContext) -> Option<Vec<String>> {
    let list = match entry {
        Field::Absent => return Some(Vec::new()),
        Field::Bad => return None,
        Field::Good(list) => list,
    };
    let names: Vec<_> = list.nodes().map(|node| list.item(node, reading)).collect();
    names.into_iter().map(|name| Some(name?.0.to_owned())).collect()
}

fn request(entry: HttpEntry<'_>, reading: &mut DecodeContext) -> Option<HttpStep> {
    let headers = match entry.headers {
        Field::Absent => Some(Vec::new()),
        Field::Bad => None,
        Field::Good(entries) => headers(entries.0, Sender::Step, reading),
    };
    let body = match entry.body {
        Field::Absent => None,
        Field::Bad => return None,
        Field::Good(body) => Some(body.0.0.to_owned()),
    };
    Some(HttpStep {
        method: entry.method.or(MethodName(Method::Post))?.0,
        url: entry.url.good()?.0,
        headers: headers?,
        body,
    })
}
