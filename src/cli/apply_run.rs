//! A run that changes a target, whatever it is made of: from the plan to the report.

use std::io::{self, BufRead};
use std::sync::Arc;
use std::time::Instant;

use crate::cli::args::locking::settle;
use crate::cli::args::prove::{Proving, touched};
use crate::cli::args::write_args::Manner;
use crate::cli::command::plan::Planner;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::plan_file::Saved;
use crate::cli::interrupt::Interrupts;
use crate::cli::outcome::{exit, refused, stopped};
use crate::cli::output::printer::Printer;
use crate::cli::output::progress::Progress;
use crate::cli::session::Session;
use crate::model::LiveState;
use crate::reconcile::{ApprovedPlan, Plan, approve};
use crate::report::ApplyReport;
use crate::run::{Applier, Journal, is_covered};

/// What is to be applied, and where: the plan of this moment, or a saved one should it still hold.
pub(crate) struct Wish {
    pub planner: Arc<Planner>,
    pub session: Session,
    pub saved: Option<Saved>,
}

impl Wish {
    /// What files want that are read now.
    pub(crate) fn of(planner: Arc<Planner>, session: Session) -> Self {
        Self {
            planner,
            session,
            saved: None,
        }
    }

    /// The plan against that live state; a saved one must come out the same.
    fn plan(&self, live: &LiveState, printer: &Printer) -> Result<Plan, Failure> {
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
    pub progress: Progress,
    pub proving: Proving,
    pub manner: &'a Manner,
}

impl<'a> Run<'a> {
    /// Begins a run: from here on the target is its own.
    pub(crate) async fn open(
        wish: Wish,
        manner: &'a Manner,
        command: &'static str,
        printer: &Printer,
    ) -> Result<Self, Failure> {
        let proving = manner.prove.settled(&wish.session)?;
        let progress = Progress::new(printer);
        let journal = manner.journal(&wish.session, command, &progress).await?;
        Ok(Self {
            wish,
            journal,
            progress,
            proving,
            manner,
        })
    }

    /// Plans, shows the plan, asks, carries it out and reports.
    pub(crate) async fn carry_out(
        mut self,
        printer: &Printer,
        interrupts: &Interrupts,
    ) -> Result<Exit, Failure> {
        let plan = self.plan(printer).await?;
        let manner = self.manner;
        manner.show(&plan, printer)?;
        let ready = self.approve(plan, printer)?;
        if ready.is_question() && !confirmed("Apply this?", printer).await {
            return Err(ready.declined());
        }
        let (exit, report) = Box::pin(ready.apply(printer, interrupts)).await?;
        Ok(manner.report(&report, exit, printer))
    }

    /// The plan of this moment, when no write of an earlier run can spoil it any more.
    pub(crate) async fn plan(&mut self, printer: &Printer) -> Result<Plan, Failure> {
        let Wish { planner, session, .. } = &self.wish;
        settle(session, &mut self.journal, &self.progress, &|live, write| {
            planner
                .build(session, live)
                .is_ok_and(|plan| is_covered(&plan, live, write))
        })
        .await?;
        let recent = self.journal.recent_writes(session.reader.consistency());
        let live = recent.read(&session.reader).await?;
        self.journal.see_late_writes(&live)?;
        self.wish.plan(&live, printer)
    }

    /// Lets the guards decide.
    pub(crate) fn approve(self, plan: Plan, printer: &Printer) -> Result<Ready<'a>, Failure> {
        let Wish { planner, session, .. } = &self.wish;
        let approved = approve(plan.clone(), session.limits, &planner.allow)
            .map_err(|refusals| refused(plan, &refusals))?;
        if approved.plan().needs_reindex {
            warn_of_the_reindex(session, &self.proving, printer);
        }
        Ok(Ready {
            run: self,
            approved,
            since: Instant::now(),
        })
    }
}

/// A run whose plan may be carried out.
pub(crate) struct Ready<'a> {
    run: Run<'a>,
    approved: ApprovedPlan,
    since: Instant,
}

impl Ready<'_> {
    /// The plan.
    pub(crate) fn plan(&self) -> &Plan {
        self.approved.plan()
    }

    /// Whether a person must be asked: nobody has said yes, and there is something that could be declined.
    pub(crate) fn is_question(&self) -> bool {
        let Run {
            wish,
            journal,
            proving,
            manner,
            ..
        } = &self.run;
        let may_reindex = journal.owed().0 || proving.is_wanted();
        let is_settled = self.plan().in_sync() && !(may_reindex && wish.session.reindexer.has_steps());
        !(manner.yes || is_settled)
    }

    /// What comes of it when the answer is no.
    pub(crate) fn declined(&self) -> Failure {
        Failure::error("not confirmed; nothing was written").about(self.plan().clone())
    }

    /// Carries the plan out. The time for an answer, or for other targets to be ready, is not that of the run.
    pub(crate) async fn apply(
        mut self,
        printer: &Printer,
        interrupts: &Interrupts,
    ) -> Result<(Exit, ApplyReport), Failure> {
        let Run {
            wish,
            journal,
            progress,
            proving,
            manner,
        } = &mut self.run;
        let Wish { planner, session, .. } = wish;
        session.reader.extend(self.since.elapsed());
        let prover = proving.prover(session, touched(self.approved.plan(), journal.owed().0));
        let applier = Applier {
            reader: &session.reader,
            journal,
            observer: progress,
            replan: &|live| planner.build(session, live),
            reindexer: &session.reindexer,
            prover: &prover,
            prove: proving.timeout,
            cancel: interrupts.hold(),
            keep_going: manner.keep_going,
        };
        let applied = applier
            .run(&self.approved)
            .await
            .map_err(|stop| stopped(stop, planner, printer, interrupts))?;
        let exit = exit(&applied, interrupts.held());
        Ok((
            exit,
            ApplyReport::new(self.approved.plan(), &applied, exit.code()),
        ))
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

/// Asks a person; whatever is not `yes` is a no.
pub(crate) async fn confirmed(question: &str, printer: &Printer) -> bool {
    printer.say(&format!("{question} Only `yes` is taken for an answer:"));
    // On a thread of its own: a signal must be heard while the question is open.
    let answer = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).map(|_| answer)
    });
    matches!(answer.await, Ok(Ok(answer)) if answer.trim() == "yes")
}
