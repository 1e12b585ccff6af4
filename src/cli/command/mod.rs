//! The grammar of the command line and its commands: one command, one file.

mod apply;
mod completions;
mod doctor;
mod drift;
mod export;
mod fmt;
mod graph;
mod init;
mod man;
mod plan;
mod reindex;
mod rollback;
mod sandbox;
pub mod schema;
mod show;
mod status;
mod targets;
mod validate;

use clap::{CommandFactory, Parser, Subcommand};
use futures_util::FutureExt as _;
use spanned_yaml::diag::joined;

use crate::cli::args::OutputArgs;
use crate::cli::args::precedence::Naming;
use crate::cli::output::printer::Printer;
use crate::run::{EXIT_CODES, Exit, Failure, Interrupts};

/// Inventory topology as code for Adobe Commerce / Magento Multi-Source Inventory.
///
/// inventory.yaml says which sources serve which stocks, in which order of priority. stocktake compares it with the
/// live shop, applies exactly the link writes that are needed, starts the reindex and proves the result.
#[derive(Debug, Parser)]
#[command(name = "stocktake", version, max_term_width = 100, after_help = after_help())]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub output: OutputArgs,
}

const EXAMPLES: &str = "\
Examples:
  stocktake apply --sandbox --yes          try the whole loop on an embedded Commerce
  stocktake validate                       check inventory.yaml offline
  stocktake plan --target production       show what would change
  stocktake apply --target production      show it, ask, apply, reindex, prove";

fn after_help() -> String {
    format!("{EXAMPLES}\n\n{}", brief_exit_codes())
}

/// The exit codes in a few words each, for `--help`.
fn brief_exit_codes() -> String {
    let codes = EXIT_CODES.iter();
    let codes = codes.map(|code| format!("{} {}", code.exit.code(), code.brief));
    format!("Exit codes: {}.", joined(codes, ", "))
}

/// The grammar of the whole command line: the source of help, manual pages, completions and documentation.
pub fn command() -> clap::Command {
    Cli::command()
}

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
    /// The arguments that name targets, if the command has any.
    pub(crate) fn target(&mut self) -> Option<&mut dyn Naming> {
        match self {
            Self::Plan(args) => Some(&mut args.target),
            Self::Drift(args) => Some(&mut args.comparison.target),
            Self::Apply(args) => Some(&mut args.target),
            Self::Status(args) => Some(&mut args.comparison.target),
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
            Self::Drift(args) => drift::run(&args, printer).boxed().await,
            Self::Apply(args) => apply::run(&args, printer, interrupts).boxed().await,
            Self::Graph(args) => graph::run(&args, printer).await,
            Self::Show(args) => show::run(&args, printer),
            Self::Doctor(args) => doctor::run(&args, printer).boxed().await,
            Self::Status(args) => status::run(&args, printer).boxed().await,
            Self::Targets(args) => targets::run(&args, printer),
            Self::Reindex(args) => reindex::run(&args, printer, interrupts).await,
            Self::Rollback(args) => rollback::run(&args, printer, interrupts).boxed().await,
            Self::Export(args) => export::run(&args, printer).await,
            Self::Fmt(args) => fmt::run(&args, printer),
            Self::Init(args) => init::run(&args, printer).await,
            Self::Schema(args) => schema::run(&args, printer),
            Self::Sandbox(args) => sandbox::run(&args, printer, interrupts).await,
            Self::Completions(args) => completions::run(&args, &mut command(), printer),
            Self::Man(args) => man::run(&args, command(), printer),
        }
    }
}
