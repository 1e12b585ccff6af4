//! The findings of plans: guards first, then deletes.

use spanned_yaml::diag::{Place, joined};

use super::{DOUBTFUL_READ, Finding, LINK_BLOCKED, LINK_CREATE, LINK_DELETE, LINK_MOVE, Level, NO_RESULT};
use crate::model::{SourceCode, StockName};
use crate::reconcile::{BlockedLink, Change, Enforcement, GuardVerdict, Plan, PlanWarning, StockPlan};
use crate::report::view::{PlanView, Planned, TargetPlan, Unplanned, guard_advice, guard_label, guard_words};

/// Every guard, sign of an incomplete read, change and warning. With several targets each title begins with the name of its target.
pub fn plan_findings(view: &PlanView<'_>) -> Vec<Finding> {
    let titled = |of: &TargetPlan<'_>| {
        let mut findings = target_findings(of);
        for found in &mut findings {
            found.title = format!("{}: {}", of.target, found.title);
        }
        findings
    };
    match view {
        PlanView::One(planned) => of_plan(planned),
        PlanView::Several(targets) => targets.iter().flat_map(titled).collect(),
    }
}

/// The findings of a plan, or that there is none.
pub(super) fn target_findings(of: &TargetPlan<'_>) -> Vec<Finding> {
    let Unplanned { failure, findings } = match &of.outcome {
        Ok(planned) => return of_plan(planned),
        Err(unplanned) => unplanned,
    };
    let because = failure.causes.iter().map(|cause| format!("because: {cause}"));
    let message = joined(std::iter::once(failure.error.clone()).chain(because), "\n");
    let no_result = Finding::new(NO_RESULT, Level::Error, "no result", message, of.target);
    std::iter::once(no_result)
        .chain(findings.iter().cloned())
        .collect()
}

pub(super) fn of_plan(planned: &Planned<'_>) -> Vec<Finding> {
    let plan = planned.plan;
    let guards = plan.guards.iter().map(|verdict| guard(verdict, plan));
    let issues = plan.doubts.iter().map(|reason| incomplete_read(reason, plan));
    let changes = |deletes: bool| {
        plan.stocks.iter().flat_map(move |stock| {
            let wanted = stock
                .changes
                .iter()
                .filter(move |found| found.is_delete() == deletes);
            wanted.map(|found| change(found, stock))
        })
    };
    let blocked = plan
        .stocks
        .iter()
        .flat_map(|stock| stock.blocked.iter().map(|link| blocked(link, stock)));
    let warnings = planned.warnings.iter().map(|found| warning(found, plan));
    guards
        .chain(issues)
        .chain(changes(true))
        .chain(blocked)
        .chain(warnings)
        .chain(changes(false))
        .collect()
}

fn guard(verdict: &GuardVerdict, plan: &Plan) -> Finding {
    let rest = guard_advice(verdict, str::to_owned);
    let rest = rest.unwrap_or_else(|| guard_label(verdict, str::to_owned));
    let stock = verdict.guard.stock();
    let of_stock = plan.stocks.iter().find(|planned| Some(&planned.name) == stock);
    let level = match verdict.effect {
        Enforcement::Refused => Level::Error,
        Enforcement::Withheld | Enforcement::Lifted => Level::Warning,
    };
    let (rule, title) = (
        format!("guard-{}", verdict.guard.id()),
        guard_words(verdict.effect).title,
    );
    let message = format!("{}\n{rest}", verdict.guard);
    let identity = stock.map_or_else(String::new, ToString::to_string);
    let found = Finding::new(rule, level, title, message, identity);
    found.at(of_stock.map_or_else(|| first_line(plan), |stock| Some(stock.place.clone())))
}

fn incomplete_read(reason: &str, plan: &Plan) -> Finding {
    let title = "the read may be incomplete";
    Finding::new(DOUBTFUL_READ, Level::Warning, title, reason, reason).at(first_line(plan))
}

fn change(change: &Change, stock: &StockPlan) -> Finding {
    let (name, code) = (&stock.name, change.source_code());
    let (rule, level, message) = match change {
        Change::Delete { before, .. } => (
            LINK_DELETE,
            Level::Warning,
            format!("`{code}` would no longer serve `{name}` (priority {before} now)"),
        ),
        Change::Create { priority, .. } => (
            LINK_CREATE,
            Level::Note,
            format!("`{code}` would serve `{name}` with priority {priority}"),
        ),
        Change::Move { before, after, .. } => (
            LINK_MOVE,
            Level::Note,
            format!("`{code}` in `{name}` would move from priority {before} to {after}"),
        ),
    };
    let found = Finding::new(rule, level, name.as_str(), message, identity(name, code));
    found.at(Some(change.place().clone()))
}

fn blocked(link: &BlockedLink, stock: &StockPlan) -> Finding {
    let (name, code) = (&stock.name, &link.source_code);
    let message = format!("`{code}` stays in `{name}`: {}", link.reason);
    let found = Finding::new(
        LINK_BLOCKED,
        Level::Warning,
        name.as_str(),
        message,
        identity(name, code),
    );
    found.at(Some(stock.place.clone()))
}

fn identity(stock: &StockName, source: &SourceCode) -> String {
    format!("{}\n{}", stock.folded(), source.folded())
}

fn warning(warning: &PlanWarning, plan: &Plan) -> Finding {
    let PlanWarning { rule, message, place } = warning;
    let found = Finding::new(rule, Level::Warning, rule, message, message);
    found.at(place.clone().or_else(|| first_line(plan)))
}

/// The place of a finding about the whole run. Platforms do not show a finding without a place.
fn first_line(plan: &Plan) -> Option<Place> {
    plan.inputs.first().map(|input| Place {
        file: input.path.clone(),
        line: 1,
        column: 1,
    })
}
