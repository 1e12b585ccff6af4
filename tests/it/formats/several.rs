//! The plans of several targets in one form: nothing is lost to the others, and no name can act there either.

use html5ever::Attribute;
use markup5ever_rcdom::{Handle, NodeData};
use stocktake::reconcile::Plan;
use stocktake::report::{
    FAILURE_FORMAT, FailureReport, MARKDOWN_LIMIT, PlanView, TargetPlan, Unplanned, finding_rules, github,
    html, junit, markdown, plan_findings, plan_sarif,
};
use stocktake::run::Exit;

use super::hostile::assert_structure;
use super::{page, sarif};
use testkit::engine_fixture::{EngineFixture, TUTORIAL};
use testkit::plan_fixtures::{self as plans, HOSTILE};

fn named(target: &str, mut plan: Plan) -> Plan {
    target.clone_into(&mut plan.target.name);
    plan
}

fn planned(plan: &Plan) -> TargetPlan<'_> {
    TargetPlan {
        target: &plan.target.name,
        outcome: Ok(plan.into()),
    }
}

fn failure(error: &str) -> FailureReport {
    FailureReport {
        kind: None,
        format_version: FAILURE_FORMAT,
        exit_code: Exit::Error,
        error: error.to_owned(),
        causes: vec![error.to_owned()],
        hints: vec![error.to_owned()],
        diagnostics: Vec::new(),
        differences: Vec::new(),
        plan: None,
    }
}

fn failed<'a>(target: &'a str, failure: &'a FailureReport) -> TargetPlan<'a> {
    let findings = &[];
    TargetPlan {
        target,
        outcome: Err(Unplanned { failure, findings }),
    }
}

fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

#[test]
fn a_comment_of_many_large_plans_keeps_every_verdict_and_something_of_each() {
    let names: Vec<String> = (0..20).map(|number| format!("target-{number}")).collect();
    let lost = failure(&"no connection ".repeat(900));
    let plans: Vec<Plan> = names
        .iter()
        .zip([1, 201, 401].into_iter().cycle())
        .map(|(name, stocks)| named(name, plans::large(stocks, 20)))
        .collect();
    let mut targets: Vec<TargetPlan<'_>> = plans.iter().map(planned).collect();
    targets.insert(7, failed("unreachable", &lost));
    let comment = markdown(&PlanView::Several(targets));
    assert!(length(&comment) <= MARKDOWN_LIMIT, "{}", length(&comment));
    assert!(length(&comment) > MARKDOWN_LIMIT * 3 / 4, "{}", length(&comment));
    for name in &names {
        assert!(
            comment.contains(&format!("- `{name}`: ⛔ **Refused by a guard:**")),
            "{name}"
        );
        assert!(comment.contains(&format!("\n### `{name}`\n")), "{name}");
    }
    assert!(comment.contains("- `unreachable`: ❌ **No result:** `no connection"));
    assert!(comment.contains("**Cut to fit a comment:**"));
    assert_structure(&comment);
}

#[test]
fn a_comment_of_more_targets_than_it_has_room_for_counts_what_it_leaves_out() {
    let names: Vec<String> = (0..2_000).map(|number| format!("{number:064}")).collect();
    let plans: Vec<Plan> = names.iter().map(|name| named(name, plans::refused())).collect();
    let comment = markdown(&PlanView::Several(plans.iter().map(planned).collect()));
    assert!(length(&comment) <= MARKDOWN_LIMIT, "{}", length(&comment));
    assert!(
        comment.contains("1672 verdicts, 2000 sections left out"),
        "{}",
        &comment[comment.len() - 400..]
    );
}

#[test]
fn plans_that_fit_are_whole() {
    let plans = [
        named("eu", plans::refused()),
        named("us", plans::in_sync()),
        named("asia", plans::large(1, 5)),
    ];
    let comment = markdown(&PlanView::Several(plans.iter().map(planned).collect()));
    assert!(!comment.contains("Cut to fit"), "{comment}");
    assert_eq!(
        comment.matches("### `").count(),
        comment.matches("#### `").count() + 2
    );
}

fn attribute(node: &Handle, wanted: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else {
        return None;
    };
    let of = |attribute: &Attribute| (&*attribute.name.local == wanted).then(|| attribute.value.to_string());
    attrs.borrow().iter().find_map(of)
}

