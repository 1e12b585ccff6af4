//! A look at one target: what the files want, what is live and the plan between them. `drift` and `status` begin with it.

use clap::Args;
use spanned_yaml::diag::visible;

use crate::cli::args::prove::{ProveArgs, Proving};
use crate::cli::args::{FileArgs, GuardArgs, TargetsArgs};
use crate::cli::command::plan::Planner;
use crate::cli::failure::Failure;
use crate::cli::output::printer::Printer;
use crate::cli::session::Session;
use crate::model::LiveState;
use crate::reconcile::Plan;
use crate::run::Journal;

/// What is compared, and how much of it is proven.
#[derive(Debug, Args)]
pub(crate) struct LookArgs {
    #[command(flatten)]
    pub files: FileArgs,
    #[command(flatten)]
    pub target: TargetsArgs,
    #[command(flatten)]
    pub prove: ProveArgs,
}

/// What a look at a target found.
pub(crate) struct Looked {
    /// What is live.
    pub live: LiveState,
    /// What an apply would change.
    pub plan: Plan,
    /// Whether a reindex is owed, as far as the state directory remembers.
    pub reindex_owed: bool,
    /// What is to be proven of the index.
    pub proving: Proving,
}

impl LookArgs {
    /// What compares the files with a target; no guard is lifted, since nothing is written.
    pub(crate) fn planner(&self, printer: &Printer) -> Result<Planner, Failure> {
        Planner::new(&self.files, &GuardArgs { allow: Vec::new() }, printer)
    }

    /// Reads the target and compares.
    pub(crate) async fn look(
        &self,
        planner: &Planner,
        session: &Session,
        printer: &Printer,
    ) -> Result<Looked, Failure> {
        let proving = self.prove.settled(session)?;
        if let Some(holder) = Journal::at_work(&session.state_dir, &session.label) {
            let holder = holder.to_string();
            let holder = visible(&holder);
            printer.note(&format!(
                "Another stocktake is at work on this target: {holder}; what is seen may change with it"
            ));
        }
        let live = session.read().await?;
        let plan = planner.plan(session, &live, printer)?;
        let reindex_owed = Journal::peek(&session.state_dir, &session.label)?.0;
        Ok(Looked {
            live,
            plan,
            reindex_owed,
            proving,
        })
    }
}
