//! The findings of plans: guards first, then deletes.

use spanned_yaml::diag::{Place, joined};

use super::{
    DOUBTFUL_READ, Finding, LINK_BLOCKED, LINK_CREATE, LINK_DELETE, LINK_MOVE, LINK_RENUMBER, Level,
    NO_RESULT, SCOPE,
};
use crate::model::{SourceCode, StockName};
use crate::reconcile::{BlockedLink, Enforcement, GuardVerdict, Plan, PlanWarning, StockPlan};
use crate::report::view::{
    ChangeKind, PlanView, Planned, Row, StockView, TargetPlan, Unplanned, broken_ties, guard_advice,
    guard_label, guard_words, scope_words,
};

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
        planned.stocks.iter().flat_map(move |stock| {
            let rows = stock.rows().into_iter();
            let rows = rows.filter(move |row| (row.kind == ChangeKind::Delete) == deletes);
            rows.filter_map(|row| change(&row, stock.plan))
        })
    };
    let blocked = plan
        .stocks
        .iter()
        .flat_map(|stock| stock.blocked.iter().map(|link| blocked(link, stock)));
    let warnings = planned.warnings.iter().map(|found| warning(found, plan));
    guards
        .chain(issues)
        .chain(scope(plan))
        .chain(changes(true))
        .chain(blocked)
        .chain(warnings)
        .chain(changes(false))
        .chain(planned.stocks.iter().filter_map(renumbered))
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

fn scope(plan: &Plan) -> Option<Finding> {
    let words = scope_words(plan, |name| format!("`{name}`"))?;
    let found = Finding::new(SCOPE, Level::Note, "not all stocks were compared", words, SCOPE);
    Some(found.at(first_line(plan)))
}

/// The finding of a created, deleted or reordered source.
fn change(row: &Row<'_>, stock: &StockPlan) -> Option<Finding> {
    let (name, code) = (&stock.name, row.code);
    let priority = row.priority();
    let (rule, level, message) = match row.kind {
        ChangeKind::Delete => (
            LINK_DELETE,
            Level::Warning,
            format!("`{code}` would no longer serve `{name}` ({priority} now)"),
        ),
        ChangeKind::Create => (
            LINK_CREATE,
            Level::Note,
            format!("`{code}` would serve `{name}` with {priority}"),
        ),
        ChangeKind::Reorder => (
            LINK_MOVE,
            Level::Note,
            format!("`{code}` in `{name}` would go {} ({priority})", row.journey()),
        ),
        ChangeKind::Renumber | ChangeKind::Blocked | ChangeKind::Stay => return None,
    };
    let found = Finding::new(rule, level, name.as_str(), message, identity(name, code));
    let place = row.place.unwrap_or(&stock.place);
    Some(found.at(Some(place.clone())))
}

/// One finding for all priorities of a stock whose sources stay in order.
fn renumbered(stock: &StockView<'_>) -> Option<Finding> {
    let number = stock.counts.renumbers;
    let name = &stock.plan.name;
    let priorities = match number {
        0 => return None,
        1 => "1 priority".to_owned(),
        number => format!("{number} priorities"),
    };
    let message = format!("in `{name}` {priorities} would be renumbered; the sources stay in order");
    let ties = broken_ties(stock.plan, |code| format!("`{code}`"));
    let message = joined(std::iter::once(message).chain(ties), "\n");
    let found = Finding::new(LINK_RENUMBER, Level::Note, name.as_str(), message, name.folded());
    Some(found.at(Some(stock.plan.place.clone())))
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
