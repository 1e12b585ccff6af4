//! A run that is killed while a write is under way: what it may have done is remembered, and the next run ends it.

use testkit::killed_apply::KilledApply;
use testkit::proxy::{Action, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, WITHOUT_WAITS, Workspace};

/// When the run is killed, seen from the write that is under way.
#[derive(Clone, Copy)]
enum Moment {
    /// It has been sent and does not arrive.
    Before,
    /// It has been carried out and not yet answered.
    After,
}

/// Runs `apply`, kills it at that write, and looks at what the next runs make of it.
fn killed_at(write: &'static str, moment: Moment) {
    let shop = SandboxProcess::demo();
    let killed = KilledApply::default();
    let asking = killed.clone();
    let proxy = Proxy::before(shop.address, move |asked| {
        if asked.nth > 1 || asked.method != "POST" || !asked.path.ends_with(write) {
            return Action::Pass;
        }
        let asking = asking.clone();
        match moment {
            Moment::Before => {
                asking.kill();
                Action::CutBefore
            }
            Moment::After => Action::Then(Box::new(move || asking.kill())),
        }
    });
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.target(&proxy.url(), &format!("{}/_sandbox/magento", proxy.url()), "60s");
    workspace.connection(WITHOUT_WAITS);

    let output = killed.apply(&workspace);
    assert!(!output.contains("Applied."), "{output}");

    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: owed")
    );
    workspace.run(&["apply", "--yes"]).exits(0);
    workspace.run(&["plan", "--detailed-exitcode"]).exits(0);
    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: none owed")
    );
    assert_eq!(shop.quantity("alpine-jacket", 2), 42);
    assert_eq!(shop.quantity("canvas-tent", 2), 0);
}

#[test]
fn killed_before_the_first_write_arrives() {
    killed_at("stock-source-links", Moment::Before);
}

#[test]
fn killed_after_the_first_write() {
    killed_at("stock-source-links", Moment::After);
}

#[test]
fn killed_before_the_last_write_arrives() {
    killed_at("stock-source-links-delete", Moment::Before);
}

#[test]
fn killed_after_the_last_write() {
    killed_at("stock-source-links-delete", Moment::After);
}

#[test]
fn killed_while_the_index_is_rebuilt() {
    killed_at("magento", Moment::After);
}
