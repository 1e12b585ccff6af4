//! Checks one target for drift: compares, notifies, measures.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::cli::args::comparison::ComparisonArgs;
use crate::cli::args::select_target::SelectedTarget;
use crate::cli::args::stock_args::refuse_unknown_stocks;
use crate::cli::command::drift::notify::Notification;
use crate::cli::fleet::Outcome;
use crate::cli::output::printer::Printer;
use crate::commerce::Traffic;
use crate::reconcile::PlanScope;
use crate::report::{CronCheckReport, DRIFT_FORMAT, DriftReport, IndexReport, Measured};
use crate::run::{
    CronCheck, Exit, Failure, IndexProof, Planner, Session, check_cron, drift_exit, owned_stocks,
};

/// A finished check.
pub(crate) struct Checked {
    /// The target's name; empty if the target is unknown.
    pub target: String,
    /// The report or the failure.
    pub outcome: Outcome<DriftReport>,
    ended: Timestamp,
    duration: Duration,
    traffic: Traffic,
}

/// The options of a check.
pub(crate) struct Check<'a> {
    /// The files and the level of proof.
    pub comparison: &'a ComparisonArgs,
    /// True if the target's web hooks are notified.
    pub notify: bool,
    pub printer: &'a Printer,
}

impl Check<'_> {
    /// Checks a target. A failure from before the check is notified too.
    pub(crate) async fn run(
        &self,
        planner: Result<&Planner, Failure>,
        found: Result<SelectedTarget, Failure>,
    ) -> Result<Checked, Failure> {
        let began = Instant::now();
        let mut traffic = Traffic::default();
        let mut target = String::new();
        let mut notifier = None;
        let mut outcome = match (planner, found) {
            (Err(failure), Err(_)) | (Ok(_), Err(failure)) => Err(failure),
            (planner, Ok(found)) => {
                target.clone_from(&found.target.name);
                if self.notify {
                    notifier = Some(Notification::new(&found, self.comparison)?);
                }
                match planner {
                    Ok(planner) => self.opened(planner, found, &mut traffic).await,
                    Err(failure) => Err(failure),
                }
            }
        };
        let (ended, duration) = (Timestamp::now(), began.elapsed());
        if let Some(notifier) = notifier {
            let found = outcome.as_ref().map(|(_, report)| report);
            let notified = notifier.send(found, self.printer).await;
            if let Ok((_, report)) = &mut outcome {
                report.notifications = notified;
            }
        }
        Ok(Checked {
            target,
            outcome,
            ended,
            duration,
            traffic,
        })
    }

    async fn opened(
        &self,
        planner: &Planner,
        found: SelectedTarget,
        traffic: &mut Traffic,
    ) -> Result<(Exit, DriftReport), Failure> {
        let session = found.open().await?;
        let outcome = self.compared(planner, &session).await;
        *traffic = session.reader.traffic();
        outcome
    }

    async fn compared(&self, planner: &Planner, session: &Session) -> Result<(Exit, DriftReport), Failure> {
        let compared = self.comparison.compare(planner, session, self.printer);
        let (compared, index_check) = compared.await?;
        let index = index_check.run(session, owned_stocks(&compared.plan)).await;
        let cron_check = check_cron(session, &compared.live).await?;
        let exit = drift_exit(&compared.plan, index.as_ref().map(IndexProof::verdict));
        let report = DriftReport {
            format_version: DRIFT_FORMAT,
            exit_code: exit,
            plan: compared.plan,
            reindex_owed: cron_check
                .as_ref()
                .map_or(compared.reindex_owed, CronCheck::is_owed),
            reindex_by: session.reindexer.by(),
            cron_check: cron_check.as_ref().map(CronCheckReport::from),
            index: index.as_ref().map(IndexReport::from),
            notifications: Vec::new(),
        };
        Ok((exit, report))
    }
}

impl Checked {
    /// The stocks that were compared, if they were named and the target could be read.
    pub(crate) fn scope(&self) -> Option<&PlanScope> {
        self.outcome.as_ref().ok()?.1.plan.scope.as_ref()
    }

    /// The only check of a command, if its target or the files have the stocks that were named.
    pub(crate) fn refuse_unknown_stocks(self) -> Result<Self, Failure> {
        refuse_unknown_stocks([self.scope()])?;
        Ok(self)
    }

    /// The metrics of the check.
    pub(crate) fn measured(&self) -> Measured<'_> {
        let (exit, report) = match &self.outcome {
            Ok((exit, report)) => (*exit, Some(report)),
            Err(failure) => (failure.exit, None),
        };
        Measured {
            target: &self.target,
            exit_code: exit,
            report,
            ended_ms: self.ended.as_millisecond(),
            duration: self.duration,
            requests: self.traffic.requests,
            bytes: self.traffic.bytes,
        }
    }
}
