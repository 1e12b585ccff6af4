//! Writes come in the right order, at the right moment, and not where a guard forbids.

use commerce_sandbox::Logged;
use serde_json::Value;

use super::changed_stocks;
use crate::campaign::play::Played;
use crate::campaign::sandbox_state::{Table, fold, is_delete, table_of};
use crate::campaign::wanted::Wanted;

/// Gives what is wrong with order and moment.
pub fn check(played: &Played<'_>) -> Vec<String> {
    let mut wrong = emptied(played);
    wrong.extend(unknown_reads(played));
    wrong.extend(out_of_order(played));
    wrong.extend(unnoticed(played));
    wrong.extend(stale(played));
    wrong.extend(not_kept(played));
    wrong
}

/// True if a guard is lifted: by a flag, or by the approved plan, which brings the flags that it was made with.
fn allows(played: &Played<'_>, allowance: &str) -> bool {
    if played.step.applies_a_saved_plan() {
        let approved = played.approved.and_then(|plan| plan["allowances"].as_array());
        return approved.into_iter().flatten().any(|lifted| lifted == allowance);
    }
    played.step.arguments.iter().any(|flag| flag == allowance)
}

/// Deletes that rest on an unknown read.
fn unknown_reads(played: &Played<'_>) -> Option<String> {
    let doubts = played.plan()?["doubts"].as_array()?;
    let allowed = allows(played, "doubtful-deletes");
    let deletes = played.own_writes().any(is_delete);
    (!doubts.is_empty() && !allowed && deletes)
        .then(|| format!("a delete rests on a read that may be incomplete: {doubts:?}"))
}

/// Saves that were sent after a delete.
fn out_of_order(played: &Played<'_>) -> Option<String> {
    let mut sent: Vec<&Logged> = played.own_writes().collect();
    sent.sort_by_key(|logged| logged.request);
    let mut sent = sent.into_iter().skip_while(|logged| !is_delete(logged));
    sent.find(|logged| !is_delete(logged))
        .map(|logged| format!("#{} is a save that was sent after a delete", logged.order))
}

/// A saved plan that is applied to other links than it was made from.
fn stale(played: &Played<'_>) -> Option<String> {
    let approved = played.approved?;
    let disturbed = played.others().next().is_some();
    let differs = differs_from(approved, played, played.before);
    (!disturbed && differs && played.own_writes().next().is_some())
        .then(|| "a saved plan is applied to other links than it was made from".to_owned())
}

/// Links of a changed stock that were not as the plan says at the read right before the first write.
fn unnoticed(played: &Played<'_>) -> Option<String> {
    let (first, stood) = before_the_first_write(played)?;
    // A command that was killed shows no plan, and may have begun before others wrote.
    let plan = played.approved.or(played.plan())?;
    let changed = changed_stocks(plan);
    let mut wish = played.wish.iter().filter(|stock| changed.contains(&stock.id));
    wish.any(|stock| links_of(&stood, stock.id) != planned_links(plan, stock.id))
        .then(|| format!("#{first} is written though the links were not as the plan says"))
}

/// The place of the first write in the log, and the links at the read right before it; nothing when others wrote during
/// that read.
fn before_the_first_write(played: &Played<'_>) -> Option<(u64, Table)> {
    let first = played.own_writes().map(|logged| logged.order).min()?;
    let last_read = |list: &'static str| {
        let reads = played
            .own()
            .filter(move |logged| logged.method == "GET" && logged.order < first);
        reads
            .filter(|logged| logged.path.ends_with(list))
            .map(|logged| logged.order)
            .max()
    };
    // The lists may be read side by side.
    let (stocks, links) = (last_read("/inventory/stocks")?, last_read("/stock-source-links")?);
    let read = stocks.min(links)..=stocks.max(links);
    let disturbed = played.others().any(|other| read.contains(&other.order));
    (!disturbed).then(|| (first, table_of(played.before, played.log, links)))
}

/// Stocks that are written and were not stored as they stood right before. After an unknown read none can be.
fn not_kept(played: &Played<'_>) -> Option<String> {
    let (_, stood) = before_the_first_write(played)?;
    let Some(stored) = played.stored else {
        return Some("links are written, and what stood before is not stored".to_owned());
    };
    let doubts = played.plan().and_then(|plan| plan["doubts"].as_array());
    let may_lack = doubts.is_none_or(|doubts| !doubts.is_empty());
    let written = |id: i64| {
        let mut writes = played.own_writes().flat_map(|logged| &logged.links);
        writes.any(|link| link.stock_id == id)
    };
    let wrong =
        played
            .wish
            .iter()
            .find(|stock| match stored.iter().find(|stored| stored.id == stock.id) {
                Some(stored) => !stored.is_converged(&stood),
                None => written(stock.id) && !may_lack,
            })?;
    Some(format!(
        "`{}` is not stored as it stood before it was written",
        wrong.name
    ))
}

/// True if the links of an owned stock are other ones than a plan was made from.
fn differs_from(plan: &Value, played: &Played<'_>, table: &Table) -> bool {
    let mut wish = played.wish.iter();
    wish.any(|stock| links_of(table, stock.id) != planned_links(plan, stock.id))
}

fn links_of(table: &Table, id: i64) -> Table {
    let links = table.iter().filter(|((stock, _), _)| *stock == id);
    links.map(|(key, priority)| (key.clone(), *priority)).collect()
}

/// The links of a stock that the plan was made from.
fn planned_links(plan: &Value, id: i64) -> Table {
    let mut stocks = plan["stocks"].as_array().into_iter().flatten();
    let stock = stocks.find(|stock| stock["stock_id"] == id);
    let before = stock.and_then(|stock| stock["before"].as_array());
    let key = |link: &Value| {
        Some((
            (id, fold(link["source_code"].as_str()?)),
            link["priority"].as_i64()?,
        ))
    };
    before.into_iter().flatten().filter_map(key).collect()
}

/// Stocks that lose their last source by a delete of ours, when that is not what is wanted and allowed.
fn emptied(played: &Played<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    let links = |table: &Table, id: i64| table.keys().filter(|(stock, _)| *stock == id).count();
    let mut before = played.before.clone();
    for (logged, after) in played.moments() {
        let own = logged.request > Some(played.requests_before);
        for stock in played.wish {
            let lost = links(&before, stock.id) > 0 && links(&after, stock.id) == 0;
            let wants_none = match &stock.wanted {
                Wanted::Ordered(codes) => codes.is_empty(),
                Wanted::Explicit(links) => links.is_empty(),
            };
            let allowance = format!("empty-stock={}", stock.name);
            let is_allowed = wants_none && allows(played, &allowance);
            let disturbed = played
                .others()
                .any(|other| other.links.iter().any(|link| link.stock_id == stock.id));
            if own && lost && !is_allowed && !disturbed {
                wrong.push(format!(
                    "#{} leaves `{}` without a source",
                    logged.order, stock.name
                ));
            }
        }
        before = after;
    }
    wrong
}
