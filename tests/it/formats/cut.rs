//! A comment is never longer than a platform takes, and what is cut is the least important.

use stocktake::report::{MARKDOWN_LIMIT, PlanView, markdown};

use super::hostile::assert_structure;
use testkit::plan_fixtures as plans;

/// As the platform counts: the most that any way of counting comes to.
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

#[test]
fn one_endless_stock_is_cut_between_rows() {
    let comment = markdown(&PlanView::from(&plans::large(1, 3_000)));
    assert!(length(&comment) <= MARKDOWN_LIMIT);
    assert!(length(&comment) > MARKDOWN_LIMIT * 9 / 10);
    assert!(comment.contains("⛔ **Refused by a guard:**"));
    assert!(comment.contains("**Guard, refused:**"));
    assert!(comment.contains("rows"), "{}", &comment[comment.len() - 600..]);
    assert_structure(&comment);
}

#[test]
fn endlessly_many_stocks_are_cut_between_stocks() {
    let comment = markdown(&PlanView::from(&plans::large(900, 3)));
    assert!(length(&comment) <= MARKDOWN_LIMIT);
    assert!(length(&comment) > MARKDOWN_LIMIT * 9 / 10);
    assert!(comment.contains("⛔ **Refused by a guard:**"));
    assert_structure(&comment);
    let shown = comment.matches("\n#### ").count();
    let cut = format!("{} stocks", 900 - shown);
    assert!(
        comment.contains(&cut),
        "{cut}: {}",
        &comment[comment.len() - 600..]
    );
}

#[test]
fn a_plan_that_fits_is_whole() {
    let comment = markdown(&PlanView::from(&plans::large(2, 40)));
    assert!(!comment.contains("Cut to fit"));
    assert!(comment.contains("<details><summary>40 changes</summary>"));
    assert_eq!(comment.matches("`source_0039`").count(), 4);
}
