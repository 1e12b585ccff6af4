//! `export`: writes the live shop as an inventory file.

mod update;

use std::path::PathBuf;

use clap::Args;
use spanned_yaml::diag::shown;

use crate::cli::args::TargetArgs;
use crate::cli::command::init::is_unedited_inventory;
use crate::cli::command::schema::schema_id;
use crate::cli::output::printer::Printer;
use crate::disk;
use crate::export::{self, ExportOptions, Exported, Form, SourcesForm};
use crate::report::count;
use crate::run::{Exit, Failure};
use update::{UpdateArgs, chosen, complete};

/// Write the live shop as an inventory.yaml whose plan is empty. Changes nothing on the shop.
#[derive(Debug, Args)]
#[command(after_help = "\
A stock whose links have no order (two of one priority) is written with its priorities. A stock that no file can own as it
is (the priority 0 of an old database, two stocks of one name) is left out, with a warning.

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
    /// Write every link with its priority, instead of ordered lists.
    #[arg(long)]
    explicit: bool,
    /// The data to write about sources besides their codes.
    #[arg(long, value_enum, default_value_t)]
    sources: SourcesForm,
    /// Write to this file instead of standard output. The empty inventory that `init` writes is replaced; any other file stays.
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    /// Replace the file if it exists.
    #[arg(long, requires = "out")]
    force: bool,
    #[command(flatten)]
    pub(crate) update: UpdateArgs,
}

pub(crate) async fn run(args: &ExportArgs, printer: &Printer) -> Result<Exit, Failure> {
    if args.update.update {
        return update::run(&args.update, &args.stocks, &args.target, printer).await;
    }
    let session = args.target.open(printer).await?;
    let live = complete(session.read_all().await?)?;
    let options = ExportOptions {
        stocks: chosen(&args.stocks, &live)?,
        form: if args.explicit {
            Form::Explicit
        } else {
            Form::Ordered
        },
        sources: args.sources,
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
    let replaces_the_first = args.out.as_deref().is_some_and(is_unedited_inventory);
    if replaces_the_first {
        let schema = format!("yaml-language-server: $schema={}", schema_id("inventory"));
        exported.document.header.insert(0, schema);
    }
    let text = exported.document.text();
    let Some(path) = &args.out else {
        printer.language(&text)?;
        return Ok(Exit::Done);
    };
    let written = if args.force || replaces_the_first {
        disk::replace(path, &text)
    } else {
        disk::write_new(path, &text)
    };
    written.map_err(|error| Failure::unwritable(path, &error))?;
    let stocks = count(exported.document.stocks.len(), "stock");
    printer.note(&format!("Wrote {stocks} to {}.", path.display()));
    Ok(Exit::Done)
}

fn cannot_be_owned(exported: &Exported) -> Failure {
    let mut failure = Failure::error("a chosen stock cannot be written down so that its plan is empty");
    failure.causes = exported.left_out.iter().map(ToString::to_string).collect();
    failure.hint("change the stock in Admin, or export the others")
}
