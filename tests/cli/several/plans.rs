//! Plans of several targets: every format, exit codes, and the target's name beside each finding.

use serde_json::Value;

use super::{Shops, codes, summary, targets};

/// Two targets that differ and one that cannot be reached, in every form.
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

    let comment = read("plan.md");
    let head: Vec<&str> = comment.lines().take(7).collect();
    assert_eq!(head[0], "<!-- stocktake:plan target=eu,us,asia -->");
    assert_eq!(head[2], "### Inventory plan for 3 targets");
    assert_eq!(
        head[4],
        "- `eu`: 📋 **Plan:** 2 to delete, 2 to create, 4 to move in 2 stocks, then a reindex."
    );
    assert_eq!(head[5], "- `us`: ✅ **In sync:** nothing to change in 2 stocks.");
    assert!(
        head[6].starts_with("- `asia`: ❌ **No result:** `GET /rest/"),
        "{}",
        head[6]
    );
    assert_eq!(comment.matches("\n\n### `eu`\n").count(), 1);
    assert!(
        !comment.contains("### `us`"),
        "there is no more to say: {comment}"
    );

    let page = read("plan.html");
    assert!(page.contains("<title>Inventory plan for eu, us, asia</title>"));
    for (at, target) in ["eu", "us", "asia"].iter().enumerate() {
        let title = format!(
            "<h1 id=\"t{}-title\">Inventory plan for <bdi>{target}</bdi></h1>",
            at + 1
        );
        assert!(page.contains(&title), "{title}");
    }
    assert!(read("plan.gh").contains(",title=eu%3A Europe Stock::"));
    assert!(read("plan.gh").contains("::error title=asia%3A no result::GET "));
    let log: Value = serde_json::from_str(&read("plan.sarif")).expect("JSON");
    let runs = log["runs"].as_array().expect("a list");
    let ids = runs.iter().map(|run| run["automationDetails"]["id"].as_str());
    let ids: Vec<_> = ids.collect();
    assert_eq!(
        ids,
        ["eu", "us", "asia"]
            .map(|name| format!("stocktake/{name}/"))
            .each_ref()
            .map(|id| Some(id.as_str()))
    );
    assert_eq!(runs[2]["invocations"][0]["executionSuccessful"], false);
    assert_eq!(runs[2]["results"][0]["ruleId"], "no-result");
    let suites = read("plan.xml");
    for suite in [
        r#"<testsuite name="eu" tests="8" skipped="0" errors="0" failures="8">"#,
        r#"<testsuite name="us" tests="2" skipped="0" errors="0" failures="0">"#,
        r#"<testsuite name="asia" tests="1" skipped="0" errors="1" failures="0">"#,
    ] {
        assert!(suites.contains(suite), "{suite}: {suites}");
    }
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
