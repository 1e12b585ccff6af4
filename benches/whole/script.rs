//! An apply with its proof, beside a straight client that does the same writes as a hand-made script does: it reads the three
//! lists once, one after another, and posts. Both against the sandbox at the recorded cost.

use std::path::Path;
use std::time::Duration;

use clap::Args;
use reqwest::Method;
use serde_json::{Value, json};
use stocktake::commerce::{HttpClient, Limits, Tls, http_client};
use tempfile::TempDir;
use url::Url;

use super::Outcome;
use super::child::{Taken, median, stocktake, taken};
use super::writes::{Sandbox, TOKEN, items, seed};
use testkit::world::{Form, List, Shape, World};

/// 5,000 links of 1,000 sources.
const SHAPE: Shape = Shape {
    stocks: 25,
    links_per_stock: 200,
    sources: 1_000,
    drift: 10,
};

/// The most links of one call.
const BATCH: usize = 1_000;

#[derive(Debug, Args)]
pub struct ScriptArgs {
    /// How often each is measured; the median counts.
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

#[derive(Debug, Args)]
pub struct ClientArgs {
    /// Where the shop is.
    url: Url,
    /// The plan, as JSON.
    plan: std::path::PathBuf,
}

/// Measures and tells, for drift in all stocks and for as much drift in three of them.
pub fn run(args: &ScriptArgs) -> Outcome<()> {
    let everywhere = World::new(1, SHAPE);
    compared("in all stocks", &everywhere, live(&everywhere)?, args.runs)?;
    let tidy = World::new(1, Shape { drift: 0, ..SHAPE });
    let mut links = live(&tidy)?;
    let mut of_stock = std::collections::HashMap::new();
    // Of three stocks 17 links each are missing: 51 of 5,000.
    links.retain(|link| {
        let stock = link["stock_id"].as_u64().unwrap_or_default();
        let seen: &mut u64 = of_stock.entry(stock).or_default();
        *seen += 1;
        !((2..5).contains(&stock) && (20..37).contains(seen))
    });
    compared("in three stocks", &tidy, links, args.runs)
}

/// The live links of a world.
fn live(world: &World) -> Outcome<Vec<Value>> {
    items(&world.page(List::Links, 0..world.total(List::Links)))
}

fn compared(drift: &str, world: &World, links: Vec<Value>, runs: usize) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("inventory.yaml"), world.file(Form::Order))?;
    let mut seeded = seed(world)?;
    seeded["links"] = links.into();
    std::fs::write(folder.path().join("seed.json"), seeded.to_string())?;
    planned(&folder)?;
    let mut applies = Vec::new();
    let mut scripts = Vec::new();
    for _ in 0..runs {
        applies.push(applied(folder.path())?);
        scripts.push(scripted(folder.path())?);
    }
    let (apply, script) = (median(&applies).wall, median(&scripts).wall);
    println!(
        "1 % drift {drift}: apply with proof {:.0} ms, script without {:.0} ms: {:.2}",
        milliseconds(apply),
        milliseconds(script),
        apply.as_secs_f64() / script.as_secs_f64(),
    );
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Writes the plan that both carry out.
fn planned(folder: &TempDir) -> Outcome<()> {
    let shop = Sandbox::start(folder.path())?;
    let mut plan = stocktake();
    plan.args([
        "plan",
        "--out",
        "plan.json",
        "--allow",
        "deletes",
        "--url",
        shop.url(),
    ])
    .env("STOCKTAKE_TOKEN", TOKEN)
    .current_dir(folder.path());
    taken(&mut plan).map(drop)
}

fn applied(folder: &Path) -> Outcome<Taken> {
    let shop = Sandbox::start(folder)?;
    // A state of its own: an earlier run tells nothing.
    let state = tempfile::tempdir()?;
    let mut apply = stocktake();
    apply
        .args([
            "apply",
            "--yes",
            "--allow",
            "deletes",
            "--url",
            shop.url(),
            "--state-dir",
        ])
        .arg(state.path())
        .env("STOCKTAKE_TOKEN", TOKEN)
        .current_dir(folder);
    taken(&mut apply)
}

fn scripted(folder: &Path) -> Outcome<Taken> {
    let shop = Sandbox::start(folder)?;
    let mut script = std::process::Command::new(std::env::current_exe()?);
    script.args(["client", shop.url()]).arg(folder.join("plan.json"));
    taken(&mut script)
}

/// Reads the lists, and sends the writes of the plan.
pub fn client(args: &ClientArgs) -> Outcome<()> {
    let plan: Value = serde_json::from_slice(&std::fs::read(&args.plan)?)?;
    let (saves, deletes) = writes(&plan);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let client = http_client(&args.url, Limits::default(), &Tls::default())?;
        for list in ["sources", "stocks", "stock-source-links"] {
            let page = "searchCriteria[pageSize]=10000&searchCriteria[currentPage]=1";
            let path = format!("rest/all/V1/inventory/{list}?{page}");
            send(&client, Method::GET, args.url.join(&path)?, None).await?;
        }
        for (path, links) in [
            ("stock-source-links", saves),
            ("stock-source-links-delete", deletes),
        ] {
            for links in links.chunks(BATCH) {
                let url = args.url.join(&format!("rest/all/V1/inventory/{path}"))?;
                send(&client, Method::POST, url, Some(json!({ "links": links }))).await?;
            }
        }
        Ok(())
    })
}

async fn send(client: &HttpClient, method: Method, url: Url, body: Option<Value>) -> Outcome<()> {
    let mut request = client
        .request(method, url)
        .bearer_auth(TOKEN)
        .timeout(Duration::from_mins(2));
    if let Some(body) = body {
        request = request
            .header("Content-Type", "application/json")
            .body(body.to_string());
    }
    let mut answer = client.send(request.build()?).await?.error_for_status()?;
    while answer.chunk().await?.is_some() {}
    Ok(())
}

/// The links that a plan saves, and those that it deletes.
fn writes(plan: &Value) -> (Vec<Value>, Vec<Value>) {
    let stocks = plan["stocks"].as_array().into_iter().flatten();
    let changes = stocks.flat_map(|stock| {
        let changes = stock["changes"].as_array().into_iter().flatten();
        changes.map(move |change| {
            let priority = match change["action"].as_str() {
                Some("create") => change["priority"].clone(),
                Some("move") => change["after"].clone(),
                _ => Value::Null,
            };
            json!({ "stock_id": stock["stock_id"], "source_code": change["source_code"], "priority": priority })
        })
    });
    changes.partition(|link| !link["priority"].is_null())
}
