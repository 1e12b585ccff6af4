//! `doctor`: checks step by step whether plan and apply can work on a target. Writes nothing.

mod machine;
mod stages;
mod unconnected;

use std::cmp::Ordering;

use clap::Args;
use spanned_yaml::diag::joined;

use crate::cli::args::{Format, TargetsArgs};
use crate::cli::fleet::Reporter;
use crate::cli::output::printer::Printer;
use crate::commerce::{self, ApiError, CollectionKind, Reader};
use crate::reconcile::index::{IndexState, IndexVerdict};
use crate::report::{Check, CheckState, DoctorReport, IndexReport};
use crate::run::{Exit, Failure, IndexCheck, ReindexBy, Scope, Session};
use crate::target::{Api, Auth, SecretRef, Target};
use stages::{QUESTIONS, WAY, guards, look_up_host};

/// Check a target step by step: host, TLS, base URL, sign-in, permissions, limits, reindex steps. Writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake doctor --sandbox
  stocktake doctor --target production --format json")]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    pub(crate) target: TargetsArgs,
    /// The form of the findings.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) async fn run(args: &DoctorArgs, printer: &Printer) -> Result<Exit, Failure> {
    let reporter = Reporter::new("doctor", args.format, printer);
    let selection = match (args.target.find(printer).await, &args.target.place.url) {
        // Without a credential some checks can run all the same.
        (Err(failure), Some(url)) if failure.kind.is_some() => {
            let place = &args.target.place;
            let token = SecretRef::Env("STOCKTAKE_TOKEN".to_owned());
            let target = Target::from_flags(url, Api::Paas, Auth::Bearer(token));
            let target = target.map_err(|error| Failure::usage(format!("--url: {error}")))?;
            let report = unconnected::examined(&target, &place.state_dir, &failure).await;
            reporter.one(&report.into())?;
            return Ok(Exit::Error);
        }
        (found, _) => found?,
    };
    reporter
        .of_selected(selection, |shop, _| async move {
            let (target, state_dir) = (shop.target.clone(), shop.state_dir.clone());
            let report = match shop.open().await {
                Ok(session) => examined(&session).await,
                Err(failure) => unconnected::examined(&target, &state_dir, &failure).await,
            };
            let exit = if report.healthy { Exit::Done } else { Exit::Error };
            Ok((exit, report))
        })
        .await
}

async fn examined(session: &Session) -> DoctorReport {
    let mut checks = Vec::new();
    look_up_host(&session.url, &mut checks).await;
    checks.extend(
        session
            .reader
            .proxy()
            .map(|proxy| Check::ok("proxy", format!("requests go through {proxy}"))),
    );
    ask(session, &mut checks).await;
    checks.extend(session.reindexer.readiness().into_iter().map(|step| {
        let state = if step.ready {
            CheckState::Ok
        } else {
            CheckState::Failed
        };
        Check::new("reindex step", state, step.detail)
    }));
    checks.push(reindex_kind(session));
    checks.extend(index_proof(session, &checks).await);
    checks.push(Check::ok("guards", guards(session.rules.limits)));
    checks.push(machine::state_directory(&session.state_dir, &session.rules.label));
    checks.push(machine::open_files());
    DoctorReport::new(session.rules.label.clone(), checks)
}

fn failed(name: &str, error: &ApiError) -> Check {
    Check {
        hints: error.hints.clone(),
        ..Check::new(name, CheckState::Failed, error.to_string())
    }
}

/// Runs the checks that ask the shop. After a failure the rest is skipped.
async fn ask(session: &Session, checks: &mut Vec<Check>) {
    let reader = &session.reader;
    let stocks = reader.count(CollectionKind::Stocks).await;
    if let Err(error) = &stocks
        && let Some(stop) = obstacle(error)
    {
        checks.extend(WAY.iter().enumerate().map(|(at, name)| match at.cmp(&stop) {
            // A sign-in that asks for a token does not come by the modules.
            Ordering::Less if *name == WAY[3] && !error.path.contains("/inventory/") => Check::skipped(*name),
            Ordering::Less => Check::ok(*name, ""),
            Ordering::Equal => failed(name, error),
            Ordering::Greater => Check::skipped(*name),
        }));
        checks.extend(QUESTIONS.map(Check::skipped));
        checks.push(machine::clock(reader, checks));
        return;
    }
    let counts = [
        stocks,
        reader.count(CollectionKind::Sources).await,
        reader.count(CollectionKind::Links).await,
    ];
    // The server answers the same for a token that it does not know and for a permission that is missing: a token that
    // may do one of these things is known.
    let readable = counts.iter().all(Result::is_ok);
    let signed_in = match &counts {
        [Err(error), Err(_), Err(_)] => failed(WAY[4], error),
        _ => Check::ok(WAY[4], "the shop knows who asks"),
    };
    checks.push(Check::ok(WAY[0], scheme(session)));
    checks.extend(WAY[1..4].iter().map(|name| Check::ok(*name, "")));
    checks.push(signed_in);
    for ((name, noun), count) in QUESTIONS.iter().zip(["stocks", "sources", "links"]).zip(counts) {
        checks.push(counted(name, noun, count));
    }
    checks.push(match reader.may_verify().await {
        Ok(()) => Check::ok(QUESTIONS[3], "may ask for salable quantities"),
        Err(error) => Check {
            state: CheckState::Warning,
            ..failed(QUESTIONS[3], &error)
        },
    });
    checks.push(match reader.page_limit().await {
        Ok(limit) => Check::ok(QUESTIONS[4], format!("pages of {limit}")),
        Err(error) => failed(QUESTIONS[4], &error),
    });
    checks.push(if readable {
        // Three reads at once are a large future.
        Box::pin(default_link(reader)).await
    } else {
        Check::skipped(QUESTIONS[5])
    });
    checks.push(machine::clock(reader, checks));
}

