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
    guards: GuardArgs,
    #[command(flatten)]
    manner: Manner,
}

pub(crate) async fn run(
    args: &ApplyArgs,
    printer: &Printer,
    interrupts: &Interrupts,
) -> Result<Exit, Failure> {
    args.manner.prepare("apply", printer)?;
    let wish = Wish::open(args, printer).await?;
    let progress = Progress::new(printer);
    let journal = args.manner.journal(&wish.session, "apply", &progress).await?;
    let run = Run {
        wish,
        journal,
        progress,
        manner: &args.manner,
    };
    run.carry_out(printer, interrupts).await
}

/// How a wish is carried out, whatever it comes from.
#[derive(Debug, Args)]
pub(crate) struct Manner {
    #[command(flatten)]
    lock: LockArgs,
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
    pub format: Format,
}

impl Manner {
    /// Has failures told in the form of the report, and makes sure that somebody can be asked.
    pub(crate) fn prepare(&self, command: &str, printer: &Printer) -> Result<(), Failure> {
        if self.format == Format::Json {
            printer.speak_json();
        }
        if self.yes || io::stdin().is_terminal() {
            return Ok(());
        }
        let message = format!("{command} asks before it writes, and there is no terminal to ask on");
        Err(Failure::usage(message).hint(format!("give --yes to {command} without asking")))
    }

    /// Opens the journal of a target, before anything is read: what another run does meanwhile would make the plan stale.
    pub(crate) async fn journal(
        &self,
        session: &Session,
        command: &'static str,
        progress: &Progress<'_>,
    ) -> Result<Journal, Failure> {
        open_journal(session, &self.lock, command, progress).await
    }
}

/// A run that changes a target: from what is wished for to the report.
pub(crate) struct Run<'a> {
    pub wish: Wish,
    pub journal: Journal,
    pub progress: Progress<'a>,
    pub manner: &'a Manner,
}

impl Run<'_> {
    /// Plans, shows the plan, asks, carries it out and reports.
    pub(crate) async fn carry_out(
        mut self,
        printer: &Printer,
        interrupts: &Interrupts,
    ) -> Result<Exit, Failure> {
        let proving = self.manner.prove.settled(&self.wish.session)?;
        let plan = self.plan(printer).await?;
        let Self {
            wish: Wish { planner, session, .. },
            mut journal,
            progress,
            manner,
        } = self;
        show(manner, &plan, printer)?;
        let approved = approve(plan.clone(), session.limits, &planner.allow)
            .map_err(|refusals| refused(plan, &refusals))?;
        if approved.plan().needs_reindex {
            warn_of_the_reindex(&session, &proving, printer);
        }
        let prover = proving.prover(&session, touched(approved.plan(), journal.owed().0));
        let is_settled = is_settled(&approved, &journal, &session, &proving);
        if !(manner.yes || is_settled || confirmed(printer).await) {
            return Err(Failure::error("not confirmed; nothing was written").about(approved.plan().clone()));
        }
        let applier = Applier {
            reader: &session.reader,
            journal: &mut journal,
            observer: &progress,
            replan: &|live| planner.build(&session, live),
            reindexer: &session.reindexer,
            prover: &prover,
            prove: proving.timeout,
            cancel: interrupts.hold(),
            keep_going: manner.keep_going,
        };
        let applied = applier
            .run(&approved)
            .await
            .map_err(|stop| stopped(stop, &planner, printer, interrupts))?;
        let exit = exit(&applied, interrupts.held());
        report(
            manner,
            &ApplyReport::new(approved.plan(), &applied, exit.code()),
            printer,
        );
        Ok(exit)
    }

    /// The plan of this moment, when no write of an earlier run can spoil it any more.
    async fn plan(&mut self, printer: &Printer) -> Result<Plan, Failure> {
        let Wish { planner, session, .. } = &self.wish;
        settle(session, &mut self.journal, &self.progress, &|live, write| {
            planner
                .build(session, live)
                .is_ok_and(|plan| is_covered(&plan, live, write))
        })
        .await?;
        let live = session.reader.fetch().await?;
        self.wish.plan(&live, printer)
    }
}

/// Prints the report. What was done is done, whether that can be printed or not.
fn report(manner: &Manner, report: &ApplyReport, printer: &Printer) {
    let printed = match manner.format {
        Format::Text => printer.result(&apply_text(report)),
        Format::Json => printer.document(report),
    };
    printed.unwrap_or_else(|failure| printer.say_unprinted(&failure, &apply_text(report)));
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
pub(crate) struct Wish {
    planner: Planner,
    session: Session,
    saved: Option<Saved>,
}

impl Wish {
    /// What files want that are read now.
    pub(crate) fn of(planner: Planner, session: Session) -> Self {
        Self {
            planner,
            session,
            saved: None,
        }
    }

    async fn open(args: &ApplyArgs, printer: &Printer) -> Result<Self, Failure> {
        let Some(path) = &args.plan else {
            let planner = Planner::new(&args.files, &args.guards, printer)?;
            return Ok(Self::of(planner, Session::open(&args.target).await?));
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
fn show(manner: &Manner, plan: &Plan, printer: &Printer) -> Result<(), Failure> {
    match manner.format {
        Format::Text => printer.result(&(plan_text(plan) + "\n")),
        Format::Json if manner.yes => Ok(()),
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
        Stop::NoPreImage(error) => {
            Failure::error("the way back could not be kept; nothing was written").caused_by(&error)
        }
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
    let message = if now.doubts.is_empty() {
        "the live state has changed since the plan was made; nothing was written"
    } else {
        "the live state has changed since the plan was made, or could not be read completely; nothing was written"
    };
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
