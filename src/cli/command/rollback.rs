//! `rollback`: plans and applies a pre-image like any inventory.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use spanned_yaml::diag::{joined, shown, visible};

use crate::cli::args::write_args::WriteArgs;
use crate::cli::args::{FileArgs, GuardArgs, INVENTORY, TargetArgs};
use crate::cli::confirm;
use crate::cli::input::files::{self, read_files};
use crate::cli::output::printer::Printer;
use crate::cli::output::progress::Progress;
use crate::report::{PRE_IMAGES_FORMAT, PreImageReport, PreImagesReport, pre_images_text};
use crate::run::{
    ApplyRequest, ApplyRun, Exit, Failure, Interrupts, Planner, PreImage, RunSummary, left_out,
    newest_pre_image, pre_images, refuse_foreign_pre_image, runs, wanted_otherwise,
};
use crate::spec::load;

/// Bring the stocks back to what they held before a run, through the same guards and questions as apply.
///
/// Before its first write, apply saves the links of the stocks that it changes, with their priorities, as an inventory file
/// in the state directory. Such a pre-image is never deleted. A rollback saves one too: a second rollback undoes the first.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake rollback --target production          back to before the last run that wrote
  stocktake rollback --target production --list   list the pre-images")]
pub(crate) struct RollbackArgs {
    /// The pre-image to go back to. The default is the newest one of the target.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// List the pre-images, the newest first: when, who, how many changes, which stocks. Changes nothing.
    #[arg(long, conflicts_with_all = ["file", "yes", "keep_going", "allow", "lock_timeout", "prove"])]
    list: bool,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    #[command(flatten)]
    guards: GuardArgs,
    #[command(flatten)]
    write: WriteArgs,
}

pub(crate) async fn run(
    args: &RollbackArgs,
    printer: &Printer,
    interrupts: &Interrupts,
) -> Result<Exit, Failure> {
    if args.list {
        return list(args, printer).await;
    }
    args.write.prepare("rollback", printer)?;
    let session = args.target.open(printer).await?;
    let index_check = args.write.prove.index_check(&session)?;
    let progress = Arc::new(Progress::new(printer));
    // Lock before looking for the newest pre-image: a run under way may still write one.
    let lock_timeout = args.write.lock.timeout();
    let journal = session.open_journal("rollback", lock_timeout, &*progress).await?;
    let file = if let Some(file) = &args.file {
        refuse_foreign_pre_image(file, &session)?;
        file.clone()
    } else {
        newest_pre_image(&session)?
    };
    printer.note(&format!("Going back to {}", file.display()));
    let planner = planner(file, &args.guards, printer)?;
    let opposed = opposed(&planner, printer);
    let request = ApplyRequest {
        index_check,
        keep_going: args.write.keep_going,
        ..ApplyRequest::new(planner, session)
    };
    let run = ApplyRun::with_journal(request, journal, progress);
    let exit = confirm::apply(run, &args.write, printer, interrupts).await?;
    if let Some(opposed) = opposed
        && matches!(exit, Exit::Done | Exit::Owed | Exit::Partial)
    {
        printer.note(&opposed);
    }
    Ok(exit)
}

/// What to say where inventory.yaml wants the stocks otherwise than a rollback brings them back.
fn opposed(pre_image: &Planner, printer: &Printer) -> Option<String> {
    let inventory = PathBuf::from(INVENTORY);
    if !inventory.is_file() {
        return None;
    }
    let files = read_files(&[inventory], printer).ok()?;
    let wanted = load(&files).spec?;
    let stocks = wanted_otherwise(&wanted, &pre_image.spec);
    if stocks.is_empty() {
        return None;
    }
    let names = joined(stocks.iter().map(|name| shown(name.as_str())), ", ");
    Some(format!(
        "note: {INVENTORY} still wants the opposite for {names}: the next `stocktake apply` would write it again. \
         `stocktake export --update` with the same target brings the file in line with the shop"
    ))
}

/// The planner for a pre-image. Warns of stocks that it could not keep.
fn planner(file: PathBuf, guards: &GuardArgs, printer: &Printer) -> Result<Planner, Failure> {
    let name = file.display().to_string();
    let planner = files::planner(&FileArgs { files: vec![file] }, guards, printer)?;
    for (_, file) in planner.files.iter() {
        for stock in left_out(&file.text) {
            printer.note(&visible(&format!("warning: this will not bring back {stock}")));
        }
    }
    if planner.spec.stocks.is_empty() {
        let message = format!("{name} holds no stock, so that nothing can be brought back");
        return Err(Failure::error(message).hint("`stocktake rollback --list` shows what else is kept"));
    }
    Ok(planner)
}

async fn list(args: &RollbackArgs, printer: &Printer) -> Result<Exit, Failure> {
    printer.speak(args.write.format);
    let session = args.target.open(printer).await?;
    let images = pre_images(&session)?;
    let runs = runs(&session)?;
    let report = PreImagesReport {
        format_version: PRE_IMAGES_FORMAT,
        target: session.rules.label.clone(),
        pre_images: images
            .iter()
            .map(|image| described(image, runs.get(&image.run.to_string()), printer))
            .collect(),
    };
    printer.result_as(args.write.format, &report, || pre_images_text(&report))?;
    Ok(Exit::Done)
}

fn described(image: &PreImage, run: Option<&RunSummary>, printer: &Printer) -> PreImageReport {
    let files = read_files(std::slice::from_ref(&image.path), printer).ok();
    let spec = files.and_then(|files| load(&files).spec);
    PreImageReport {
        at: format!("{:.0}", image.at),
        run: image.run.to_string(),
        actor: run.map(|run| run.actor.clone()),
        changes: run.map(RunSummary::changes),
        path: image.path.display().to_string(),
        stocks: spec.map(|spec| {
            let stocks = spec.stocks.iter();
            stocks.map(|stock| stock.name.as_str().to_owned()).collect()
        }),
    }
}
