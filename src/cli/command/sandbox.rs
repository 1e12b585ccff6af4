//! `sandbox`: the embedded Commerce on a port of its own.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use commerce_sandbox::chaos::Schedule;
use commerce_sandbox::{LatencyModel, Options, Profile, Seed, Shop, serve};
use tokio::net::TcpListener;

use crate::cli::output::printer::Printer;
use crate::disk;
use crate::run::{Exit, Failure, Interrupts};

/// Serve an embedded Commerce on loopback, for rehearsals and tests.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake sandbox --listen 127.0.0.1:8080 --seed demo --state shop.json
  STOCKTAKE_TOKEN=sandboxtoken00000000000000000000 stocktake plan --url http://127.0.0.1:8080

Sign-in to the shops of demo and empty:
  sandboxtoken00000000000000000000  the token of an integration, in every profile but saas; it never expires. Their
                                    admins allow integration tokens as bearer tokens, which shops since 2.4.4 refuse
                                    by default. A seed file allows them with \"integration_bearer\": true.
  admin, Sandbox-admin-1            an admin of demo with all permissions

Control calls, without sign-in:
  POST /_sandbox/magento        {\"argv\": [\"indexer:reindex\", \"inventory\"]}, as the shop's bin/magento
  POST /_sandbox/index/begin    hold an index run open; POST /_sandbox/index/finish ends it
  POST /_sandbox/clock          {\"advance_seconds\": 3600} moves the shop's clock
  POST /_sandbox/tokens/expire  expire all tokens
  POST /_sandbox/reservations   {\"reservations\": [{\"stock_id\": 2, \"sku\": \"A\", \"quantity\": -1}]}, as an order
  POST /_sandbox/two-factor     {\"enabled\": true} asks admins for a second factor
  POST /_sandbox/chaos          a schedule of faults, as in the file of --chaos; {} ends them
  GET  /_sandbox/chaos          list the held requests
  POST /_sandbox/chaos/release  release the held requests
  POST /_sandbox/chaos/settle   carry out late writes and end index runs
  GET  /_sandbox/log            the log: each request, who sent it, what it wrote, its faults
  GET  /_sandbox/state          the shop's tables

A schedule of faults; every key may be left out:
  {\"seed\": 7, \"rates\": {\"cut_after\": 0.05, \"latency\": 0.2}, \"faults\": 20, \"in_a_row\": 2,
   \"at\": [{\"write\": 1, \"fault\": \"deadlock\"},
          {\"request\": 9, \"fault\": {\"late_commit\": {\"requests\": 3}}}]}

  seed      decides the draws: with the same seed, the nth repetition of a request meets the same faults
  rates     the probability of each fault for a request, from 0 to 1
  faults    the most faults drawn in all
  in_a_row  the most faults that spoil the same request in a row, so that a retry can succeed
  at        certain faults: at the nth request, the nth write of links, or the nth command

Faults; \"before\" and \"after\" mean before and after the shop carries the request out:
  latency {ms}                                    the request waits first
  too_many_requests {retry_after}                 429, with or without Retry-After
  error_before {status}, error_after {status}     an error
  cut_before, cut_after, cut_body                 the connection ends without a response, or within one
  crash_before, crash_after                       an apology, with 500; 200 and HTML in 2.4.1
  maintenance                                     the page of maintenance mode
  token_expiry                                    all tokens expire before the request
  deadlock                                        a write of links fails, as when another transaction wins
  late_commit {requests}                          no response; carried out some requests later
  index_run {requests}                            an index run begins, and ends some requests later
  foreign_write                                   another client writes a link before the request
  foreign_link {stock_id, source_code, priority}  another client writes that link before the request
  shifted_page                                    another client writes between two pages of links
  hold_before, hold_after                         the request is held until released")]
pub(crate) struct SandboxArgs {
    /// The loopback address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The initial content of the shop: demo, empty, or a seed file.
    #[arg(long, value_name = "SEED", default_value = "demo")]
    seed: String,
    /// Keep the state in a file between runs. The seed is used only if the file does not exist yet.
    #[arg(long, value_name = "PATH")]
    state: Option<PathBuf>,
    /// The generation of Commerce that is simulated: 2.4.1, 2.4.7, 2.4.8 as recorded, 2.4.3, 2.4.4, saas as read.
    #[arg(long, value_name = "VERSION", default_value_t)]
    profile: Profile,
    /// Switch the limits on list items and pages on; 2.4.3 has them always.
    #[arg(long)]
    input_limits: bool,
    /// Ask admins for a second factor.
    #[arg(long)]
    two_factor: bool,
    /// The latency of requests: own, or recorded, as measured on the recorded server.
    #[arg(long, value_name = "COST", default_value_t)]
    cost: LatencyModel,
    /// Play the faults of a schedule, a JSON file; see below.
    #[arg(long, value_name = "FILE")]
    chaos: Option<PathBuf>,
}

/// Reads the shop from a state file; `None` if there is no such file.
fn load_state(file: &Path) -> io::Result<Option<Shop>> {
    disk::refuse_link(file)?;
    let Some(text) = disk::read_if_there(file, disk::LARGEST_DOCUMENT)? else {
        return Ok(None);
    };
    let text = String::from_utf8(text).map_err(io::Error::other)?;
    Ok(Some(Shop::from_snapshot(&text)?))
}

pub(crate) async fn run(
    args: &SandboxArgs,
    printer: &Printer,
    interrupts: &Interrupts,
) -> Result<Exit, Failure> {
    if !args.listen.ip().is_loopback() {
        return Err(Failure::usage(format!(
            "the sandbox listens on loopback only, not on {}",
            args.listen.ip()
        )));
    }
    let shop = match &args.state {
        Some(path) => load_state(path).map_err(|error| {
            Failure::error(format!("the sandbox state {} cannot be loaded", path.display())).caused_by(&error)
        })?,
        None => None,
    };
    let shop = match shop {
        Some(shop) => shop,
        None => Shop::new(seed(&args.seed)?),
    };
    if let Some(path) = &args.chaos {
        shop.follow(schedule(path)?);
    }
    let listener = TcpListener::bind(args.listen)
        .await
        .map_err(|error| Failure::error(format!("cannot listen on {}", args.listen)).caused_by(&error))?;
    let address = listener
        .local_addr()
        .map_err(|error| Failure::error("no address").caused_by(&error))?;
    // The one line on standard output: programs wait for it to know the port.
    printer.result(&format!("http://{address}\n"))?;
    printer.note("The sandbox listens there until it is interrupted.");
    let options = Options {
        profile: args.profile,
        input_limits: args.input_limits,
        two_factor: args.two_factor,
        latency_model: args.cost,
        state_file: args.state.clone(),
        ..Options::default()
    };
    serve(
        listener,
        Arc::new(shop),
        options,
        interrupts.hold().clone().cancelled_owned(),
    )
    .await
    .map_err(|error| Failure::error("the sandbox ended").caused_by(&error))?;
    Ok(Exit::Done)
}

fn schedule(path: &Path) -> Result<Schedule, Failure> {
    let file = path.display();
    let text = disk::read(path, disk::LARGEST_TEXT)
        .map_err(|error| Failure::usage(format!("{file} cannot be read")).caused_by(&error))?;
    Schedule::from_json(&text).map_err(|error| Failure::error(format!("{file}: {error}")))
}

fn seed(name: &str) -> Result<Seed, Failure> {
    match name {
        "demo" => Ok(Seed::demo()),
        "empty" => Ok(Seed::empty()),
        path => {
            let unreadable = |error: &dyn Error| {
                Failure::usage(format!(
                    "the seed `{path}` cannot be read: give demo, empty or a file"
                ))
                .caused_by(error)
            };
            let text = disk::read(Path::new(path), disk::LARGEST_DOCUMENT);
            let text = text.map_err(|error| unreadable(&error))?;
            let text = String::from_utf8(text).map_err(|error| unreadable(&error))?;
            Seed::from_json(&text)
                .map_err(|error| Failure::error(format!("{path} is not a seed file")).caused_by(&error))
        }
    }
}
