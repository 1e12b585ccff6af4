//! `graph`: of the shop as it is, and of a saved plan without a shop.

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

#[test]
fn the_shop_is_drawn_in_every_language() {
    let workspace = Workspace::new();
    let mermaid = workspace.run(&["graph", "--sandbox"]).exits(0).stdout;
    assert!(mermaid.starts_with("flowchart LR\n"), "{mermaid}");
    assert!(mermaid.contains("[\"Outlet Stock\"]"), "{mermaid}");
    assert!(!mermaid.contains("linkStyle"), "{mermaid}");
    let dot = workspace
        .run(&["graph", "--sandbox", "--format", "dot"])
        .exits(0)
        .stdout;
    assert!(dot.starts_with("digraph stocktake {\n"), "{dot}");
    let svg = workspace
        .run(&["graph", "--sandbox", "--format", "svg"])
        .exits(0)
        .stdout;
    roxmltree::Document::parse(&svg).expect("well-formed");
}

#[test]
fn a_saved_plan_is_drawn_with_its_changes_and_no_shop() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    let asked = shop.methods();
    let drawn = workspace
        .run(&["graph", "--plan", "plan.json", "--stock", "europe stock"])
        .exits(0)
        .stdout;
    assert!(drawn.contains("-.->|\"delete 4\"|"), "{drawn}");
    assert!(!drawn.contains("North America"), "{drawn}");
    assert!(
        drawn.starts_with("flowchart LR\n  %% only Europe Stock\n"),
        "{drawn}"
    );
    assert_eq!(shop.methods(), asked);
}

#[test]
fn a_stock_that_is_not_there_is_wrong_usage_with_the_likely_one() {
    let outcome = Workspace::new()
        .run(&["graph", "--sandbox", "--stock", "Europ Stock"])
        .exits(64)
        .prints_nothing();
    assert!(
        outcome.stderr.contains("there is no stock `Europ Stock`"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.contains("did you mean `Europe Stock`?"),
        "{}",
        outcome.stderr
    );
}
