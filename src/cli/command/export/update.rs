//! `export --update`: edits the files so that they match the live shop.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use spanned_yaml::diag::{closest, did_you_mean, shown};

use crate::cli::args::{FileArgs, TargetArgs};
use crate::cli::command::fmt::rewritten;
use crate::cli::input::files::read_files;
use crate::cli::input::planners::of_target;
use crate::cli::output::printer::Printer;
use crate::export::{self, UpdateError, UpdateOptions, Updated};
use crate::model::{DEFAULT_STOCK, LiveState, StockId, StockName};
use crate::run::{Exit, Failure};

/// Options of `--update`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Files that are there")]
pub(crate) struct UpdateArgs {
    /// Edit the files so that they match the shop. Comments and layout stay.
    #[arg(long, conflicts_with_all = ["out", "explicit", "sources"])]
    pub(crate) update: bool,
    /// The files that --update edits: a file, or a folder of .yaml and .yml files; may be given several times.
    #[arg(
        short,
        long = "file",
        value_name = "PATH",
        default_value = "inventory.yaml",
        requires = "update"
    )]
    pub(crate) files: Vec<PathBuf>,
    /// With --update, add all stocks that no file lists. --stock adds the named ones.
    #[arg(long, requires = "update", conflicts_with = "stocks")]
    pub(crate) all: bool,
}

pub(crate) async fn run(
    args: &UpdateArgs,
    stocks: &[String],
    target: &TargetArgs,
    printer: &Printer,
) -> Result<Exit, Failure> {
    let found = target.find(printer).await?;
    let usual = FileArgs {
        files: args.files.clone(),
    };
    let paths = usual.of(&found.target, &target.place.typed);
    let files = read_files(&paths, printer).map_err(|failure| of_target(failure, &found.target))?;
    let session = found.open().await?;
    let live = complete(session.read_all().await?)?;
    let options = UpdateOptions {
        stocks: chosen(stocks, &live)?,
        add_all: args.all,
    };
    let updated = match export::update(&files, &live, &options) {
        Ok(updated) => updated,
        Err(UpdateError::Findings(findings)) => {
            let message = "the files cannot be brought in line with this target";
            return Err(Failure::findings(message, findings, files));
        }
        Err(UpdateError::Proof(error)) => {
            return Err(Failure::error(error.to_string())
                .hint("nothing was written; `stocktake fmt` may help, or edit the file by hand"));
        }
    };
    let edited = updated.files.iter();
    let edited = edited.filter_map(|(id, text)| Some((Path::new(&files.file(*id)?.path), text.as_str())));
    let written = rewritten(edited, &paths)?;
    announce(&updated, &written, printer);
    Ok(Exit::Done)
}

fn announce(updated: &Updated, written: &[String], printer: &Printer) {
    for remark in &updated.remarks {
        printer.note(&format!("note: {remark}"));
    }
    for stock in &updated.left_out {
        printer.warn(&format!("left out: {stock}"));
    }
    let named = |verb: &str, stocks: &[StockName]| {
        for stock in stocks {
            printer.note(&format!("{verb} `{}`.", shown(stock.as_str())));
        }
    };
    named("Brought in line:", &updated.changed);
    named("Added:", &updated.added);
    for message in written {
        printer.note(message);
    }
    if written.is_empty() {
        printer.note("In line already; nothing was written.");
    }
}

/// The live state, if it is complete. The next apply would delete the links that an export lacks.
pub(crate) fn complete(live: LiveState) -> Result<LiveState, Failure> {
    if live.issues.is_empty() {
        return Ok(live);
    }
    let mut failure = Failure::error("the shop's answers may be incomplete, and an export must be complete");
    failure.causes = live.issues.into_iter().map(|issue| issue.reason).collect();
    Err(failure.hint("nothing was written; try again when nobody changes stocks and sources"))
}

/// The stocks of those names.
pub(crate) fn chosen(names: &[String], live: &LiveState) -> Result<Option<BTreeSet<StockId>>, Failure> {
    if names.is_empty() {
        return Ok(None);
    }
    let ids = names.iter().map(|name| stocks_named(name, live));
    let ids: Vec<Vec<StockId>> = ids.collect::<Result<_, _>>()?;
    Ok(Some(ids.into_iter().flatten().collect()))
}

fn stocks_named(name: &str, live: &LiveState) -> Result<Vec<StockId>, Failure> {
    let wanted = StockName::from_server(name);
    let found = live.stocks.iter().filter(|stock| stock.name == wanted);
    let found: Vec<_> = found.map(|stock| stock.id).collect();
    if found.contains(&DEFAULT_STOCK) {
        let message = format!("`{}` is the Default Stock, which no file can own", shown(name));
        return Err(Failure::usage(format!("--stock: {message}")));
    }
    if !found.is_empty() {
        return Ok(found);
    }
    let custom = live.stocks.iter().filter(|stock| stock.id != DEFAULT_STOCK);
    let failure = Failure::usage(format!("--stock: the shop has no stock named `{}`", shown(name)));
    Err(match closest(name, custom.map(|stock| stock.name.as_str())) {
        Some(likely) => failure.hint(did_you_mean(name, likely)),
        None => failure.hint("`stocktake export` without --stock writes all stocks"),
    })
}
