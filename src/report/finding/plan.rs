//! The findings of plans: guards first, then deletes.

use spanned_yaml::diag::Place;

use super::{Finding, Level, NO_RESULT};
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
    let lines: Vec<String> = std::iter::once(failure.error.clone()).chain(because).collect();
    let no_result = Finding {
        rule: NO_RESULT.to_owned(),
        level: Level::Error,
        title: "no result".to_owned(),
        message: lines.join("\n"),
        place: None,
        end: None,
        identity: of.target.to_owned(),
    };
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
    Finding {
        rule: format!("guard-{}", verdict.guard.id()),
        level: match verdict.effect {
            Enforcement::Refused => Level::Error,
            Enforcement::Withheld | Enforcement::Lifted => Level::Warning,
        },
        title: guard_words(verdict.effect).title.to_owned(),
        message: format!("{}\n{rest}", verdict.guard),
        place: of_stock.map_or_else(|| first_line(plan), |stock| Some(stock.place.clone())),
        end: None,
        identity: stock.map_or_else(String::new, ToString::to_string),
    }
}

fn incomplete_read(reason: &str, plan: &Plan) -> Finding {
    Finding {
        rule: "doubtful-read".to_owned(),
        level: Level::Warning,
        title: "the read may be incomplete".to_owned(),
        message: reason.to_owned(),
        place: first_line(plan),
        end: None,
        identity: reason.to_owned(),
    }
}

fn change(change: &Change, stock: &StockPlan) -> Finding {
    let (name, code) = (&stock.name, change.source_code());
    let (rule, level, message) = match change {
        Change::Delete { before, .. } => (
            "link-delete",
            Level::Warning,
            format!("`{code}` would no longer serve `{name}` (priority {before} now)"),
        ),
        Change::Create { priority, .. } => (
            "link-create",
            Level::Note,
            format!("`{code}` would serve `{name}` with priority {priority}"),
        ),
        Change::Move { before, after, .. } => (
            "link-move",
            Level::Note,
            format!("`{code}` in `{name}` would move from priority {before} to {after}"),
        ),
    };
    Finding {
        rule: rule.to_owned(),
        level,
        title: name.to_string(),
        message,
        place: Some(change.place().clone()),
        end: None,
        identity: format!("{}\n{}", name.folded(), code.folded()),
    }
}

fn blocked(link: &BlockedLink, stock: &StockPlan) -> Finding {
    let (name, code) = (&stock.name, &link.source_code);
    Finding {
        rule: "link-blocked".to_owned(),
        level: Level::Warning,
        title: name.to_string(),
        message: format!("`{code}` stays in `{name}`: {}", link.reason),
        place: Some(stock.place.clone()),
        end: None,
        identity: format!("{}\n{}", name.folded(), code.folded()),
    }
}

fn warning(warning: &PlanWarning, plan: &Plan) -> Finding {
    Finding {
        rule: warning.rule.clone(),
        level: Level::Warning,
        title: warning.rule.clone(),
        message: warning.message.clone(),
        place: warning.place.clone().or_else(|| first_line(plan)),
        end: None,
        identity: warning.message.clone(),
    }
}

/// The place of a finding about the whole run. Platforms do not show a finding without a place.
fn first_line(plan: &Plan) -> Option<Place> {
    plan.inputs.first().map(|input| Place {
        file: input.path.clone(),
        line: 1,
        column: 1,
    })
}
