//! `apply`: plan, ask, write, prove, reindex.

use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;

use clap::Args;

use super::args::{FileArgs, Format, GuardArgs, TargetArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::files::read_files;
use super::interrupt::{Interrupts, Signal};
use super::plan::Planner;
use super::printer::Printer;
use super::progress::Progress;
use super::prove::{ProveArgs, Proving, touched};
use super::saved::Saved;
use super::session::Session;
use super::writing::{LockArgs, open_journal, settle};
use crate::engine::{Applied, Applier, ChangeResult, Journal, Proof, ReindexOutcome, Stop, is_covered};
use crate::model::LiveState;
use crate::reconcile::index::IndexVerdict;
use crate::reconcile::{ApprovedPlan, Difference, GuardVerdict, Plan, approve};
use crate::report::{ApplyReport, apply_text, differences_text, plan_text};

/// Plan, ask, write the links that differ, prove the result, reindex.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake apply --sandbox --yes
  stocktake apply --target production
  stocktake apply --target production plan.json
  stocktake apply --target production --yes --allow 'delete-percent=Europe Stock'")]
pub(crate) struct ApplyArgs {
    /// A plan that was saved with `plan --out`: exactly this is applied, or nothing (exit 4) when the target, the files,
    /// the live state or the version has changed since, or the plan has expired. It brings the allowances that it was
    /// made with; no others can be given.
    #[arg(value_name = "PLAN", conflicts_with = "allow")]
    plan: Option<PathBuf>,
    #[command(flatten)]
    files: FileArgs,
    #[command(flatten)]
    pub(super) target: TargetArgs,
    #[command(flatten)]
    lock: LockArgs,
    #[command(flatten)]
    guards: GuardArgs,
    #[command(flatten)]
    prove: ProveArgs,
    /// Apply without asking.
    #[arg(short, long)]
    yes: bool,
    /// Write the rest when the shop refuses a link. Nothing is deleted from a stock with a refused link.
    #[arg(long)]
    keep_going: bool,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) async fn run(
    args: &ApplyArgs,
    printer: &Printer,
    interrupts: &Interrupts,
) -> Result<Exit, Failure> {
    if args.format == Format::Json {
        printer.speak_json();
    }
    if !args.yes && !io::stdin().is_terminal() {
        return Err(
            Failure::usage("apply asks before it writes, and there is no terminal to ask on")
                .hint("give --yes to apply without asking"),
        );
    }
    let wish = Wish::open(args, printer).await?;
    let (planner, session) = (&wish.planner, &wish.session);
    let proving = args.prove.settled(session)?;
    let progress = Progress::new(printer);
    // Before anything is read: what another run does meanwhile would make the plan stale.
    let mut journal = open_journal(session, &args.lock, "apply", &progress).await?;
    settle(session, &mut journal, &progress, &|live, write| {
        planner
            .build(session, live)
            .is_ok_and(|plan| is_covered(&plan, live, write))
    })
    .await?;
    let live = session.reader.fetch().await?;
    let plan = wish.plan(&live, printer)?;
    show(args, &plan, printer)?;
    let approved =
        approve(plan.clone(), session.limits, &planner.allow).map_err(|refusals| refused(plan, &refusals))?;
    if approved.plan().needs_reindex {
        warn_of_the_reindex(session, &proving, printer);
    }
    let prover = proving.prover(session, touched(approved.plan(), journal.owed().0));
    if !(args.yes || is_settled(&approved, &journal, session, &proving) || confirmed(printer).await) {
        return Err(Failure::error("not confirmed; nothing was written").about(approved.plan().clone()));
    }
    let applier = Applier {
        reader: &session.reader,
        journal: &mut journal,
        observer: &progress,
        replan: &|live| planner.build(session, live),
        reindexer: &session.reindexer,
        prover: &prover,
        prove: proving.timeout,
        cancel: interrupts.hold(),
        keep_going: args.keep_going,
    };
    let applied = applier
        .run(&approved)
        .await
        .map_err(|stop| stopped(stop, planner, printer, interrupts))?;
    let exit = exit(&applied, interrupts.held());
    let report = ApplyReport::new(approved.plan(), &applied, exit.code());
    let printed = match args.format {
        Format::Text => printer.result(&apply_text(&report)),
        Format::Json => printer.document(&report),
    };
    printed.unwrap_or_else(|failure| printer.say_unprinted(&failure, &apply_text(&report)));
    Ok(exit)
}

/// Tells where nobody makes sure that the index is rebuilt.
fn warn_of_the_reindex(session: &Session, proving: &Proving, printer: &Printer) {
    if session.reindexer.is_unsaid() {
        printer.note("warning: the target says nothing of its reindex; it is left to the shop's cron");
    }
    if session.reindexer.is_taken_at_its_word() && !proving.is_wanted() {
        printer.note(
            "warning: no reindex step visibly rebuilds the inventory index; its word is taken. --prove index looks",
        );
    }
}

/// What is to be applied, and where: the plan of this moment, or a saved one should it still hold.
struct Wish {
    planner: Planner,
    session: Session,
    saved: Option<Saved>,
}

impl Wish {
    async fn open(args: &ApplyArgs, printer: &Printer) -> Result<Self, Failure> {
        let Some(path) = &args.plan else {
            return Ok(Self {
                planner: Planner::new(&args.files, &args.guards, printer)?,
                session: Session::open(&args.target).await?,
                saved: None,
            });
        };
        let saved = Saved::read_to_apply(path)?;
        let files = read_files(&args.files.files)?;
        let session = Session::open(&args.target).await?;
        Ok(Self {
            planner: saved.planner(files, &session, printer)?,
            session,
            saved: Some(saved),
        })
    }

    fn plan(&self, live: &LiveState, printer: &Printer) -> Result<Plan, Failure> {
        let plan = self.planner.plan(&self.session, live, printer);
        match &self.saved {
            None => plan,
            Some(saved) => saved.confirmed_by(plan, printer),
        }
    }
}

/// Shows the plan where a person reads it; a JSON report carries the plan itself.
fn show(args: &ApplyArgs, plan: &Plan, printer: &Printer) -> Result<(), Failure> {
    match args.format {
        Format::Text => printer.result(&(plan_text(plan) + "\n")),
        Format::Json if args.yes => Ok(()),
        Format::Json => {
            printer.say(&plan_text(plan));
            Ok(())
        }
    }
}

/// Whether there is nothing that a person could decline.
fn is_settled(approved: &ApprovedPlan, journal: &Journal, session: &Session, proving: &Proving) -> bool {
    let may_reindex = journal.owed().0 || proving.is_wanted();
    approved.plan().in_sync() && !(may_reindex && session.reindexer.has_steps())
}

async fn confirmed(printer: &Printer) -> bool {
    printer.say("Apply this? Only `yes` is taken for an answer:");
    // On a thread of its own: a signal must be heard while the question is open.
    let answer = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map(|_| answer)
    });
    matches!(answer.await, Ok(Ok(answer)) if answer.trim() == "yes")
}

