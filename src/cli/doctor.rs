//! `doctor`: whether a plan and an apply could work on a target, step by step, without writing anything.

use clap::Args;

use super::args::{Format, TargetArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::printer::Printer;
use super::session::Session;
use crate::commerce::{ApiError, Listing, Reader};
use crate::report::{Check, CheckState, DoctorReport, doctor_text};

/// The seconds by which clocks may differ before signed requests are in danger; the shop refuses more than 600.
const SKEW: i64 = 120;

/// Check a target step by step: host, TLS, base URL, sign-in, permissions, limits, reindex steps. Writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake doctor --sandbox
  stocktake doctor --target production --format json")]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    pub(super) target: TargetArgs,
    /// The form of the findings.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) async fn run(args: &DoctorArgs, printer: &Printer) -> Result<Exit, Failure> {
    if args.format == Format::Json {
        printer.speak_json();
    }
    let session = Session::open(&args.target).await?;
    let mut checks = Vec::new();
    look_up_host(&session, &mut checks).await;
    ask(&session.reader, &mut checks).await;
    checks.extend(session.reindexer.readiness().into_iter().map(|step| {
        let state = if step.ready {
            CheckState::Ok
        } else {
            CheckState::Failed
        };
        check("reindex step", state, step.detail)
    }));
    checks.push(reindex_kind(&session));
    checks.push(check("guards", CheckState::Ok, guards(&session)));
    let report = DoctorReport::new(session.label.clone(), checks);
    match args.format {
        Format::Text => printer.result(&doctor_text(&report))?,
        Format::Json => printer.document(&report)?,
    }
    Ok(if report.healthy { Exit::Done } else { Exit::Error })
}

fn check(check: impl Into<String>, state: CheckState, detail: impl Into<String>) -> Check {
    Check {
        check: check.into(),
        state,
        detail: detail.into(),
        hints: Vec::new(),
    }
}

fn failed(name: &str, error: &ApiError) -> Check {
    Check {
        hints: error.hints.clone(),
        ..check(name, CheckState::Failed, error.to_string())
    }
}

async fn look_up_host(session: &Session, checks: &mut Vec<Check>) {
    let host = session.url.host_str().unwrap_or_default().to_owned();
    let port = session.url.port_or_known_default().unwrap_or(443);
    let found = tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await;
    checks.push(match found.map(|mut addresses| addresses.next()) {
        Ok(Some(address)) => check("host name", CheckState::Ok, format!("{host} is {}", address.ip())),
        Ok(None) => check(
            "host name",
            CheckState::Warning,
            format!("{host} has no address; fine behind a proxy"),
        ),
        Err(error) => check(
            "host name",
            CheckState::Warning,
            format!("{host}: {error}; fine behind a proxy"),
        ),
    });
}

/// Asks the shop; what cannot be asked any more after a failure is skipped.
async fn ask(reader: &Reader, checks: &mut Vec<Check>) {
    let stocks = reader.count(Listing::Stocks).await;
    let reached = match &stocks {
        Ok(_) => true,
        // A permission that is missing still shows that everything before it works.
        Err(error) => error.missing_resource().is_some(),
    };
    if !reached {
        if let Err(error) = &stocks {
            checks.push(failed("connection, base URL and sign-in", error));
        }
        let rest = [
            "read stocks",
            "read sources",
            "read and write links",
            "verify quantities",
            "page limit",
        ];
        checks.extend(rest.map(|name| check(name, CheckState::Skipped, "")));
        return;
    }
    let answered = "the shop's API answers, with the inventory modules (MSI)";
    checks.push(check("connection and base URL", CheckState::Ok, answered));
    checks.push(counted("read stocks", "stocks", stocks));
    checks.push(counted(
        "read sources",
        "sources",
        reader.count(Listing::Sources).await,
    ));
    checks.push(counted(
        "read and write links",
        "links",
        reader.count(Listing::Links).await,
    ));
    checks.push(match reader.may_verify().await {
        Ok(()) => check(
            "verify quantities",
            CheckState::Ok,
            "may ask for salable quantities",
        ),
        Err(error) => Check {
            state: CheckState::Warning,
            ..failed("verify quantities", &error)
        },
    });
    checks.push(match reader.page_limit().await {
        Ok(limit) => check("page limit", CheckState::Ok, format!("pages of {limit}")),
        Err(error) => failed("page limit", &error),
    });
    checks.push(clock(reader));
}

fn counted(name: &str, noun: &str, count: Result<u64, ApiError>) -> Check {
    match count {
        Ok(number) => check(name, CheckState::Ok, format!("{number} {noun}")),
        Err(error) => failed(name, &error),
    }
}

fn clock(reader: &Reader) -> Check {
    match reader.clock_skew() {
        None => check("clock", CheckState::Warning, "the server does not tell its time"),
        Some(skew) if skew.abs() > SKEW => Check {
            hints: vec!["set this machine's clock: signed requests hang on it".to_owned()],
            ..check("clock", CheckState::Warning, format!("{skew} s off the server's"))
        },
        Some(skew) => check("clock", CheckState::Ok, format!("{skew} s off the server's")),
    }
}

fn reindex_kind(session: &Session) -> Check {
    if session.reindexer.has_steps() {
        return check("reindex", CheckState::Ok, "by the target's own steps");
    }
    let detail = "left to the shop's cron: quantities are stale until it has run";
    check("reindex", CheckState::Warning, detail)
}

fn guards(session: &Session) -> String {
    let limits = session.limits;
    format!(
        "at most {} deletes a run, at most {} % of a stock's links",
        limits.max_deletes, limits.max_delete_percent
    )
}
