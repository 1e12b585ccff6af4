//! Applying many new links to the sandbox at the recorded cost, beside what one call for all of them was recorded to cost.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::Outcome;
use super::child::{Taken, median, stocktake, taken};
use testkit::world::{Form, List, Shape, World};

/// What one call with 50,000 links took the recorded server (recording 08, step 035).
const ONE_CALL: Duration = Duration::from_millis(113_455);

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
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("inventory.yaml"), world.file(Form::Order))?;
    std::fs::write(path("seed.json"), seed(world)?)?;
    let mut shop = stocktake()
        .args([
            "sandbox",
            "--listen",
            "127.0.0.1:0",
            "--cost",
            "recorded",
            "--seed",
        ])
        .arg(path("seed.json"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut url = String::new();
    if let Some(stdout) = shop.stdout.take() {
        BufReader::new(stdout).read_line(&mut url)?;
    }
    let done = taken(
        stocktake()
            .args(["apply", "--yes", "--url", url.trim()])
            .env("STOCKTAKE_TOKEN", "sandboxtoken00000000000000000000")
            .current_dir(folder.path()),
    );
    shop.kill()?;
    shop.wait()?;
    done
}

/// The demo shop with the world's stocks and sources in place of its own.
fn seed(world: &World) -> Outcome<String> {
    let mut seed = serde_json::to_value(commerce_sandbox::Seed::demo())?;
    let items = |page: String| -> Outcome<Vec<Value>> {
        let mut page: Value = serde_json::from_str(&page)?;
        Ok(serde_json::from_value(page["items"].take())?)
    };
    let like = seed["sources"][0].clone();
    let source = |item: Value| {
        let mut source = like.clone();
        source["source_code"] = item["source_code"].clone();
        source["name"] = item["name"].clone();
        source
    };
    let sources = items(world.page(List::Sources, 0..world.total(List::Sources)))?;
    seed["sources"] = sources.into_iter().map(source).collect();
    seed["stocks"] = items(world.page(List::Stocks, 0..world.total(List::Stocks)))?.into();
    seed["links"] = json!([{ "stock_id": 1, "source_code": "default", "priority": 1 }]);
    seed["source_items"] = json!([]);
    seed["reservations"] = json!([]);
    seed["index"] = Value::Null;
    Ok(seed.to_string())
}
