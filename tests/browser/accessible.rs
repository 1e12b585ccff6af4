//! What axe-core finds: nothing, in light and dark, on a wide window and a narrow one.

use std::path::PathBuf;

use serde_json::Value;
use stocktake::reconcile::Plan;

use super::browser::with_browser;
use super::hostile::hostile_plan;
use super::page::Page;
use testkit::plan_fixtures as plans;

/// The checker's script, as npm installs it.
fn axe() -> String {
    let folder = std::env::var_os("STOCKTAKE_AXE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/browser"),
        PathBuf::from,
    );
    let path = folder.join("node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; npm install --prefix target/browser axe-core",
            path.display()
        )
    })
}

/// The faults that a person would stumble over, each with the elements that have it.
async fn faults(page: &Page) -> Vec<String> {
    page.browser.run(&axe()).await;
    let script = "const done = arguments[0]; axe.run(document).then(done)";
    let result = page
        .browser
        .client
        .execute_async(script, Vec::new())
        .await
        .expect("the check runs");
    let passed = result["passes"].as_array().map_or(0, Vec::len);
    assert!(passed > 20, "only {passed} rules were checked");
    let of = |violation: &Value| {
        format!(
            "{}: {} {:#}",
            violation["impact"], violation["help"], violation["nodes"]
        )
    };
    result["violations"]
        .as_array()
        .expect("a list")
        .iter()
        .map(of)
        .collect()
}

fn assert_accessible(plan: &Plan) {
    with_browser(|browser| async {
        let page = Page::open(browser, plan).await;
        for (width, height) in [(1200, 900), (320, 800)] {
            page.browser.resize(width, height).await;
            for theme in ["light", "dark"] {
                page.browser.prefer(theme).await;
                page.until(&format!("matchMedia('(prefers-color-scheme: {theme})').matches"))
                    .await;
                let faults = faults(&page).await;
                assert!(faults.is_empty(), "{theme}, {width} wide: {}", faults.join("\n"));
            }
        }
    });
}

#[test]
fn a_plan_that_a_guard_refuses() {
    assert_accessible(&plans::refused());
}

#[test]
fn a_plan_whose_deletes_are_withheld() {
    assert_accessible(&plans::withheld());
}

#[test]
fn a_plan_that_changes_nothing() {
    assert_accessible(&plans::in_sync());
}

#[test]
fn a_plan_of_hostile_names() {
    assert_accessible(&hostile_plan());
}

#[test]
fn the_check_finds_what_is_wrong() {
    with_browser(|browser| async {
        let page = Page::open(browser, &plans::in_sync()).await;
        page.browser
            .run("document.documentElement.removeAttribute('lang')")
            .await;
        let faults = faults(&page).await;
        assert_eq!(faults.len(), 1, "{faults:#?}");
    });
}
