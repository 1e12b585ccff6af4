//! A plan as JUnit XML: a suite for each stock, a case for each change and guard; what is not as wanted fails.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use spanned_yaml::diag::visible;

use super::finding::{INDEX_STALE, INDEX_UNPROVEN, NO_RESULT};
use super::several::TargetPlan;
use crate::reconcile::{Change, Enforcement, GuardVerdict, Plan, PlanWarning, StockPlan};

/// The whole plan; the only error there is comes from the writer of XML.
pub fn junit(plan: &Plan) -> Result<String, quick_junit::SerializeError> {
    let mut report = Report::new(format!("stocktake {}", visible(&plan.target.name)));
    let whole_run = whole_run(plan);
    if whole_run.tests > 0 {
        report.add_test_suite(whole_run);
    }
    for stock in &plan.stocks {
        report.add_test_suite(suite(stock, &plan.guards));
    }
    report.to_string()
}

/// The plans of several targets, a suite for each; a case is of the class of its stock.
pub fn junit_of(sheets: &[TargetPlan<'_>]) -> Result<String, quick_junit::SerializeError> {
    let mut report = Report::new("stocktake");
    for sheet in sheets {
        report.add_test_suite(of_target(sheet));
    }
    report.to_string()
}

fn of_target(sheet: &TargetPlan<'_>) -> TestSuite {
    let mut all = TestSuite::new(visible(sheet.target));
    match &sheet.outcome {
        Ok(plan) => {
            let stocks = plan.stocks.iter().map(|stock| suite(stock, &plan.guards));
            let cases = std::iter::once(whole_run(plan)).chain(stocks);
            all.add_test_cases(cases.flat_map(|suite| suite.test_cases));
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

fn whole_run(plan: &Plan) -> TestSuite {
    let mut suite = TestSuite::new("the whole run");
    for doubt in &plan.doubts {
        let status = failed("doubtful-read", &visible(doubt));
        suite.add_test_case(TestCase::new("the read of the shop", status));
    }
    for verdict in plan
        .guards
        .iter()
        .filter(|verdict| verdict.guard.stock().is_none())
    {
        suite.add_test_case(guard(verdict));
    }
    for found in &plan.warnings {
        suite.add_test_case(warning(found));
    }
    suite
}

/// A warning says what it has to say and fails nothing, unless it is of an index that is not as wanted, or not known to be.
fn warning(warning: &PlanWarning) -> TestCase {
    let (rule, message) = (visible(&warning.rule), visible(&warning.message));
    let name = format!("warning {rule}");
    if matches!(&*warning.rule, INDEX_STALE | INDEX_UNPROVEN) {
        return TestCase::new(name, failed(&rule, &message));
    }
    let place = warning.place.as_ref();
    let place = place.map_or_else(String::new, |place| format!(" ({})", visible(&place.to_string())));
    let mut case = TestCase::new(name, TestCaseStatus::success());
    case.set_system_out(format!("{message}{place}"));
    case
}

fn suite(stock: &StockPlan, guards: &[GuardVerdict]) -> TestSuite {
    let name = visible(stock.name.as_str()).into_owned();
    let mut suite = TestSuite::new(name.clone());
    for verdict in guards
        .iter()
        .filter(|verdict| verdict.guard.stock() == Some(&stock.name))
    {
        suite.add_test_case(guard(verdict));
    }
    for found in &stock.changes {
        suite.add_test_case(change(found));
    }
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

fn change(change: &Change) -> TestCase {
    let code = visible(change.source_code().as_str());
    let place = change.place().to_string();
    let place = visible(&place);
    let (kind, message) = match change {
        Change::Delete { before, .. } => (
            "delete",
            format!("to delete: priority {before} now, not named at {place}"),
        ),
        Change::Create { priority, .. } => (
            "create",
            format!("to create with priority {priority}, wanted at {place}"),
        ),
        Change::Move { before, after, .. } => (
            "move",
            format!("to move from priority {before} to {after}, wanted at {place}"),
        ),
    };
    TestCase::new(format!("link {code}"), failed(kind, &message))
}

fn guard(verdict: &GuardVerdict) -> TestCase {
    let sentence = verdict.guard.to_string();
    let sentence = visible(&sentence);
    let name = format!("guard {}", verdict.guard.id());
    match verdict.effect {
        Enforcement::Refused | Enforcement::Withheld => TestCase::new(name, failed("guard", &sentence)),
        Enforcement::Lifted => {
            let mut case = TestCase::new(name, TestCaseStatus::success());
            let flag = verdict.flag().unwrap_or_default();
            case.set_system_out(format!("allowed by {}: {sentence}", visible(&flag)));
            case
        }
    }
}

fn failed(kind: &str, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(kind).set_message(message);
    status
}
