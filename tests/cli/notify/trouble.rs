//! No web hook, and a delivery log that cannot be read or written.

use super::{Catcher, SLACK, delete, workspace};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

#[test]
fn a_target_without_a_web_hook_is_wrong_usage() {
    let outcome = Workspace::new()
        .run(&["drift", "--sandbox", "--notify"])
        .exits(64);
    assert!(
        outcome
            .stderr
            .contains("--notify: the target sandbox names no web hook"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_memory_that_cannot_be_read_is_reported_and_hides_no_drift() {
    let shop = SandboxProcess::demo();
    let slack = Catcher::start();
    let workspace = workspace(&slack);
    workspace.settings(&shop.url(), &[SLACK]);
    workspace.run(&["drift", "--notify"]).exits(2);
    assert_eq!(slack.received().len(), 1);
    let folder = std::fs::read_dir(workspace.path(".stocktake"))
        .expect("there is state")
        .next();
    let delivery_log = folder
        .expect("of a shop")
        .expect("it is listed")
        .path()
        .join("told.json");
    std::fs::write(&delivery_log, "{").expect("it can be written");
    let outcome = workspace.run(&["drift", "--notify"]).exits(2);
    assert!(
        outcome.stderr.contains("remove it, and web hooks are notified"),
        "{}",
        outcome.stderr
    );
    assert_eq!(slack.received().len(), 0);
    std::fs::remove_file(&delivery_log).expect("it can be removed");
    workspace.run(&["drift", "--notify"]).exits(2);
    assert_eq!(slack.received().len(), 1);
}

#[test]
fn what_cannot_be_remembered_is_reported_again_with_a_warning() {
    let shop = SandboxProcess::demo();
    let slack = Catcher::start();
    let workspace = workspace(&slack);
    workspace.settings(&shop.url(), &[SLACK]);
    workspace.run(&["drift", "--notify"]).exits(2);
    delete(&shop, "hq");
    let folder = std::fs::read_dir(workspace.path(".stocktake"))
        .expect("there is state")
        .next();
    let folder = folder.expect("of a shop").expect("it is listed").path();
    // Not by its permissions, which do not bind root: a folder stands where the file is written.
    std::fs::create_dir(folder.join("told.json.new")).expect("it can be made");
    let outcome = workspace.run(&["drift", "--notify"]).exits(2);
    assert!(
        outcome.stderr.contains(
            "was notified of drift that has changed and will be again, because the delivery cannot be recorded"
        ),
        "{}",
        outcome.stderr
    );
    std::fs::remove_dir(folder.join("told.json.new")).expect("it can be removed");
    workspace.run(&["drift", "--notify"]).exits(2);
    workspace.run(&["drift", "--notify"]).exits(2);
    assert_eq!(slack.received().len(), 3);
}
