//! Each format of the same plans, as it is.

use stocktake::reconcile::Plan;
use stocktake::report::{
    PlanView, drift_text, finding_rules, github, html, junit, markdown, plan_findings, plan_text, sarif,
};

use testkit::plan_fixtures as plans;

fn every_format(name: &str, plan: &Plan) {
    let findings = plan_findings(&PlanView::from(plan));
    for (format, text) in [
        ("text", plan_text(plan)),
        ("markdown", markdown(&PlanView::from(plan))),
        ("github", github(&findings)),
        ("sarif", sarif(&findings, &finding_rules(stocktake::rules()))),
        ("junit", junit(&PlanView::from(plan)).expect("XML")),
        (
            "html",
            without_sources(&html(&PlanView::from(plan)).expect("a page")),
        ),
        ("json", serde_json::to_string_pretty(plan).expect("JSON")),
    ] {
        insta::assert_snapshot!(format!("{name}.{format}"), text);
    }
}

/// A page without its style, its script and their digests, which stand in files of their own.
fn without_sources(page: &str) -> String {
    let cut = |text: String, begin: &str, end: &str| {
        let (before, rest) = text.split_once(begin).expect("it begins");
        let (_, after) = rest.split_once(end).expect("it ends");
        format!("{before}{begin}…{end}{after}")
    };
    let page = cut(page.to_owned(), "<style>", "</style>");
    let page = cut(page, "<script>", "</script>");
    let page = cut(page, "style-src 'sha256-", "'");
    cut(page, "script-src 'sha256-", "'")
}

#[test]
fn a_plan_that_a_guard_refuses() {
    every_format("refused", &plans::refused());
}

#[test]
fn a_plan_whose_deletes_are_withheld() {
    every_format("withheld", &plans::withheld());
}

#[test]
fn a_plan_that_changes_nothing() {
    every_format("in_sync", &plans::in_sync());
}

#[test]
fn links_that_are_as_wanted_on_a_stale_index() {
    every_format("stale", &plans::drift(plans::stale()).warned_plan());
}

#[test]
fn an_index_that_cannot_be_checked_is_not_in_sync() {
    every_format("index_unknown", &plans::drift(plans::unreadable()).warned_plan());
}

#[test]
fn every_form_tells_how_far_the_index_is_proven() {
    let report = plans::drift(plans::proven());
    let view = PlanView::from(&report);
    let xml = junit(&view).expect("XML");
    for text in [markdown(&view), html(&view).expect("a page"), xml] {
        assert!(text.contains("The index is proven for 31 of 44 SKUs."), "{text}");
    }
    let text = anstream::adapter::strip_str(&drift_text(&report)).to_string();
    assert!(
        text.contains(
            "Outlet Stock shows the links, proven for 31 of 44 SKUs (4 not predicted, 10 not asked)"
        ),
        "{text}"
    );
    let json = serde_json::to_value(&report).expect("JSON");
    let stock = &json["index"]["stocks"][0];
    let numbers = ["skus", "predicted", "not_predicted", "not_asked"].map(|key| stock[key].as_u64());
    assert_eq!(numbers, [31, 44, 14, 10].map(Some), "{stock}");
}

#[test]
fn xml_is_well_formed_and_counts_its_cases() {
    let stale = plans::drift(plans::stale()).warned_plan();
    for plan in [plans::refused(), plans::withheld(), plans::in_sync(), stale] {
        let xml = junit(&PlanView::from(&plan)).expect("XML");
        let document = roxmltree::Document::parse(&xml).expect("well-formed");
        let number = |name: &str| {
            document
                .descendants()
                .filter(|node| node.has_tag_name(name))
                .count()
        };
        let output = |name: &str| document.root_element().attribute(name).map(str::to_owned);
        assert_eq!(output("tests"), Some(number("testcase").to_string()));
        assert_eq!(output("failures"), Some(number("failure").to_string()));
    }
}

#[test]
fn the_json_is_what_the_schema_says() {
    let schema = include_str!("../../../schemas/plan.schema.json");
    let schema = serde_json::from_str(schema).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for plan in [plans::refused(), plans::withheld(), plans::in_sync()] {
        let json = serde_json::to_value(&plan).expect("JSON");
        let faults: Vec<String> = validator
            .iter_errors(&json)
            .map(|fault| fault.to_string())
            .collect();
        assert_eq!(faults, [""; 0]);
        assert_eq!(serde_json::from_value::<Plan>(json).expect("a plan"), plan);
    }
}

#[test]
fn the_schema_refuses_an_unknown_action() {
    let schema = include_str!("../../../schemas/plan.schema.json");
    let schema = serde_json::from_str(schema).expect("a schema");
    let mut plan = serde_json::to_value(plans::refused()).expect("JSON");
    assert!(jsonschema::is_valid(&schema, &plan));
    plan["stocks"][0]["changes"][0]["action"] = "rename".into();
    assert!(!jsonschema::is_valid(&schema, &plan));
}
