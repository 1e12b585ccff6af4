//! Applying many new links to the sandbox at the recorded cost, beside what one call for all of them was recorded to cost.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::Outcome;
use super::child::{Taken, median, stocktake, taken};
use testkit::world::{Form, List, Shape, World};

/// What one call with 50,000 links took the recorded server (recording 08, step 035).
const ONE_CALL: Duration = Duration::from_millis(113_455);

/// The token of the sandbox.
pub const TOKEN: &str = "sandboxtoken00000000000000000000";

#[derive(Debug, Args)]
pub struct WritesArgs {
    /// How often it is measured; the median counts.
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

/// Measures and tells.
pub fn run(args: &WritesArgs) -> Outcome<()> {
    let shape = Shape {
        stocks: 25,
        links_per_stock: 2_000,
        sources: 2_500,
        drift: 0,
    };
    let world = World::new(1, shape);
    let runs: Outcome<Vec<Taken>> = (0..args.runs).map(|_| applied(&world)).collect();
    let applied = median(&runs?);
    println!(
        "{} new links: {:.2} s, against {:.2} s recorded for one call: {:.3}",
        shape.stocks * shape.links_per_stock,
        applied.wall.as_secs_f64(),
        ONE_CALL.as_secs_f64(),
        applied.wall.as_secs_f64() / ONE_CALL.as_secs_f64(),
    );
    Ok(())
}

/// Applies the world's file to a shop that has its stocks and sources and no link yet.
fn applied(world: &World) -> Outcome<Taken> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("inventory.yaml"), world.file(Form::Order))?;
    std::fs::write(folder.path().join("seed.json"), seed(world)?.to_string())?;
    let shop = Sandbox::start(folder.path())?;
    taken(
        stocktake()
            .args(["apply", "--yes", "--url", shop.url()])
            .env("STOCKTAKE_TOKEN", TOKEN)
            .current_dir(folder.path()),
    )
}

/// A sandbox at the recorded cost, ended when this is dropped.
pub struct Sandbox {
    child: Child,
    url: String,
}

impl Sandbox {
    /// Starts one with the `seed.json` of a folder, and waits until it can be asked.
    pub fn start(folder: &Path) -> Outcome<Self> {
        let listen = [
            "sandbox",
            "--listen",
            "127.0.0.1:0",
            "--cost",
            "recorded",
            "--seed",
        ];
        let mut child = stocktake()
            .args(listen)
            .arg(folder.join("seed.json"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut url = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut url)?;
        }
        let url = url.trim().to_owned();
        Ok(Self { child, url })
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The items of a page.
pub fn items(page: &str) -> Outcome<Vec<Value>> {
    let mut page: Value = serde_json::from_str(page)?;
    Ok(serde_json::from_value(page["items"].take())?)
}

/// The demo shop with the world's stocks and sources in place of its own.
pub fn seed(world: &World) -> Outcome<Value> {
    let mut seed = serde_json::to_value(commerce_sandbox::Seed::demo())?;
    let like = seed["sources"][0].clone();
    let source = |item: Value| {
        let mut source = like.clone();
        source["source_code"] = item["source_code"].clone();
        source["name"] = item["name"].clone();
        source
    };
    let sources = items(&world.page(List::Sources, 0..world.total(List::Sources)))?;
    seed["sources"] = sources.into_iter().map(source).collect();
    seed["stocks"] = items(&world.page(List::Stocks, 0..world.total(List::Stocks)))?.into();
    seed["links"] = json!([{ "stock_id": 1, "source_code": "default", "priority": 1 }]);
    seed["source_items"] = json!([]);
    seed["reservations"] = json!([]);
    seed["index"] = Value::Null;
    Ok(seed)
}
