//! `rollback`: what the stocks held before a run is planned and applied like any inventory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use spanned_yaml::diag::{shown, visible};

use crate::cli::apply_run::{Run, Wish};
use crate::cli::args::write_args::Manner;
use crate::cli::args::{FileArgs, Format, GuardArgs, TargetArgs};
use crate::cli::command::plan::Planner;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::files::read_files;
use crate::cli::interrupt::Interrupts;
use crate::cli::output::printer::Printer;
use crate::cli::output::progress::Progress;
use crate::cli::session::Session;
use crate::report::{PRE_IMAGES_FORMAT, PreImageReport, PreImagesReport, pre_images_text};
use crate::run::{Journal, PreImage, left_out};
use crate::spec::load;

/// Bring the stocks back to what they held before a run, through the same guards and questions as apply.
///
/// Before its first write, apply keeps what the stocks that it changes hold, with their numbers, as an inventory file in
/// the state directory. Nothing is deleted there. A rollback keeps such a file too: a second one takes the first one back.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake rollback --target production          back to before the last run that set out to write
  stocktake rollback --target production --list   what can be gone back to")]
pub(crate) struct RollbackArgs {
    /// The pre-image to go back to; without it the newest one of the target.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Show what can be gone back to, the newest first, and change nothing.
    #[arg(long, conflicts_with_all = ["file", "yes", "keep_going", "allow", "lock_timeout", "prove"])]
    list: bool,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    #[command(flatten)]
    guards: GuardArgs,
    #[command(flatten)]
    manner: Manner,
}

pub(crate) async fn run(
    args: &RollbackArgs,
    printer: &Printer,
    interrupts: &Interrupts,
) -> Result<Exit, Failure> {
    if args.list {
        return list(args, printer).await;
    }
    args.manner.prepare("rollback", printer)?;
    let session = Session::open(&args.target, printer).await?;
    let proving = args.manner.prove.settled(&session)?;
    let progress = Progress::new(printer);
    // Before the newest one is looked for: a run under way may still keep one.
    let journal = args.manner.journal(&session, "rollback", &progress).await?;
    let file = match &args.file {
        Some(file) => ours(file, &session)?,
        None => newest(&session)?,
    };
    printer.note(&format!("Going back to {}", file.display()));
    let planner = planner(file, &args.guards, printer)?;
    let run = Run {
        wish: Wish::of(Arc::new(planner), session),
        journal,
        progress,
        proving,
        manner: &args.manner,
    };
    run.carry_out(printer, interrupts).await
}

/// What plans the way back to a file; what the file could not keep is told.
fn planner(file: PathBuf, guards: &GuardArgs, printer: &Printer) -> Result<Planner, Failure> {
    let name = file.display().to_string();
    let planner = Planner::new(&FileArgs { files: vec![file] }, guards, printer)?;
    for (_, file) in planner.wanted.files.iter() {
        for stock in left_out(&file.text) {
            printer.note(&visible(&format!("warning: this will not bring back {stock}")));
        }
    }
    if planner.wanted.spec.stocks.is_empty() {
        let message = format!("{name} holds no stock, so that nothing can be brought back");
        return Err(Failure::error(message).hint("`stocktake rollback --list` shows what else is kept"));
    }
    Ok(planner)
}

fn ours(file: &Path, session: &Session) -> Result<PathBuf, Failure> {
    if Journal::is_pre_image_of_another(file, &session.state_dir, &session.label) {
        let message = format!("{} is the pre-image of another target", file.display());
        return Err(
            Failure::usage(message).hint("if that is meant: `stocktake apply -f` takes any inventory")
        );
    }
    Ok(file.to_owned())
}

fn newest(session: &Session) -> Result<PathBuf, Failure> {
    let images = Journal::pre_images(&session.state_dir, &session.label)?;
    let newest = images.into_iter().next().map(|image| image.path);
    newest.ok_or_else(|| {
        Failure::error(format!(
            "there is nothing to go back to: no pre-image is kept for {} in {}",
            shown(&session.label.url),
            session.state_dir.display()
        ))
        .hint("apply keeps one before it writes; name the folder that it used by --state-dir")
    })
}

async fn list(args: &RollbackArgs, printer: &Printer) -> Result<Exit, Failure> {
    let is_json = args.manner.format == Format::Json;
    if is_json {
        printer.speak_json();
    }
    let session = Session::open(&args.target, printer).await?;
    let images = Journal::pre_images(&session.state_dir, &session.label)?;
    let report = PreImagesReport {
        format_version: PRE_IMAGES_FORMAT,
        target: session.label.clone(),
        pre_images: images.iter().map(|image| described(image, printer)).collect(),
    };
    if is_json {
        printer.document(&report)?;
    } else {
        printer.result(&pre_images_text(&report))?;
    }
    Ok(Exit::Done)
}

fn described(image: &PreImage, printer: &Printer) -> PreImageReport {
    let files = read_files(std::slice::from_ref(&image.path), printer).ok();
    let spec = files.and_then(|files| load(&files).spec);
    PreImageReport {
        at: format!("{:.0}", image.at),
        run: image.run.to_string(),
        path: image.path.display().to_string(),
        stocks: spec.map(|spec| {
            let stocks = spec.stocks.iter();
            stocks.map(|stock| stock.name.as_str().to_owned()).collect()
        }),
    }
}
