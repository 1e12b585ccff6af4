//! Lowers `reindex` to its steps.

use spanned_yaml::diag::shown;
use spanned_yaml::{DecodeContext, Field, List, Sensitive};

use super::document::{HttpEntry, ReindexEntry, StepEntry};
use super::headers::{Sender, headers};
use super::rules::{NO_STEPS, PASS_ENV_WITHOUT_RUN};
use super::scalar::{EnvName, MethodName, Timeout};
use super::types::{DEFAULT_INTERVAL, DEFAULT_TIMEOUT, HttpStep, Method, Reindex, Step, StepKind};

/// The value of `reindex`; `None` if a step is wrong.
pub(super) fn reindex(entry: ReindexEntry<'_>, context: &mut DecodeContext) -> Option<Reindex> {
    let list = match entry {
        ReindexEntry::Word(_) => return Some(Reindex::Cron),
        ReindexEntry::Steps(list) => list.0,
    };
    if list.is_empty() {
        let found = NO_STEPS.at(list.head(), "a list of reindex steps has at least one");
        context.report(found.help("write `reindex: cron` when the shop's cron brings the index up to date"));
        return None;
    }
    let read = |node| list.item(node, context).and_then(|entry| step(entry, context));
    let steps: Vec<_> = list.nodes().map(read).collect();
    steps.into_iter().collect::<Option<_>>().map(Reindex::Steps)
}

fn step(entry: StepEntry<'_>, context: &mut DecodeContext) -> Option<Step> {
    let runs = matches!(entry.run, Field::Good(_));
    let pass_env = names(entry.pass_env, context)?;
    if let (Some(first), false) = (pass_env.first(), runs) {
        let message = format!("only a program sees `{}`, and this step runs none", shown(first));
        let found = PASS_ENV_WITHOUT_RUN.at(entry.head, message);
        context.report(found.help("`pass_env` stands beside `run`"));
        return None;
    }
    let run = entry.run.good().map(|argv| StepKind::Run {
        argv: argv.0,
        pass_env,
    });
    let http = entry
        .http
        .good()
        .and_then(|http| request(http, context))
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

/// The names of variables; `None` if one of them is wrong.
pub(super) fn names(entry: Field<List<'_, EnvName<'_>>>, context: &mut DecodeContext) -> Option<Vec<String>> {
    let names = |list: List<'_, EnvName<'_>>| {
        let names = list.all(context)?;
        Some(names.iter().map(|name| name.0.to_owned()).collect())
    };
    entry.lowered(Vec::new(), names)
}

fn request(entry: HttpEntry<'_>, context: &mut DecodeContext) -> Option<HttpStep> {
    let read = |entries: Sensitive<_>| headers(entries.0, Sender::Step, context);
    let headers = entry.headers.lowered(Vec::new(), read);
    let body = entry.body.optional()?.map(|body| body.0.0.to_owned());
    Some(HttpStep {
        method: entry.method.or(MethodName(Method::default()))?.0,
        url: entry.url.good()?.0,
        headers: headers?,
        body,
    })
}
