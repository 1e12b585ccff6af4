//! Every form says which stocks were compared, where these are not all; names in it are as inert as elsewhere.

use anstream::adapter::strip_str;
use serde_json::{Value, json};
use spanned_yaml::diag::escape_text;
use stocktake::model::StockName;
use stocktake::reconcile::{Plan, PlanScope, UnknownStock};
use stocktake::report::{
    DriftReport, Notification, PlanView, StatusReport, drift_text, finding_rules, github, html, junit,
    markdown, plan_findings, plan_text, sarif, status_text,
};
use stocktake::run::{ReindexBy, TargetState, Transition};

use super::hostile::assert_structure;
use testkit::plan_fixtures as plans;

/// A plan for one stock, one that no file has, and one that is misspelt.
fn scoped(third: &str) -> Plan {
    let mut plan = plans::refused();
    plan.stocks.retain(|stock| stock.name.as_str() == "Europe Stock");
    plan.scope = Some(PlanScope {
        stocks: vec![
            plan.stocks[0].name.clone(),
            StockName::from_server("Outlet Stock"),
        ],
        unknown: vec![UnknownStock {
            name: StockName::from_server(third),
            likely: Some(StockName::from_server("Asia Stock")),
        }],
    });
    plan
}

fn drift_of(plan: Plan) -> DriftReport {
    DriftReport {
        plan,
        index: None,
        ..plans::drift(plans::stale())
    }
}

fn forms(plan: &Plan) -> Vec<(&'static str, String)> {
    let view = PlanView::from(plan);
    let findings = plan_findings(&view);
    vec![
        (
            "text",
            escape_text(&strip_str(&plan_text(plan)).to_string()).into_owned(),
        ),
        (
            "drift",
            strip_str(&drift_text(&drift_of(plan.clone()))).to_string(),
        ),
        ("markdown", markdown(&view)),
        ("github", github(&findings)),
        ("sarif", sarif(&findings, &finding_rules(stocktake::rules()))),
        ("junit", junit(&view).expect("XML")),
        ("html", html(&view).expect("a page")),
    ]
}

#[test]
fn every_form_says_that_only_some_stocks_were_compared() {
    let plan = scoped("Asia Stok");
    let name = plan.stocks[0].name.as_str();
    for (form, text) in forms(&plan) {
        let quoted = |name: &str| match form {
            "html" => format!("“{name}”"),
            _ => format!("`{name}`"),
        };
        let sentences = format!(
            "Only {} was compared. {} is in no file. This target has no stock {} (did you mean {}?).",
            quoted(name),
            quoted("Outlet Stock"),
            quoted("Asia Stok"),
            quoted("Asia Stock"),
        );
        assert!(text.contains(&sentences), "{form}: {text}");
    }
    let json = serde_json::to_value(&plan).expect("JSON");
    assert_eq!(
        json["scope"],
        json!({ "stocks": [name, "Outlet Stock"], "unknown": [{ "name": "Asia Stok", "likely": "Asia Stock" }] })
    );
    for (form, text) in forms(&plans::refused()) {
        assert!(!text.contains("compared."), "{form}: {text}");
    }
    let whole = serde_json::to_value(plans::refused()).expect("JSON");
    assert_eq!(whole.get("scope"), None);
}

#[test]
fn a_notification_is_about_the_stocks_that_were_compared() {
    let report = drift_of(scoped("Asia Stok"));
    let state = TargetState::Drift {
        digest: String::new(),
    };
    let label = report.plan.target.clone();
    let message = Notification::new(Transition::Drift, &state, label, String::new(), Ok(&report));
    assert!(
        message.text.contains("Only Europe Stock was compared."),
        "{}",
        message.text
    );
    let slack: Value = serde_json::from_str(&message.slack(Some(&report))).expect("JSON");
    let text = slack["text"].as_str().expect("a text");
    assert!(text.contains("Only `Europe Stock` was compared."), "{text}");
    let document = serde_json::to_value(&message).expect("JSON");
    assert_eq!(document["scope"]["stocks"][0], "Europe Stock");
}

#[test]
fn a_status_shows_only_the_stocks_that_were_named() {
    let plan = scoped("Asia Stok");
    let live = plans::live(&[]);
    let label = plan.target.clone();
    let report =
        StatusReport::new(label, &live, Some(&plan), false, ReindexBy::Cron).only(plan.scope.clone());
    let names: Vec<&str> = report.stocks.iter().map(|stock| stock.name.as_str()).collect();
    assert_eq!(names, ["Europe Stock", "Outlet Stock"]);
    let text = strip_str(&status_text(&report, None)).to_string();
    assert!(
        text.contains("Only `Europe Stock`, `Outlet Stock` were read. This target has no stock `Asia Stok`"),
        "{text}"
    );
    let document = serde_json::to_value(&report).expect("JSON");
    assert_eq!(
        document["scope"]["stocks"],
        json!(["Europe Stock", "Outlet Stock"])
    );
}

#[test]
fn a_long_choice_is_counted() {
    let mut plan = plans::refused();
    let names = (10..40).map(|number| StockName::from_server(&format!("Stock {number}")));
    plan.stocks.clear();
    plan.scope = Some(PlanScope {
        stocks: names.collect(),
        unknown: Vec::new(),
    });
    let text = plan_text(&plan);
    assert!(text.contains("No stock was compared. `Stock 10`, "), "{text}");
    assert!(text.contains("`Stock 19` and 20 more are in no file."), "{text}");
}

#[test]
fn a_name_cannot_act() {
    let hostile = "x`|<b>@all</b>\n::error::\u{202e}]]>";
    let plan = scoped(hostile);
    for (form, text) in forms(&plan) {
        assert!(
            !text.contains('\u{202e}') && !text.contains("\n::error::"),
            "{form}: {text}"
        );
        let has_markup = matches!(form, "html" | "junit") && text.contains("<b>@all");
        assert!(!has_markup, "{form}: {text}");
    }
    let codes = assert_structure(&markdown(&PlanView::from(&plan)));
    assert!(codes.iter().any(|code| code.contains("<b>@all</b>")), "{codes:?}");
}
