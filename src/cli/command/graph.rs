//! `graph`: the topology as a picture.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use spanned_yaml::diag::{closest, did_you_mean, visible};

use crate::cli::args::TargetArgs;
use crate::cli::args::stock_args::StockArgs;
use crate::cli::input::plan_file;
use crate::cli::output::printer::Printer;
use crate::model::StockName;
use crate::report::{Graph, dot, mermaid, svg};
use crate::run::{Exit, Failure};

/// Draw stocks and their ranked sources: of the shop as it is, or of a saved plan with its changes. Writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake graph --sandbox
  stocktake graph --sandbox --format svg > topology.svg
  stocktake graph --plan plan.json --stock 'Europe Stock' --format dot > europe.dot")]
pub(crate) struct GraphArgs {
    /// Draw this saved plan with its changes, without asking the shop. `-` reads standard input.
    #[arg(long, value_name = "PLAN", conflicts_with = "sandbox")]
    plan: Option<PathBuf>,
    #[command(flatten)]
    stocks: StockArgs,
    /// The format of the picture.
    #[arg(long, value_enum, default_value_t)]
    format: Language,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Language {
    /// A Mermaid flowchart, as Markdown on many platforms shows it.
    #[default]
    Mermaid,
    /// Graphviz.
    Dot,
    /// An SVG image.
    Svg,
}

pub(crate) async fn run(args: &GraphArgs, printer: &Printer) -> Result<Exit, Failure> {
    let graph = drawn(args, printer).await?;
    let graph = chosen(graph, &args.stocks.stocks)?;
    printer.language(&match args.format {
        Language::Mermaid => mermaid(&graph),
        Language::Dot => dot(&graph),
        Language::Svg => {
            svg(&graph).map_err(|error| Failure::error("the picture could not be drawn").caused_by(&error))?
        }
    })?;
    Ok(Exit::Done)
}

async fn drawn(args: &GraphArgs, printer: &Printer) -> Result<Graph, Failure> {
    if let Some(path) = &args.plan {
        if args.target.place.typed.names_target() {
            return Err(Failure::usage(
                "--plan: a saved plan names its target; no other can be given with it",
            ));
        }
        return Ok(Graph::of_plan(&plan_file::read(path)?.plan));
    }
    let session = args.target.open(printer).await?;
    let live = session.read_stocks(&args.stocks.scope()).await?;
    for issue in &live.issues {
        printer.warn(&format!("the read may be incomplete: {}", visible(&issue.reason)));
    }
    Ok(Graph::of_live(&session.rules.label.name, &live))
}

/// The requested stocks; all if none was named.
fn chosen(graph: Graph, names: &[String]) -> Result<Graph, Failure> {
    if names.is_empty() {
        return Ok(graph);
    }
    let wanted: Vec<StockName> = names.iter().map(|name| StockName::from_server(name)).collect();
    for name in &wanted {
        if !graph
            .stock_names()
            .any(|known| StockName::from_server(known) == *name)
        {
            let failure = Failure::usage(format!("--stock: there is no stock `{name}`"));
            return Err(match closest(name.as_str(), graph.stock_names()) {
                Some(likely) => failure.hint(did_you_mean(name.as_str(), likely)),
                None => failure,
            });
        }
    }
    Ok(graph.only(&wanted))
}
