//! Plans and applies inventory.yaml against an embedded shop, without the command line.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use commerce_sandbox::{Options, Seed, Shop, serve};
use spanned_yaml::diag::InputFiles;
use stocktake::report::{apply_text, plan_text};
use stocktake::target::{SecretRef, Target};
use stocktake::{ApplyRequest, ApplyRun, Interrupts, Planner, Report, Session};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let shop = Arc::new(Shop::new(Seed::demo()));
    tokio::spawn(serve(listener, shop, Options::default(), std::future::pending()));

    let mut files = InputFiles::default();
    files.add_bytes("inventory.yaml", std::fs::read("inventory.yaml")?);
    let token = SecretRef::Value("sandboxtoken00000000000000000000".into());
    let state_dir = tempfile::tempdir()?;
    let session = Session::open(Target::sandbox(&url, token)?, state_dir.path().to_owned()).await?;

    let request = ApplyRequest::new(Planner::new(files)?, session);
    let mut run = ApplyRun::open(request, "example", Duration::ZERO, Arc::new(())).await?;
    let plan = run.plan().await?;
    anstream::print!("{}", plan_text(&plan));
    let done = Box::pin(run.approve(plan)?.apply(&Interrupts::default())).await?;
    anstream::print!("{}", apply_text(&Report::from(&done)));
    Ok(())
}