fn refused(plan: Plan, refusals: &[GuardVerdict]) -> Failure {
    let mut failure = Failure::new(Exit::Refused, "refused by a guard; nothing was written").about(plan);
    for refusal in refusals {
        failure.causes.push(refusal.guard.to_string());
        failure.hints.push(refusal.advice());
    }
    failure
}

fn stopped(stop: Stop, planner: &Planner, printer: &Printer, interrupts: &Interrupts) -> Failure {
    match stop {
        Stop::Interrupted => Failure::new(
            interrupts.held().map_or(Exit::Interrupted, Signal::exit),
            "interrupted; nothing was written",
        ),
        Stop::Unreadable(error) => error.into(),
        Stop::Unplannable(error) => Failure::unplannable(error, &planner.wanted.files),
        Stop::Journal(error) => error.into(),
        Stop::Stale { now, differences } => stale(differences, *now, printer),
    }
}

/// What to say when somebody has changed the target since the plan was made.
fn stale(differences: Vec<Difference>, now: Plan, printer: &Printer) -> Failure {
    printer.say(&format!("The plan would now be:\n\n{}", plan_text(&now)));
    printer.say(&differences_text(&differences));
    let message = "the live state has changed since the plan was made; nothing was written";
    Failure::new(Exit::Stale, message)
        .hint("look at the plan as it is now and apply again")
        .differing(differences)
        .about(now)
}

/// The exit code that an outcome stands for; a signal that was held stands for one that did not come to its end.
fn exit(applied: &Applied, held: Option<Signal>) -> Exit {
    let links = &applied.links;
    let reindexed = matches!(
        applied.reindex,
        ReindexOutcome::NotNeeded | ReindexOutcome::Done(_) | ReindexOutcome::LeftToCron
    );
    let proven = applied
        .index
        .as_ref()
        .is_none_or(|index| index.verdict() == IndexVerdict::Proven);
    let untouched = !links.any(ChangeResult::Done) && !links.any(ChangeResult::Unknown);
    match held {
        _ if links.complete() && reindexed && proven && matches!(applied.proof, Proof::Converged) => {
            Exit::Done
        }
        Some(signal) => signal.exit(),
        None if links.complete() => Exit::Owed,
        None if untouched => Exit::Error,
        None => Exit::Partial,
    }
}