#[test]
fn a_page_of_several_is_one_page_whose_parts_are_told_apart() {
    let lost = failure("no connection");
    let plans = ["eu", "us"].map(|name| named(name, plans::refused()));
    let targets = plans.iter().map(planned).chain([failed("asia", &lost)]);
    let view = PlanView::Several(targets.collect());
    let (nodes, errors) = page::nodes(html(&view).expect("a page"));
    assert_eq!(errors, [""; 0]);
    let mut ids: Vec<String> = nodes.iter().filter_map(|node| attribute(node, "id")).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice");
    let links = nodes.iter().filter_map(|node| attribute(node, "href"));
    let named = nodes.iter().filter_map(|node| attribute(node, "aria-labelledby"));
    let mut meant = links
        .filter_map(|href| href.strip_prefix('#').map(str::to_owned))
        .chain(named);
    assert_eq!(meant.find(|id| ids.binary_search(id).is_err()), None);
    for target in ["eu", "us", "asia"] {
        assert!(page::texts(&nodes).contains(&format!("Inventory plan for {target}")));
    }
}

#[test]
fn hostile_texts_are_inert_in_every_form() {
    let markup = |target: &str, error: &str| {
        let lost = failure(error);
        let plan = named(target, plans::refused());
        let view = PlanView::Several(vec![planned(&plan), failed(target, &lost)]);
        let (nodes, errors) = page::nodes(html(&view).expect("a page"));
        assert_eq!(errors, [""; 0], "{error:?}");
        page::markup(&nodes)
    };
    let harmless = markup("harmless", "harmless");
    for text in HOSTILE {
        let lost = failure(text);
        let plan = named(text, plans::refused());
        let view = PlanView::Several(vec![planned(&plan), failed(text, &lost)]);
        assert_structure(&markdown(&view));
        assert_eq!(markup(text, text), harmless, "{text:?}");
        let xml = junit(&view).expect("XML");
        roxmltree::Document::parse(&xml).expect("well-formed");
        sarif::valid(&plan_sarif(&view, &finding_rules(stocktake::rules())));
        for line in github(&plan_findings(&view)).lines() {
            let command = ["::error ", "::warning ", "::notice "];
            assert!(command.iter().any(|begin| line.starts_with(begin)), "{line:?}");
        }
    }
}

/// The demo shop before and after an apply, and a shop that cannot be reached.
#[tokio::test(flavor = "multi_thread")]
async fn plans_of_several_targets_in_every_format() {
    let fixture = EngineFixture::demo().await;
    let run = fixture.run(fixture.address, TUTORIAL);
    let before = run.plan().await.expect("the shop can be read");
    run.run().await;
    let after = run.plan().await.expect("the shop can be read");
    let plans = [named("eu", before), named("us", after)];
    let lost = failure("GET /rest/all/V1/inventory/stocks: no connection");
    let targets = plans.iter().map(planned).chain([failed("asia", &lost)]);
    let view = PlanView::Several(targets.collect());

    let comment = markdown(&view);
    let head: Vec<&str> = comment.lines().take(7).collect();
    assert_eq!(head[0], "<!-- stocktake:plan target=eu,us,asia -->");
    assert_eq!(head[2], "### Inventory plan for 3 targets");
    assert_eq!(
        head[4],
        "- `eu`: 📋 **Plan:** 2 to delete, 2 to create, 1 source reordered (3 priorities renumbered) in 2 stocks, then a reindex."
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

    let page = html(&view).expect("a page");
    assert!(page.contains("<title>Inventory plan for eu, us, asia</title>"));
    for (at, target) in ["eu", "us", "asia"].iter().enumerate() {
        let title = format!(
            "<h1 id=\"t{}-title\">Inventory plan for <bdi>{target}</bdi></h1>",
            at + 1
        );
        assert!(page.contains(&title), "{title}");
    }
    let annotations = github(&plan_findings(&view));
    assert!(annotations.contains(",title=eu%3A Europe Stock::"));
    assert!(annotations.contains("::error title=asia%3A no result::GET "));
    let log = plan_sarif(&view, &finding_rules(stocktake::rules()));
    let log: serde_json::Value = serde_json::from_str(&log).expect("JSON");
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
    let suites = junit(&view).expect("XML");
    for suite in [
        r#"<testsuite name="eu" tests="7" skipped="0" errors="0" failures="7">"#,
        r#"<testsuite name="us" tests="2" skipped="0" errors="0" failures="0">"#,
        r#"<testsuite name="asia" tests="1" skipped="0" errors="1" failures="0">"#,
    ] {
        assert!(suites.contains(suite), "{suite}: {suites}");
    }
}
