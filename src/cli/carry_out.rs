//! A run that changes a target, whatever it is made of: from the plan to the report.

use std::io::{self, BufRead};
use std::time::Instant;

use super::exit::Exit;
use super::failure::Failure;
use super::interrupt::Interrupts;
use super::manner::Manner;
use super::outcome::{exit, refused, stopped};
use super::plan::Planner;
use super::printer::Printer;
use super::progress::Progress;
use super::prove::{Proving, touched};
use super::saved::Saved;
use super::session::Session;
use super::writing::settle;
use crate::engine::{Applier, Journal, is_covered};
use crate::model::LiveState;
use crate::reconcile::{ApprovedPlan, Plan, approve};
use crate::report::ApplyReport;

/// What is to be applied, and where: the plan of this moment, or a saved one should it still hold.
pub(crate) struct Wish {
    pub planner: Planner,
    pub session: Session,
    pub saved: Option<Saved>,
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

    /// The plan against that live state; a saved one must come out the same.
    pub(crate) fn plan(&self, live: &LiveState, printer: &Printer) -> Result<Plan, Failure> {
        let plan = self.planner.plan(&self.session, live, printer);
        match &self.saved {
            None => plan,
            Some(saved) => saved.confirmed_by(plan, printer),
        }
    }
}

/// A run that changes a target: from what is wished for to the report.
pub(crate) struct Run<'a> {
    pub wish: Wish,
    pub journal: Journal,
    pub progress: Progress<'a>,
    pub proving: Proving,
    pub manner: &'a Manner,
}

impl Run<'_> {
    /// Plans, shows the plan, asks, carries it out and reports.
    pub(crate) async fn carry_out(
        mut self,
        printer: &Printer,
        interrupts: &Interrupts,
    ) -> Result<Exit, Failure> {
        let plan = self.plan(printer).await?;
        let Self {
            wish: Wish { planner, session, .. },
            mut journal,
            progress,
            proving,
            manner,
        } = self;
        manner.show(&plan, printer)?;
        let approved = approve(plan.clone(), session.limits, &planner.allow)
            .map_err(|refusals| refused(plan, &refusals))?;
        if approved.plan().needs_reindex {
            warn_of_the_reindex(&session, &proving, printer);
        }
        let prover = proving.prover(&session, touched(approved.plan(), journal.owed().0));
        let is_settled = is_settled(&approved, &journal, &session, &proving);
        if !(manner.yes || is_settled || confirmed(&session, printer).await) {
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
        manner.report(&ApplyReport::new(approved.plan(), &applied, exit.code()), printer);
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

/// Tells where nobody makes sure that the index is rebuilt.
fn warn_of_the_reindex(session: &Session, proving: &Proving, printer: &Printer) {
    if session.reindexer.is_unsaid() {
        printer.warn("the target says nothing of its reindex; it is left to the shop's cron");
    }
    if session.reindexer.is_taken_at_its_word() && !proving.is_wanted() {
        printer.warn(
            "no reindex step visibly rebuilds the inventory index; its word is taken. --prove index looks",
        );
    }
}

/// Whether there is nothing that a person could decline.
fn is_settled(approved: &ApprovedPlan, journal: &Journal, session: &Session, proving: &Proving) -> bool {
    let may_reindex = journal.owed().0 || proving.is_wanted();
    approved.plan().in_sync() && !(may_reindex && session.reindexer.has_steps())
}

/// Asks; the time for the answer is not that of the run.
async fn confirmed(session: &Session, printer: &Printer) -> bool {
    printer.say("Apply this? Only `yes` is taken for an answer:");
    let asked = Instant::now();
    // On a thread of its own: a signal must be heard while the question is open.
    let answer = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map(|_| answer)
    });
    let answer = answer.await;
    session.reader.grant(asked.elapsed());
    matches!(answer, Ok(Ok(answer)) if answer.trim() == "yes")
}
