//! `targets`: lists the targets of the targets file.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::args::select_target::load_targets;
use crate::cli::environment::columns;
use crate::cli::output::printer::Printer;
use crate::report::{ListedTarget, TARGET_LIST_FORMAT, TargetList, github_matrix, target_list_text};
use crate::run::{Exit, Failure};
use crate::target::Target;

/// List the targets of targets.yaml. Contacts no shop and fetches no secret.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake targets
  stocktake targets --format github-matrix   for `strategy.matrix: ${{ fromJSON(…) }}`, a job for each target")]
pub(crate) struct TargetListArgs {
    /// The targets file.
    #[arg(
        long,
        help_heading = "Target",
        value_name = "PATH",
        default_value = "targets.yaml"
    )]
    targets: PathBuf,
    /// The form of the list.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs; versioned, with a published schema.
    Json,
    /// One line of JSON with the names alone, as the matrix of a GitHub job takes them.
    GithubMatrix,
}

pub(crate) fn run(args: &TargetListArgs, printer: &Printer) -> Result<Exit, Failure> {
    if args.format == Format::Json {
        printer.speak_json();
    }
    if args.targets.symlink_metadata().is_err() {
        let message = format!("there is no {}", args.targets.display());
        return Err(Failure::error(message).hint("name it by --targets, or write one with `stocktake init`"));
    }
    let targets = load_targets(&args.targets)?;
    let list = TargetList {
        format_version: TARGET_LIST_FORMAT,
        targets: targets.targets.iter().map(listed).collect(),
    };
    match args.format {
        Format::Text => printer.result(&target_list_text(&list, columns()))?,
        Format::Json => printer.document(&list)?,
        Format::GithubMatrix => printer.language(&github_matrix(&list))?,
    }
    Ok(Exit::Done)
}

fn listed(target: &Target) -> ListedTarget {
    let files = target.files().into_iter();
    ListedTarget {
        name: target.name.clone(),
        url: target.url.to_string(),
        auth: target.auth.kind().to_owned(),
        files: files.map(|path| path.display().to_string()).collect(),
        reindex: target.reindex.kind().to_owned(),
        default: target.default,
    }
}
