//! The commands, one file each, and the table that runs them.

mod apply;
mod completions;
mod doctor;
mod drift;
mod export;
mod fmt;
mod graph;
mod init;
mod man;
pub(crate) mod plan;
mod reindex;
mod rollback;
pub(crate) mod sandbox;
mod schema;
mod show;
mod status;
mod targets;
mod validate;

use clap::Subcommand;

use crate::cli::args::precedence::Naming;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::interrupt::Interrupts;
use crate::cli::output::printer::Printer;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Validate(validate::ValidateArgs),
    Plan(plan::PlanArgs),
    Drift(drift::DriftArgs),
    Apply(apply::ApplyArgs),
    Show(show::ShowArgs),
    Status(status::StatusArgs),
    Targets(targets::TargetListArgs),
    Graph(graph::GraphArgs),
    Doctor(doctor::DoctorArgs),
    Reindex(reindex::ReindexArgs),
    Rollback(rollback::RollbackArgs),
    Export(export::ExportArgs),
    Fmt(fmt::FmtArgs),
    Init(init::InitArgs),
    Schema(schema::SchemaArgs),
    Sandbox(sandbox::SandboxArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

impl Command {
    /// The arguments that name targets, of commands that have any.
    pub(crate) fn target(&mut self) -> Option<&mut dyn Naming> {
        match self {
            Self::Plan(args) => Some(&mut args.target),
            Self::Drift(args) => Some(&mut args.look.target),
            Self::Apply(args) => Some(&mut args.target),
            Self::Status(args) => Some(&mut args.look.target),
            Self::Graph(args) => Some(&mut args.target),
            Self::Doctor(args) => Some(&mut args.target),
            Self::Reindex(args) => Some(&mut args.target),
            Self::Rollback(args) => Some(&mut args.target),
            Self::Export(args) => Some(&mut args.target),
            Self::Validate(_)
            | Self::Init(_)
            | Self::Fmt(_)
            | Self::Show(_)
            | Self::Targets(_)
            | Self::Schema(_)
            | Self::Sandbox(_)
            | Self::Completions(_)
            | Self::Man(_) => None,
        }
    }

    /// Runs the command to its exit code.
    pub(crate) async fn run(self, printer: &Printer, interrupts: &Interrupts) -> Result<Exit, Failure> {
        match self {
            Self::Validate(args) => validate::run(&args, printer),
            Self::Plan(args) => plan::run(&args, printer).await,
            Self::Drift(args) => drift::run(&args, printer).await,
            Self::Apply(args) => apply::run(&args, printer, interrupts).await,
            Self::Graph(args) => graph::run(&args, printer).await,
            Self::Show(args) => show::run(&args, printer),
            Self::Doctor(args) => doctor::run(&args, printer).await,
            Self::Status(args) => status::run(&args, printer).await,
            Self::Targets(args) => targets::run(&args, printer),
            Self::Reindex(args) => reindex::run(&args, printer, interrupts).await,
            Self::Rollback(args) => rollback::run(&args, printer, interrupts).await,
            Self::Export(args) => export::run(&args, printer).await,
            Self::Fmt(args) => fmt::run(&args, printer),
            Self::Init(args) => init::run(&args, printer),
            Self::Schema(args) => schema::run(&args, printer),
            Self::Sandbox(args) => sandbox::run(&args, printer, interrupts).await,
            Self::Completions(args) => completions::run(&args, &mut crate::cli::command(), printer),
            Self::Man(args) => man::run(&args, crate::cli::command(), printer),
        }
    }
}
