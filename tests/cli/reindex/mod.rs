//! `reindex`: when one is owed, or by force.

mod held;
mod owed;
mod steps;

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

fn workspace(shop: &SandboxProcess, hook: &str) -> Workspace {
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.target(&shop.url(), hook, "60s");
    workspace
}
