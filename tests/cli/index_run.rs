//! An index run that is open during `apply`: it ends proven or owed, never done with stale quantities.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

fn workspace(shop: &SandboxProcess, timeout: &str) -> Workspace {
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.target(&shop.url(), &shop.hook(), timeout);
    workspace
}

/// The exit code of a command that finds the index held, and finishes the run that holds it as soon as it says so.
fn exit_after_the_run(shop: &SandboxProcess, workspace: &Workspace, arguments: &[&str]) -> Option<i32> {
    let mut command = workspace
        .command(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let reported = BufReader::new(command.stderr.take().expect("it is piped")).lines();
    let mut waited = false;
    for line in reported {
        let line = line.expect("output is UTF-8");
        if !waited && line.contains("another index run is working") {
            waited = true;
            shop.finish_index_run();
        }
    }
    let status = command.wait().expect("it ends");
    assert!(waited, "it never found the index held");
    status.code()
}

#[test]
fn a_run_that_ends_while_apply_waits_is_followed_by_one_that_sees_the_links() {
    let shop = SandboxProcess::demo();
    shop.begin_index_run();
    let workspace = workspace(&shop, "60s");
    assert_eq!(
        exit_after_the_run(&shop, &workspace, &["apply", "--yes"]),
        Some(0)
    );
    assert_eq!(shop.quantity("alpine-jacket", 2), 42);
    assert_eq!(shop.quantity("alpine-jacket", 3), 29);
}

/// Up to 2.4.2 the shop's command ends well when it skips the index, since 2.4.3 with exit code 1.
#[test]
fn an_index_that_is_held_is_waited_for_in_every_generation() {
    for profile in ["2.4.1", "2.4.7", "2.4.8"] {
        let shop = SandboxProcess::of_generation(profile, &[]);
        shop.begin_index_run();
        let workspace = Workspace::new().variable("SHOP_TOKEN", shop.admin_token());
        workspace.target(&shop.url(), &shop.hook(), "60s");
        let exit = exit_after_the_run(&shop, &workspace, &["reindex", "--force"]);
        assert_eq!(exit, Some(0), "{profile}");
        assert!(
            shop.magento(&["indexer:status", "inventory"])
                .contains("| Ready "),
            "{profile}"
        );
    }
}

#[test]
fn a_run_that_outlasts_apply_leaves_the_reindex_owed_until_the_next_apply() {
    let shop = SandboxProcess::demo();
    shop.begin_index_run();
    let workspace = workspace(&shop, "1s");

    let applied = workspace.run(&["apply", "--yes"]).exits(6);
    assert!(
        applied
            .stdout
            .ends_with("Run `stocktake apply` or `stocktake reindex` again.\n"),
        "{}",
        applied.stdout
    );
    shop.finish_index_run();
    assert!(
        shop.magento(&["indexer:status", "inventory"])
            .contains("| Ready "),
        "the server forgot"
    );
    assert_eq!(shop.quantity("alpine-jacket", 2), 17);
    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: owed")
    );

    let writes = shop.writes();
    workspace.run(&["apply", "--yes"]).exits(0);
    assert_eq!(shop.writes(), writes, "no link is written again");
    assert_eq!(shop.quantity("alpine-jacket", 2), 42);
    assert!(
        workspace
            .run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: none owed")
    );
}
