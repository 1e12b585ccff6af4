//! Plans of several targets: every format, exit codes, and the target's name beside each finding.

use serde_json::Value;

use super::{Shops, codes, summary, targets};

/// Two targets that differ and one that cannot be reached, in every format; their content is tested with the formats.
#[test]
fn plans_of_several_take_every_form() {
    let shops = Shops::new();
    shops.run(&["apply", "--target", "us", "--yes"]).exits(0);
    let formats = "text=plan.txt,json=plan.json,markdown=plan.md,html=plan.html,github=plan.gh,sarif=plan.sarif,junit=plan.xml";
    let command = ["plan", "--all-targets", "--quiet", "--format", formats];
    let outcome = shops.run(&command).exits(1);
    assert_eq!(
        summary(&outcome),
        "Targets: eu to change, us in sync, asia failed."
    );
    let read = |name: &str| std::fs::read_to_string(shops.workspace.path(name)).expect("the file is there");
    assert_eq!(read("plan.txt").lines().last(), outcome.stdout.lines().last());
    let json: Value = serde_json::from_str(&read("plan.json")).expect("JSON");
    assert_eq!(codes(&json), [("eu", 0), ("us", 0), ("asia", 1)]);

    assert!(read("plan.md").starts_with("<!-- stocktake:plan target=eu,us,asia -->\n"));
    assert!(read("plan.md").contains("\n- `asia`: ❌ **No result:** `GET /rest/"));
    assert!(read("plan.html").contains("<title>Inventory plan for eu, us, asia</title>"));
    assert!(read("plan.gh").contains("::error title=asia%3A no result::GET "));
    let log: Value = serde_json::from_str(&read("plan.sarif")).expect("JSON");
    assert_eq!(log["runs"].as_array().map(Vec::len), Some(3));
    assert_eq!(read("plan.xml").matches("<testsuite ").count(), 3);
}

#[test]
fn the_exit_codes_of_plans_are_those_of_the_worst() {
    let shops = Shops::new();
    let cron = "reindex: cron";
    let strict = "guard: { max_deletes: 1 }";
    targets(
        &shops.workspace,
        &[("eu", &shops.eu.url(), strict), ("us", &shops.us.url(), cron)],
    );
    let document = shops.document(&["plan", "--all-targets", "--detailed-exitcode"], 3);
    assert_eq!(codes(&document), [("eu", 3), ("us", 2)]);
    assert_eq!(document["targets"][0]["report"]["guards"][0]["effect"], "refused");
    let outcome = shops.run(&["plan", "--all-targets"]).exits(3);
    assert_eq!(summary(&outcome), "Targets: eu refused by a guard, us to change.");
    let outcome = shops
        .run(&["plan", "--all-targets", "--out", "plan.json"])
        .exits(64);
    assert!(
        outcome.stderr.contains("a saved plan is for one target"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn what_a_target_makes_of_the_files_stands_beside_its_name() {
    let shops = Shops::new();
    shops.workspace.write(
        "inventory.yaml",
        "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [hqq]\n",
    );
    let outcome = shops
        .run(&["plan", "--target", "eu,us", "--format", "github"])
        .exits(1);
    assert!(
        outcome.stdout.contains("title=us%3A unknown-source::"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome.stderr.contains("\nus: error[unknown-source]"),
        "{}",
        outcome.stderr
    );
}
