//! Options shared by commands that compare a target with the files: `drift` and `status`.

use clap::Args;
use spanned_yaml::diag::visible;

use crate::cli::args::prove::ProveArgs;
use crate::cli::args::stock_args::StockArgs;
use crate::cli::args::{FileArgs, GuardArgs, TargetsArgs};
use crate::cli::input::planners::Planners;
use crate::cli::output::printer::Printer;
use crate::run::{Comparison, Failure, IndexCheck, Planner, Session};

/// The files, the targets and the level of proof.
#[derive(Debug, Args)]
pub(crate) struct ComparisonArgs {
    #[command(flatten)]
    pub files: FileArgs,
    #[command(flatten)]
    pub stocks: StockArgs,
    #[command(flatten)]
    pub target: TargetsArgs,
    #[command(flatten)]
    pub prove: ProveArgs,
}

impl ComparisonArgs {
    /// The planners for the files. No guard is overridden, since nothing is written.
    pub(crate) fn planners(&self, printer: &Printer) -> Result<Planners, Failure> {
        let guards = GuardArgs { allow: Vec::new() };
        Planners::read(&self.files, &guards, &self.target, printer, |planner| {
            planner.comparing(self.stocks.scope())
        })
    }

    /// Reads the target and compares.
    pub(crate) async fn compare(
        &self,
        planner: &Planner,
        session: &Session,
        printer: &Printer,
    ) -> Result<(Comparison, IndexCheck), Failure> {
        let index_check = self.index_check(session, printer)?;
        let comparison = session.compare(planner).await?;
        printer.target_warnings(planner, &comparison.plan);
        Ok((comparison, index_check))
    }

    /// The level of proof. Tells if another run is at work on the target.
    pub(crate) fn index_check(&self, session: &Session, printer: &Printer) -> Result<IndexCheck, Failure> {
        let index_check = self.prove.index_check(session)?;
        if let Some(holder) = session.lock_holder() {
            let holder = holder.to_string();
            let holder = visible(&holder);
            printer.note(&format!(
                "Another stocktake is at work on this target: {holder}; what is seen may change with it"
            ));
        }
        Ok(index_check)
    }
}
