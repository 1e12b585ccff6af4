//! Plans as JUnit XML: a suite for each stock, a case for each change and guard, and one for all renumbered priorities of a stock. A difference is a failed case.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};
use spanned_yaml::diag::{joined, visible};

use super::finding::{INDEX_STALE, INDEX_UNKNOWN, NO_RESULT};
use super::view::{
    ChangeKind, PlanView, Planned, Row, StockView, TargetPlan, broken_ties, guard_label, scope_words,
};
use crate::reconcile::{Enforcement, GuardVerdict, PlanWarning, StockPlan};

/// A suite for each stock, or for each of several targets. The only possible error comes from the XML writer.
pub fn junit(view: &PlanView<'_>) -> Result<String, SerializeError> {
    let mut report = match view {
        PlanView::One(planned) => Report::new(format!("stocktake {}", visible(&planned.plan.target.name))),
        PlanView::Several(_) => Report::new("stocktake"),
    };
    match view {
        PlanView::One(planned) => report.add_test_suites(suites(planned).filter(|suite| suite.tests > 0)),
        PlanView::Several(targets) => report.add_test_suites(targets.iter().map(of_target)),
    };
    report.to_string()
}

/// The cases of one target in one suite; the class of a case is its stock.
fn of_target(of: &TargetPlan<'_>) -> TestSuite {
    let mut all = TestSuite::new(visible(of.target));
    match &of.outcome {
        Ok(planned) => {
            all.add_test_cases(suites(planned).flat_map(|suite| suite.test_cases));
        }
        Err(unplanned) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status
                .set_type(NO_RESULT)
                .set_message(visible(&unplanned.failure.error));
            all.add_test_case(TestCase::new("the target", status));
        }
    }
    all
}

/// A suite for the whole run, then one for each stock.
fn suites(planned: &Planned<'_>) -> impl Iterator<Item = TestSuite> {
    let stocks = planned.stocks.iter();
    let stocks = stocks.map(|stock| stock_suite(stock, &planned.plan.guards));
    std::iter::once(whole_run(planned)).chain(stocks)
}

fn whole_run(planned: &Planned<'_>) -> TestSuite {
    let mut suite = TestSuite::new("the whole run");
    for reason in &planned.plan.doubts {
        let status = failed("doubtful-read", &visible(reason));
        suite.add_test_case(TestCase::new("the read of the shop", status));
    }
    let of_run = planned
        .plan
        .guards
        .iter()
        .filter(|verdict| verdict.guard.stock().is_none());
    suite.add_test_cases(of_run.map(guard_case));
    suite.add_test_cases(planned.warnings.iter().map(warning));
    suite.add_test_cases(
        scope_words(planned.plan, |name| format!("`{}`", visible(name))).map(|words| {
            let mut case = TestCase::new("the stocks compared", TestCaseStatus::success());
            case.set_system_out(words);
            case
        }),
    );
    suite.add_test_cases(planned.proven.iter().map(|proven| {
        let mut case = TestCase::new("the index", TestCaseStatus::success());
        case.set_system_out(proven);
        case
    }));
    suite
}

/// A warning is a passed case, unless the index is stale or unknown.
fn warning(warning: &PlanWarning) -> TestCase {
    let (rule, message) = (visible(&warning.rule), visible(&warning.message));
    let name = format!("warning {rule}");
    if matches!(&*warning.rule, INDEX_STALE | INDEX_UNKNOWN) {
        return TestCase::new(name, failed(&rule, &message));
    }
    let place = warning.place.as_ref();
    let place = place.map_or_else(String::new, |place| format!(" ({})", visible(&place.to_string())));
    let mut case = TestCase::new(name, TestCaseStatus::success());
    case.set_system_out(format!("{message}{place}"));
    case
}

fn stock_suite(view: &StockView<'_>, guards: &[GuardVerdict]) -> TestSuite {
    let stock = view.plan;
    let name = visible(stock.name.as_str()).into_owned();
    let mut suite = TestSuite::new(name.clone());
    let of_stock = guards
        .iter()
        .filter(|verdict| verdict.guard.stock() == Some(&stock.name));
    suite.add_test_cases(of_stock.map(guard_case));
    suite.add_test_cases(view.rows().iter().filter_map(|row| change(row, stock)));
    suite.add_test_cases(renumbered(view));
    for link in &stock.blocked {
        let code = visible(link.source_code.as_str());
        let status = failed("blocked", &visible(&link.reason));
        suite.add_test_case(TestCase::new(format!("link {code}"), status));
    }
    if stock.in_sync() {
        suite.add_test_case(TestCase::new("in sync", TestCaseStatus::success()));
    }
    for case in &mut suite.test_cases {
        case.set_classname(name.clone());
    }
    suite
}

/// The case of a created, deleted or reordered source.
fn change(row: &Row<'_>, stock: &StockPlan) -> Option<TestCase> {
    let code = visible(row.code.as_str());
    let place = row.place.unwrap_or(&stock.place).to_string();
    let place = visible(&place);
    let priority = row.priority();
    let message = match row.kind {
        ChangeKind::Delete => format!("to delete: {priority} now, not named at {place}"),
        ChangeKind::Create => format!("to create with {priority}, wanted at {place}"),
        ChangeKind::Reorder => {
            format!("to reorder {} ({priority}), wanted at {place}", row.journey())
        }
        ChangeKind::Renumber | ChangeKind::Blocked | ChangeKind::Stay => return None,
    };
    Some(TestCase::new(
        format!("link {code}"),
        failed(row.kind.word(), &message),
    ))
}

/// One case for all priorities of a stock whose sources stay in order.
fn renumbered(stock: &StockView<'_>) -> Option<TestCase> {
    let number = stock.counts.renumbers;
    if number == 0 {
        return None;
    }
    let sources = format!("{number} to renumber; the sources stay in order");
    let ties = broken_ties(stock.plan, |code| visible(code).into_owned());
    let message = joined(std::iter::once(sources).chain(ties), ". ");
    Some(TestCase::new(
        "priorities",
        failed(ChangeKind::Renumber.word(), &message),
    ))
}

fn guard_case(verdict: &GuardVerdict) -> TestCase {
    let sentence = verdict.guard.to_string();
    let sentence = visible(&sentence);
    let name = format!("guard {}", verdict.guard.id());
    match verdict.effect {
        Enforcement::Refused | Enforcement::Withheld => TestCase::new(name, failed("guard", &sentence)),
        Enforcement::Lifted => {
            let mut case = TestCase::new(name, TestCaseStatus::success());
            let label = guard_label(verdict, |flag| visible(flag).into_owned());
            case.set_system_out(format!("{label}: {sentence}"));
            case
        }
    }
}

fn failed(kind: &str, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(kind).set_message(message);
    status
}
