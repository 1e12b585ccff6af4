//! `drift`: 2 on a difference, 0 in sync, 1 when it is unknown; it reads only.

use serde_json::json;
use snapbox::{assert_data_eq, str};

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

fn workspace() -> Workspace {
    Workspace::new().variable("SHOP_TOKEN", TOKEN)
}

#[test]
fn links_that_differ_are_a_difference() {
    let outcome = workspace().run(&["drift", "--sandbox"]).exits(2);
    assert!(
        outcome
            .stdout
            .ends_with("\nDrift. The live links differ from the files.\n"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome
            .stdout
            .contains("  -      8         austin_wh   delete, priority 9\n"),
        "{}",
        outcome.stdout
    );
    let outcome = workspace()
        .run(&["drift", "--sandbox", "--format", "json"])
        .exits(2);
    let report = outcome.json();
    assert_eq!(report["format_version"], 1);
    assert_eq!(report["exit_code"], 2);
    assert_eq!(report["plan"]["summary"]["creates"], 2);
    assert_eq!(report["reindex_owed"], false);
    assert_eq!(report["index"], json!(null));
}

#[test]
fn a_guard_that_would_refuse_is_shown_and_changes_nothing() {
    let workspace = Workspace::with("version: 1\nstocks:\n  - name: Outlet Stock\n    sources: []\n");
    let outcome = workspace.run(&["drift", "--sandbox"]).exits(2);
    assert!(outcome.stdout.contains("empty-stock"), "{}", outcome.stdout);
}

#[test]
fn what_cannot_be_read_is_no_drift() {
    let workspace = Workspace::new().at("http://127.0.0.1:1");
    let outcome = workspace.run(&["drift", "--format", "json"]).exits(1);
    assert_eq!(outcome.json()["exit_code"], 1);
}

#[test]
fn a_stock_that_the_shop_does_not_have_cannot_be_compared() {
    let workspace = Workspace::with("version: 1\nstocks:\n  - name: Moon Stock\n    sources: [hq]\n");
    workspace.run(&["drift", "--sandbox"]).exits(1).prints_nothing();
}

#[test]
fn an_owed_reindex_is_shown_and_is_no_drift() {
    let shop = SandboxProcess::demo();
    let workspace = workspace();
    workspace.settings(&shop.url(), &["reindex: cron"]);
    workspace.run(&["apply", "--yes"]).exits(0);
    let outcome = workspace.run(&["drift"]).exits(0);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
shop http://127.0.0.1:[PORT]/

Other stocks: 1 unmanaged and left alone.
In sync: nothing to change in 2 stocks.

Reindex: owed; the index does not show yet that the shop's cron has run it
         North America Stock is stale, 3 SKUs out of date
         Europe Stock is stale, 3 SKUs out of date
In sync.

"#]]
    );
    for (format, output) in [
        (
            "markdown",
            "- ⚠️ `a reindex is owed, and the index does not show yet that the shop's cron has run it`",
        ),
        (
            "html",
            "<strong>Warning:</strong> <span><bdi>a reindex is owed, and the index does not show yet",
        ),
        ("github", "title=reindex-owed::a reindex is owed"),
        ("sarif", "\"ruleId\": \"reindex-owed\""),
        ("junit", "<testcase name=\"warning reindex-owed\">"),
        ("json", "\"reindex_owed\": true"),
    ] {
        let outcome = workspace.run(&["drift", "--format", format]).exits(0);
        assert!(outcome.stdout.contains(output), "{}", outcome.stdout);
    }
}