async fn default_link(reader: &Reader) -> Check {
    let name = QUESTIONS[5];
    match reader.missing_defaults().await {
        Ok(missing) if missing.is_empty() => Check::ok(name, "stock 1 is linked with the source `default`"),
        Ok(missing) => {
            let what = joined(missing.iter().map(|missing| missing.what), "; ");
            Check {
                hints: missing.iter().map(|missing| missing.help.clone()).collect(),
                ..Check::new(name, CheckState::Failed, what)
            }
        }
        Err(error) => failed(name, &error),
    }
}

/// The stage at which a request failed; `None` if it got to the API and lacks a permission.
fn obstacle(error: &ApiError) -> Option<usize> {
    if error.missing_resource().is_some() {
        return None;
    }
    Some(match &error.kind {
        commerce::ErrorKind::NoAnswer { .. }
        | commerce::ErrorKind::Proxy { .. }
        | commerce::ErrorKind::OutOfTime => 0,
        commerce::ErrorKind::Refused { status: 404, .. } => 3,
        commerce::ErrorKind::Refused {
            status: 400, message, ..
        } if message.starts_with("Specified request") => 2,
        commerce::ErrorKind::Unusable { .. }
        | commerce::ErrorKind::Refused {
            status: 400 | 401 | 403,
            ..
        } => 4,
        _ => 1,
    })
}

fn scheme(session: &Session) -> &'static str {
    if session.url.scheme() == "https" {
        "TLS, trusted"
    } else {
        "no TLS, on this machine"
    }
}

fn counted(name: &str, noun: &str, count: Result<u64, ApiError>) -> Check {
    match count {
        Ok(number) => Check::ok(name, format!("{number} {noun}")),
        Err(error) => failed(name, &error),
    }
}

/// Checks the index if the target wants it proven: trying it shows whether it can be done.
async fn index_proof(session: &Session, before: &[Check]) -> Option<Check> {
    const NAME: &str = "proof of the index";
    let index_check = IndexCheck::new(&session.prove, session.prove_timeout);
    if !index_check.is_wanted() {
        return None;
    }
    if before.iter().any(|check| check.state == CheckState::Failed) {
        return Some(Check::skipped(NAME));
    }
    let index = index_check.run(session, Scope::Custom).await?;
    let index = IndexReport::from(&index);
    let unknown = index.stocks.iter().find_map(|stock| match &stock.index {
        IndexState::Unknown { reason } => Some(format!("{}: {reason}", stock.name)),
        _ => None,
    });
    Some(match index.verdict {
        IndexVerdict::Proven => Check::ok(NAME, "it shows the links now"),
        IndexVerdict::Stale => {
            Check::warning(NAME, "it can be looked at, and is stale now").hint(match session.reindexer.by() {
                ReindexBy::Steps => "`stocktake reindex --prove index` runs the steps and looks again",
                ReindexBy::Cron => {
                    "look again when the shop's cron has run: `stocktake status --prove index`"
                }
            })
        }
        IndexVerdict::Unknown => {
            let reason = index.unreadable.or(unknown).unwrap_or_default();
            Check::new(NAME, CheckState::Failed, reason)
        }
    })
}

fn reindex_kind(session: &Session) -> Check {
    const NAME: &str = "reindex";
    if session.reindexer.is_taken_at_its_word() {
        return Check::warning(
            NAME,
            "no step visibly rebuilds the inventory index; its word is taken",
        )
        .hint("`prove: index` in targets.yaml looks at the index after the steps");
    }
    if session.reindexer.has_steps() {
        return Check::ok(NAME, "by the target's own steps");
    }
    Check::warning(
        NAME,
        "left to the shop's cron: quantities are stale until it has run",
    )
}
