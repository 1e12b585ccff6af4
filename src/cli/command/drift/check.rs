//! One check of one target for drift: what it found, who was told of it, and what it cost.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::cli::args::comparison::LookArgs;
use crate::cli::args::prove::owned;
use crate::cli::command::drift::notify::Notifier;
use crate::cli::command::plan::Planner;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fleet::Outcome;
use crate::cli::output::printer::Printer;
use crate::cli::session::{Found, Session};
use crate::commerce::Traffic;
use crate::reconcile::Plan;
use crate::reconcile::index::IndexVerdict;
use crate::report::{DRIFT_FORMAT, DriftReport, IndexReport, Measured};

/// What came of a check.
pub(crate) struct Checked {
    /// The target's name; empty when it is not known which one is meant.
    pub target: String,
    /// What came of it there.
    pub outcome: Outcome<DriftReport>,
    ended: Timestamp,
    duration: Duration,
    traffic: Traffic,
}

/// How a target is checked.
pub(crate) struct Check<'a> {
    /// What is compared.
    pub look: &'a LookArgs,
    /// Whether the target's web hooks are told.
    pub notify: bool,
    pub printer: &'a Printer,
}

impl Check<'_> {
    /// Checks a target that was found, or not; a failure that is known beforehand is told to its web hooks too.
    pub(crate) async fn run(
        &self,
        planner: Result<&Planner, Failure>,
        found: Result<Found, Failure>,
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
                    notifier = Some(Notifier::new(&found, self.look)?);
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
            let told = notifier.tell(found, self.printer).await;
            if let Ok((_, report)) = &mut outcome {
                report.notifications = told;
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
        found: Found,
        traffic: &mut Traffic,
    ) -> Result<(Exit, DriftReport), Failure> {
        let session = found.open().await?;
        let outcome = self.compared(planner, &session).await;
        *traffic = session.reader.traffic();
        outcome
    }

    async fn compared(&self, planner: &Planner, session: &Session) -> Result<(Exit, DriftReport), Failure> {
        let looked = self.look.look(planner, session, self.printer).await?;
        let index = looked.proving.look(session, owned(&looked.plan)).await;
        let exit = exit(&looked.plan, index.as_ref());
        let report = DriftReport {
            format_version: DRIFT_FORMAT,
            exit_code: exit.code(),
            plan: looked.plan,
            reindex_owed: looked.reindex_owed,
            index,
            notifications: Vec::new(),
        };
        Ok((exit, report))
    }
}

impl Checked {
    /// What was measured of it.
    pub(crate) fn measured(&self) -> Measured<'_> {
        let (exit, report) = match &self.outcome {
            Ok((exit, report)) => (*exit, Some(report)),
            Err(failure) => (failure.exit, None),
        };
        Measured {
            target: &self.target,
            exit_code: exit.code(),
            report,
            ended_ms: self.ended.as_millisecond(),
            duration: self.duration,
            requests: self.traffic.requests,
            bytes: self.traffic.bytes,
        }
    }
}

/// A difference beats what cannot be told: it stays one, whatever else may be found.
fn exit(plan: &Plan, index: Option<&IndexReport>) -> Exit {
    let index = index.map(|index| index.verdict);
    if !plan.in_sync() || index == Some(IndexVerdict::Stale) {
        Exit::Changes
    } else if !plan.doubts.is_empty() || index == Some(IndexVerdict::Unknown) {
        Exit::Error
    } else {
        Exit::Done
    }
}
