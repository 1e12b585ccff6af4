//! The whole program against a shop that answers as fast as loopback allows: wall time, processor time, peak memory, requests
//! and bytes of `stocktake plan`, beside a bare fetcher of the same pages in the same run.
//!
//! Every measured process is a child of its own; the world is drawn and held by the serving child, so that this process
//! stays small and nothing of it is counted.

mod child;
mod floor;
mod script;
mod server;
mod summary;
mod writes;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use summary::Summary;
use testkit::world::Form;

/// What can go wrong in a benchmark.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    part: Option<Part>,
    #[command(flatten)]
    plan: PlanArgs,
    /// What `cargo bench` says; without a meaning here.
    #[arg(long, hide = true, global = true)]
    bench: bool,
}

#[derive(Debug, Subcommand)]
enum Part {
    /// Apply 50,000 new links to the sandbox at the recorded cost.
    Writes(writes::WritesArgs),
    /// Apply 1 % drift in 5,000 links to the sandbox at the recorded cost, beside a straight client that does not prove.
    Script(script::ScriptArgs),
    /// Read and write as a script does (a child of this program).
    #[command(hide = true)]
    Client(script::ClientArgs),
    /// Serve a world (a child of this program).
    #[command(hide = true)]
    Serve(server::ServeArgs),
    /// Fetch the pages of a shop and do nothing with them (a child of this program).
    #[command(hide = true)]
    Fetch(floor::FetchArgs),
}

#[derive(Debug, Args)]
struct PlanArgs {
    /// How many links each world has.
    #[arg(long, value_delimiter = ',', default_value = "1000,5000,10000,100000,1000000")]
    links: Vec<usize>,
    /// How the file gives the priorities.
    #[arg(long, value_delimiter = ',', default_value = "order,explicit")]
    form: Vec<FormArg>,
    /// How often each is measured; the median counts.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Draws the worlds.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the figures as JSON too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormArg {
    Order,
    Explicit,
}

impl From<FormArg> for Form {
    fn from(form: FormArg) -> Self {
        match form {
            FormArg::Order => Self::Order,
            FormArg::Explicit => Self::Explicit,
        }
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match &cli.part {
        None => plans(&cli.plan),
        Some(Part::Writes(args)) => writes::run(args),
        Some(Part::Script(args)) => script::run(args),
        Some(Part::Client(args)) => script::client(args),
        Some(Part::Serve(args)) => server::run(args),
        Some(Part::Fetch(args)) => floor::run(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures plans of every size and form, one after another.
fn plans(args: &PlanArgs) -> Outcome<()> {
    let mut summary = Summary::default();
    summary.start(&child::starts(args.runs.max(20))?);
    for &links in &args.links {
        for &form in &args.form {
            let shop = server::Shop::start(links, form, args.seed)?;
            let mut plans = Vec::new();
            let mut floors = Vec::new();
            // In turn, so that a busy moment of the machine meets both; the first of each warms the caches.
            for run in 0..=args.runs {
                let plan = shop.plan()?;
                let floor = shop.floor()?;
                if run > 0 {
                    plans.push(plan);
                    floors.push(floor);
                }
            }
            summary.plan(links, form.into(), &plans, &floors);
        }
    }
    summary.slopes();
    if let Some(file) = &args.json {
        std::fs::write(file, summary.json()?)?;
    }
    Ok(())
}
