//! The public types by themselves: plan and apply without the command line, as in `examples/plan.rs`.

use std::sync::Arc;
use std::time::Duration;

use commerce_sandbox::{Options, Seed, Shop, serve};
use spanned_yaml::diag::InputFiles;
use stocktake::target::{SecretRef, Target};
use stocktake::{ApplyRequest, ApplyRun, Exit, Failure, Interrupts, Planner, Report, Session};
use tokio::net::TcpListener;

async fn apply(url: &str, state_dir: &std::path::Path) -> Result<Report, Failure> {
    let mut files = InputFiles::default();
    let inventory = concat!(env!("CARGO_MANIFEST_DIR"), "/inventory.yaml");
    files.add_bytes("inventory.yaml", std::fs::read(inventory).unwrap());
    let token = SecretRef::Value("sandboxtoken00000000000000000000".into());
    let target = Target::sandbox(url, token).unwrap();
    let session = Session::open(target, state_dir.to_owned()).await?;
    let request = ApplyRequest::new(Planner::new(files)?, session);
    let mut run = ApplyRun::open(request, "apply", Duration::ZERO, Arc::new(())).await?;
    let plan = run.plan().await?;
    let approved = run.approve(plan)?;
    let done = Box::pin(approved.apply(&Interrupts::default())).await?;
    Ok(Report::from(&done))
}

#[tokio::test]
async fn a_library_user_plans_and_applies_until_nothing_is_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let shop = Arc::new(Shop::new(Seed::demo()));
    tokio::spawn(serve(listener, shop, Options::default(), std::future::pending()));
    let state_dir = tempfile::tempdir().unwrap();
    let first = apply(&url, state_dir.path()).await.unwrap();
    assert_eq!(first.exit_code, Exit::Done);
    assert!(!first.stocks.is_empty(), "the demo shop differs from the files");
    let second = apply(&url, state_dir.path()).await.unwrap();
    assert_eq!(second.exit_code, Exit::Done);
    assert!(second.plan.in_sync(), "nothing is left");
}

#[test]
fn files_with_errors_are_a_failure_that_says_so() {
    let mut files = InputFiles::default();
    files.add_bytes("inventory.yaml", b"version: 9\n".to_vec());
    let failure = Planner::new(files).unwrap_err();
    assert_eq!(failure.exit, Exit::Error);
    assert_eq!(failure.to_string(), "the files cannot be used");
}
