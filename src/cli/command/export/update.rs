//! `export --update`: the files brought in line with the live shop.

use std::path::Path;

use spanned_yaml::diag::shown;

use crate::cli::command::export::{ExportArgs, chosen, complete};
use crate::cli::command::fmt::rewritten;
use crate::cli::input::files::read_files;
use crate::cli::output::printer::Printer;
use crate::export::{self, UpdateError, UpdateOptions, Updated};
use crate::model::StockName;
use crate::run::Exit;
use crate::run::Failure;

pub(crate) async fn run(args: &ExportArgs, printer: &Printer) -> Result<Exit, Failure> {
    let files = read_files(&args.update.files, printer)?;
    let session = args.target.open(printer).await?;
    let live = complete(session.read().await?)?;
    let options = UpdateOptions {
        stocks: chosen(&args.stocks, &live)?,
        add_all: args.update.all,
    };
    let updated = match export::update(&files, &live, &options) {
        Ok(updated) => updated,
        Err(UpdateError::Findings(findings)) => {
            let message = "the files cannot be brought in line with this target";
            return Err(Failure::findings(message, findings, files));
        }
        Err(UpdateError::Unproven(error)) => {
            return Err(Failure::error(error.to_string())
                .hint("nothing was written; `stocktake fmt` may help, or edit the file by hand"));
        }
    };
    let edited = updated.files.iter();
    let edited = edited.filter_map(|(id, text)| Some((Path::new(&files.file(*id)?.path), text.as_str())));
    let written = rewritten(edited, &args.update.files)?;
    tell(&updated, &written, printer);
    Ok(Exit::Done)
}

fn tell(updated: &Updated, written: &[String], printer: &Printer) {
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
    for told in written {
        printer.note(told);
    }
    if written.is_empty() {
        printer.note("In line already; nothing was written.");
    }
}
