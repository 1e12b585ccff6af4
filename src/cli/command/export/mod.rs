//! `export`: the live shop as an inventory file.

mod update;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use spanned_yaml::diag::{closest, did_you_mean, shown};

use crate::cli::args::TargetArgs;
use crate::cli::output::printer::Printer;
use crate::disk;
use crate::export::{self, ExportOptions, Exported, Form, SourcesForm};
use crate::model::{DEFAULT_STOCK, LiveState, Stock, StockId, StockName};
use crate::report::count;
use crate::run::Exit;
use crate::run::Failure;

/// Write the live shop down as an inventory.yaml whose plan is empty. Changes nothing on the shop.
#[derive(Debug, Args)]
#[command(after_help = "\
A stock whose links have no order (two of one priority) is written with its numbers. A stock that no file can own as it
is (the priority 0 of an old database, two stocks of one name) is left out, and told.

Examples:
  stocktake export --sandbox
  stocktake export --target production --out inventory.yaml
  stocktake export --stock 'Europe Stock' --sources entries
  stocktake export --update -f inventory.yaml")]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Export this stock only; may be given several times.
    #[arg(long = "stock", value_name = "NAME")]
    pub(crate) stocks: Vec<String>,
    /// Write every link with its priority, not lists whose order counts.
    #[arg(long)]
    explicit: bool,
    /// What is said of sources besides their codes.
    #[arg(long, value_enum, default_value_t)]
    sources: Sources,
    /// Write a file, not standard output.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Replace the file if it is there.
    #[arg(long, requires = "out")]
    force: bool,
    #[command(flatten)]
    pub(crate) update: UpdateArgs,
}

/// Files in place of a new one.
#[derive(Debug, Args)]
#[command(next_help_heading = "Files that are there")]
pub(crate) struct UpdateArgs {
    /// Bring the files in line with the shop in place: what differs is edited, comments and layout stay.
    #[arg(long, conflicts_with_all = ["out", "explicit", "sources"])]
    update: bool,
    /// What --update edits: a file, or a folder of .yaml and .yml files; may be given several times.
    #[arg(
        short,
        long = "file",
        value_name = "PATH",
        default_value = "inventory.yaml",
        requires = "update"
    )]
    pub(crate) files: Vec<PathBuf>,
    /// With --update, add the stocks that no file lists; --stock adds those that it names.
    #[arg(long, requires = "update", conflicts_with = "stocks")]
    pub(crate) all: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Sources {
    /// Their names, in comments behind the codes.
    #[default]
    Comments,
    /// Their names, in a closed list of the sources that the stocks use.
    Entries,
    /// Nothing.
    None,
}

impl From<Sources> for SourcesForm {
    fn from(sources: Sources) -> Self {
        match sources {
            Sources::Comments => Self::Comments,
            Sources::Entries => Self::Entries,
            Sources::None => Self::Nothing,
        }
    }
}

pub(crate) async fn run(args: &ExportArgs, printer: &Printer) -> Result<Exit, Failure> {
    if args.update.update {
        return update::run(args, printer).await;
    }
    let session = args.target.open(printer).await?;
    let live = complete(session.read().await?)?;
    let options = ExportOptions {
        stocks: chosen(&args.stocks, &live)?,
        form: if args.explicit {
            Form::Explicit
        } else {
            Form::Ordered
        },
        sources: args.sources.into(),
    };
    let mut exported = export::export(&live, &options).map_err(|error| Failure::error(error.to_string()))?;
    if options.stocks.is_some() && !exported.left_out.is_empty() {
        return Err(cannot_be_owned(&exported));
    }
    for stock in &exported.left_out {
        printer.warn(&format!("left out: {stock}"));
    }
    let from = format!("Exported by stocktake from {}.", shown(&session.rules.label.url));
    exported.document.header.insert(0, from);
    let text = exported.document.text();
    let Some(path) = &args.out else {
        printer.language(&text)?;
        return Ok(Exit::Done);
    };
    let written = if args.force {
        disk::replace(path, &text)
    } else {
        disk::write_new(path, &text)
    };
    written.map_err(|error| Failure::unwritable(path, &error))?;
    let stocks = count(exported.document.stocks.len(), "stock");
    printer.note(&format!("Wrote {stocks} to {}.", path.display()));
    Ok(Exit::Done)
}

/// The live state, if it is to be trusted: what an export misses, the next apply would delete.
pub(crate) fn complete(live: LiveState) -> Result<LiveState, Failure> {
    if live.issues.is_empty() {
        return Ok(live);
    }
    let mut failure = Failure::error("the shop's answers are doubtful, and an export must be complete");
    failure.causes = live.issues.into_iter().map(|doubt| doubt.reason).collect();
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
    let is_named = |stock: &&Stock| stock.name == wanted;
    let found: Vec<_> = live
        .stocks
        .iter()
        .filter(is_named)
        .map(|stock| stock.id)
        .collect();
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

fn cannot_be_owned(exported: &Exported) -> Failure {
    let mut failure = Failure::error("a chosen stock cannot be written down so that its plan is empty");
    failure.causes = exported.left_out.iter().map(ToString::to_string).collect();
    failure.hint("change the stock in Admin, or export the others")
}