/// Recording 07c with the real binary: a link write lands in an index run, which ends valid and stale.
#[test]
fn a_forgotten_write_is_found_and_repaired_without_the_journal_that_knew_of_it() {
    let shop = SandboxProcess::demo();
    let workspace = workspace();
    workspace.settings(&shop.url(), &["reindex: cron"]);
    shop.begin_index_run();
    workspace.run(&["apply", "--yes", "--state-dir", "lost"]).exits(0);
    shop.finish_index_run();
    assert!(
        shop.magento(&["indexer:status", "inventory"])
            .contains("| Ready "),
        "the server forgot"
    );

    assert!(
        workspace
            .run(&["drift"])
            .exits(0)
            .stdout
            .ends_with("\nIn sync.\n"),
        "the links are"
    );
    let before = shop.writes();
    let outcome = workspace.run(&["drift", "--prove", "index"]).exits(2);
    assert_data_eq!(
        outcome.stdout,
        str![[r#"
shop http://127.0.0.1:[PORT]/

Other stocks: 1 unmanaged and left alone.
In sync: nothing to change in 2 stocks.

Index:   North America Stock is stale, 3 SKUs out of date:
           alpine-jacket: 17, and should be 42
           canvas-tent: 40, and should be gone
           trail-boot: missing, and should be 18
         Europe Stock is stale, 3 SKUs out of date:
           alpine-jacket: 10, and should be 29
           canvas-tent: missing, and should be 11
           trail-boot: 9, and should be gone
         help: `bin/magento indexer:reindex inventory` rebuilds it. Where that has succeeded since, the shop may index in the background, which no read shows: the index strategy `async` needs the consumer `inventory.indexer.stock`, and "Update by Schedule" needs cron
The index is stale. The links are as wanted.

"#]]
    );
    let every_format = "json,text=d.txt,markdown=d.md,html=d.html,github=d.gh,sarif=d.sarif,junit=d.xml";
    let report = workspace
        .run(&["drift", "--prove", "index", "--format", every_format])
        .exits(2)
        .json();
    let read = |name: &str| std::fs::read_to_string(workspace.path(name)).expect("the file is there");
    assert!(read("d.txt").ends_with("\nThe index is stale. The links are as wanted.\n"));
    for (file, verdict) in [
        ("d.md", "⚠️ **Stale index:** the links are as wanted in 2 stocks."),
        (
            "d.html",
            "<strong>Stale index:</strong> <bdi>the links are as wanted in 2 stocks.",
        ),
        (
            "d.gh",
            "::warning file=inventory.yaml,line=20,col=11,title=index-stale::the index of `North America Stock`",
        ),
        ("d.sarif", "\"ruleId\": \"index-stale\""),
        (
            "d.xml",
            "<failure message=\"the index of `Europe Stock` is stale: 3 SKUs not as the links want\"",
        ),
    ] {
        assert!(read(file).contains(verdict), "{}", read(file));
    }
    assert_eq!(report["exit_code"], 2);
    assert_eq!(report["plan"]["needs_reindex"], false);
    assert_eq!(report["index"]["verdict"], "stale");
    let stock = &report["index"]["stocks"][0];
    assert_eq!(
        (&stock["name"], &stock["state"]),
        (&json!("North America Stock"), &json!("stale"))
    );
    assert_eq!(
        stock["mismatches"][0],
        json!({ "sku": "alpine-jacket", "predicted": 42.0, "indexed": 17.0 })
    );
    assert_eq!(shop.writes(), before, "looking writes nothing");

    let hook = format!(
        "reindex: [{{ http: {{ url: '{}', body: '{{\"argv\": [\"indexer:reindex\", \"inventory\"]}}' }} }}]",
        shop.hook()
    );
    workspace.settings(&shop.url(), &[&hook]);
    let applied = workspace.run(&["apply", "--yes", "--prove", "index"]).exits(0);
    assert!(applied.stdout.contains("Reindex: done"), "{}", applied.stdout);
    assert!(
        applied.stdout.contains(
            "Index:   North America Stock shows the links, proven for 6 of 7 SKUs (1 not predicted)"
        ),
        "{}",
        applied.stdout
    );
    assert_eq!(shop.quantity("alpine-jacket", 2), 42);
    workspace.run(&["drift", "--prove", "index"]).exits(0);
    let status = workspace.run(&["status"]).exits(0);
    assert!(status.stdout.contains("Reindex: none owed"), "{}", status.stdout);
}
