//! A changed order in every format: what a person did is named, numbers that only make room are counted.

use stocktake::reconcile::Plan;
use stocktake::report::{
    MARKDOWN_LIMIT, PlanView, finding_rules, github, html, junit, markdown, plan_findings, plan_text, sarif,
};

use testkit::{order_fixtures, plan_fixtures};

fn text(plan: &Plan) -> String {
    anstream::adapter::strip_str(&plan_text(plan)).to_string()
}

/// The source at place 151 goes to place 11.
fn one_of_two_hundred() -> Plan {
    order_fixtures::reordered(1, 151, 11)
}

#[test]
fn one_source_that_passes_140_is_one_reorder_in_numbers() {
    let plan = one_of_two_hundred();
    let stock = &plan.stocks[0];
    let summary = plan.summary;
    assert_eq!(
        (summary.moves, summary.reorders, summary.renumbers),
        (141, 1, 140)
    );
    let reorder = &stock.reorders[0];
    assert_eq!(reorder.source_code.as_str(), "source_151");
    assert_eq!(
        (reorder.from_place, reorder.to_place, reorder.written),
        (151, 11, true)
    );
    let json = serde_json::to_value(&plan).unwrap();
    let kinds = json["stocks"][0]["changes"].as_array().unwrap().iter();
    let kinds: Vec<&str> = kinds.map(|change| change["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "reorder").count(), 1);
    assert_eq!(kinds.iter().filter(|kind| **kind == "renumber").count(), 140);
}

#[test]
fn one_source_that_passes_140_is_one_reorder_in_text() {
    let expected = "\
Stock 002 (stock 2): 1 source reordered (140 priorities renumbered)  inventory.yaml:3:11
    before  after
         ⋮  8 unchanged
         9      9  source_009  priority 9
        10     10  source_010  priority 10
  ~    151     11  source_151  from place 151 to place 11, priority 151 → 11  4:135
        11     12  source_011  priority 11 → 12                               4:147
        12     13  source_012  priority 12 → 13                               4:159
         ⋮  138 renumbered, 49 unchanged

Plan: 1 source reordered (140 priorities renumbered) in 1 stock, no reindex needed.
";
    let text = text(&one_of_two_hundred());
    let (_, stock) = text.split_once("\n\n").unwrap();
    assert_eq!(stock, expected);
}

#[test]
fn every_format_counts_reorders_and_names_their_places() {
    let plan = one_of_two_hundred();
    let view = PlanView::from(&plan);
    let findings = plan_findings(&view);
    let counted = "1 source reordered (140 priorities renumbered)";
    for page in [markdown(&view), html(&view).expect("a page")] {
        assert!(page.contains(counted), "{page}");
    }
    assert!(
        markdown(&view)
            .contains("| ~ reorder | `source_151` | 151 → 11 | 151 → 11 | `inventory.yaml:4:135` |")
    );
    let places = "`source_151` in `Stock 002` would go from place 151 to place 11 (priority 151 → 11)";
    let others = "in `Stock 002` 140 priorities would be renumbered; the sources stay in order";
    let rules = finding_rules(stocktake::rules());
    for text in [github(&findings), sarif(&findings, &rules)] {
        assert_eq!(text.matches(places).count(), 1, "{text}");
        assert_eq!(text.matches(others).count(), 1, "{text}");
    }
    assert_eq!(findings.len(), 2);
    let xml = junit(&view).expect("XML");
    assert!(
        xml.contains("to reorder from place 151 to place 11 (priority 151 → 11)"),
        "{xml}"
    );
    assert!(
        xml.contains("140 to renumber; the sources stay in order"),
        "{xml}"
    );
    assert_eq!(xml.matches("<testcase").count(), 2, "{xml}");
}

/// 34 stocks in each of which 54 priorities make room: 1,836 in all.
#[test]
fn a_comment_shows_the_reorders_of_every_stock() {
    let plan = order_fixtures::reordered(34, 65, 11);
    let comment = markdown(&PlanView::from(&plan));
    assert!(comment.encode_utf16().count() <= MARKDOWN_LIMIT);
    let all = "34 sources reordered (1836 priorities renumbered) in 34 stocks";
    assert!(comment.contains(all), "{comment}");
    for stock in 2..36 {
        let heading = format!(
            "#### `Stock {stock:03}` (stock {stock}): 1 source reordered (54 priorities renumbered)\n"
        );
        let (_, section) = comment.split_once(&heading).expect("the stock has a section");
        let section = section.split("####").next().unwrap();
        assert!(
            section.contains("| ~ reorder | `source_065` | 65 → 11 |"),
            "{section}"
        );
    }
}

#[test]
fn text_stays_short_in_a_hundred_stocks_of_two_hundred_sources() {
    let text = text(&order_fixtures::reordered(100, 151, 11));
    assert_eq!(text.matches("from place 151 to place 11").count(), 100);
    assert!(text.lines().count() < 1_100, "{}", text.lines().count());
}

#[test]
fn a_source_that_leads_without_a_write_is_named() {
    let text = text(&plan_fixtures::refused());
    assert!(
        text.contains("  ~      3      2  west_wh     from place 3 to place 2, priority 3\n"),
        "{text}"
    );
}

#[test]
fn a_created_source_stands_once() {
    let text = text(&plan_fixtures::refused());
    assert_eq!(text.matches("huntington").count(), 1, "{text}");
}

#[test]
fn a_broken_tie_is_named_as_the_reason() {
    let plan = order_fixtures::tied();
    assert_eq!((plan.summary.reorders, plan.summary.renumbers), (0, 1));
    let view = PlanView::from(&plan);
    let plain = "hq and leipzig shared priority 3, so the shop did not order them";
    let code = "`hq` and `leipzig` shared priority 3, so the shop did not order them";
    let text = text(&plan);
    assert!(text.contains(plain), "{text}");
    assert!(text.contains("(stock 4): 1 priority renumbered"), "{text}");
    assert!(markdown(&view).contains(code));
    assert!(github(&plan_findings(&view)).contains(code));
    assert!(junit(&view).expect("XML").contains(plain));
}

/// Earlier versions saved plans that do not say which moves are reorders.
#[test]
fn a_plan_of_an_earlier_version_can_be_shown() {
    let mut json = serde_json::to_value(one_of_two_hundred()).unwrap();
    for key in ["reorders", "renumbers"] {
        json["summary"].as_object_mut().unwrap().remove(key);
    }
    let stock = json["stocks"][0].as_object_mut().unwrap();
    stock.remove("reorders");
    for change in stock["changes"].as_array_mut().unwrap() {
        change.as_object_mut().unwrap().remove("kind");
    }
    let plan: Plan = serde_json::from_value(json).unwrap();
    let text = text(&plan);
    assert!(
        text.ends_with("Plan: 141 priorities renumbered in 1 stock, no reindex needed.\n"),
        "{text}"
    );
}
