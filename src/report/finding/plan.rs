//! What a plan finds, destructive findings first.

use spanned_yaml::diag::Place;

use super::{Finding, Level};
use crate::reconcile::{BlockedLink, Change, Enforcement, GuardVerdict, Plan, PlanWarning, StockPlan};

/// Every guard, doubt, change and warning of a plan.
pub fn plan_findings(plan: &Plan) -> Vec<Finding> {
    let guards = plan.guards.iter().map(|verdict| guard(verdict, plan));
    let doubts = plan.doubts.iter().map(|reason| doubt(reason, plan));
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
    guards
        .chain(doubts)
        .chain(changes(true))
        .chain(blocked)
        .chain(plan.warnings.iter().map(|found| warning(found, plan)))
        .chain(changes(false))
        .collect()
}

fn guard(verdict: &GuardVerdict, plan: &Plan) -> Finding {
    let (level, title) = match verdict.effect {
        Enforcement::Refused => (Level::Error, "refused by a guard"),
        Enforcement::Withheld => (Level::Warning, "deletes withheld by a guard"),
        Enforcement::Lifted => (Level::Warning, "guard lifted"),
    };
    let rest = match (verdict.effect, verdict.flag()) {
        (Enforcement::Lifted, Some(flag)) => format!("allowed by {flag}"),
        _ => verdict.advice(),
    };
    let stock = verdict.guard.stock();
    let of_stock = plan.stocks.iter().find(|planned| Some(&planned.name) == stock);
    Finding {
        rule: format!("guard-{}", verdict.guard.id()),
        level,
        title: title.to_owned(),
        message: format!("{}\n{rest}", verdict.guard),
        place: of_stock.map_or_else(|| first_line(plan), |stock| Some(stock.place.clone())),
        end: None,
        identity: stock.map_or_else(String::new, ToString::to_string),
    }
}

fn doubt(reason: &str, plan: &Plan) -> Finding {
    Finding {
        rule: "doubtful-read".to_owned(),
        level: Level::Warning,
        title: "doubtful read".to_owned(),
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

/// Where to show what is about the whole run: platforms show nothing that has no place.
fn first_line(plan: &Plan) -> Option<Place> {
    plan.inputs.first().map(|input| Place {
        file: input.path.clone(),
        line: 1,
        column: 1,
    })
}
