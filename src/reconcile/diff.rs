//! Compares one stock's wanted with its live links, with as few moves as possible.

use std::collections::{HashMap, HashSet};

use spanned_yaml::diag::InputFiles;

use super::change::{BlockedLink, Change, MoveKind, RankedLink, Reorder, StockPlan};
use super::fingerprint::links_digest;
use super::rank::{TooManyLinks, assign};
use super::reorder::reordered;
use super::resolve::ResolvedStock;
use crate::model::{DEFAULT_SOURCE, DEFAULT_STOCK, Link, LiveState, Priority, SourceCode, count};

/// Compares one owned stock with its live links. `enabled` holds the enabled sources of the target.
pub(super) fn diff(
    stock: &ResolvedStock<'_>,
    live: &LiveState,
    enabled: &HashSet<&SourceCode>,
    files: &InputFiles,
) -> Result<StockPlan, TooManyLinks> {
    let links = live.links_of(stock.live.id);
    let by_code: HashMap<&SourceCode, &Link> = links.iter().map(|link| (&link.source, link)).collect();
    let matched: Vec<Option<&Link>> = stock
        .links
        .iter()
        .map(|wanted| by_code.get(&wanted.source.code).copied())
        .collect();
    let priorities: Vec<Option<u16>> = matched
        .iter()
        .map(|link| link.map(|link| link.priority))
        .collect();
    let numbers = numbers(stock, &priorities)?;
    let reordered = reordered(&priorities, &numbers);
    let (blocked, gone) = unwanted(stock, links);
    let changes = changes(stock, &matched, &numbers, &reordered, &gone, files);
    let mut plan = StockPlan {
        stock_id: stock.live.id,
        name: stock.live.name.clone(),
        place: files.place(stock.span),
        protected: false,
        live_sha256: links_digest(links),
        live_links: count(links.len()),
        wanted_links: count(stock.links.len()),
        before: rank(links.iter().map(|link| (&link.source, link.priority)), enabled),
        after: Vec::new(),
        changes,
        reorders: Vec::new(),
        blocked: blocked.into_iter().map(blocked_link).collect(),
    };
    if !plan.in_sync() {
        let wanted = stock
            .links
            .iter()
            .zip(&matched)
            .zip(&numbers)
            .map(|((wanted, link), number)| (link.map_or(&wanted.source.code, |link| &link.source), *number));
        let staying = plan.blocked.iter().map(|link| (&link.source_code, link.priority));
        plan.after = rank(wanted.chain(staying), enabled);
        let moved = matched.iter().zip(&numbers).zip(&reordered);
        let moved = moved.filter_map(|((link, number), reordered)| {
            let link = link.filter(|_| *reordered)?;
            Some((&link.source, link.priority != *number))
        });
        plan.reorders = reorders(moved.collect(), &plan.before, &plan.after);
    }
    Ok(plan)
}

/// The reordered sources, each with whether its priority is written, by their place after the plan.
fn reorders(moved: Vec<(&SourceCode, bool)>, before: &[RankedLink], after: &[RankedLink]) -> Vec<Reorder> {
    if moved.is_empty() {
        return Vec::new();
    }
    let (from, to) = (places(before), places(after));
    let reorders = moved.into_iter().filter_map(|(source_code, written)| {
        Some(Reorder {
            source_code: source_code.clone(),
            from_place: *from.get(source_code)?,
            to_place: *to.get(source_code)?,
            written,
        })
    });
    reorders.collect()
}

/// The rank of each source.
fn places(links: &[RankedLink]) -> HashMap<&SourceCode, u32> {
    links.iter().map(|link| (&link.source_code, link.rank)).collect()
}

/// The priority of each wanted link: explicit in the file, or assigned by the order of the list.
fn numbers(stock: &ResolvedStock<'_>, live: &[Option<u16>]) -> Result<Vec<u16>, TooManyLinks> {
    match &stock.numbers {
        Some(numbers) => Ok(numbers.iter().map(|number| number.number()).collect()),
        None => assign(live, Priority::MAX),
    }
}

/// The live links that the file does not want, split into those the server refuses to delete and the deletable ones.
fn unwanted<'a>(stock: &ResolvedStock<'_>, links: &'a [Link]) -> (Vec<&'a Link>, Vec<&'a Link>) {
    let wanted: HashSet<&SourceCode> = stock.links.iter().map(|link| &link.source.code).collect();
    links
        .iter()
        .filter(|link| !wanted.contains(&link.source))
        .partition(|link| is_blocked(link))
}

/// True if the server refuses to delete the link: exactly `default` in a custom stock (recording 04). Links with another
/// spelling of it can be deleted.
fn is_blocked(link: &Link) -> bool {
    link.stock != DEFAULT_STOCK && link.source.as_str() == DEFAULT_SOURCE
}

fn blocked_link(link: &Link) -> BlockedLink {
    BlockedLink {
        source_code: link.source.clone(),
        priority: link.priority,
        reason: "the server refuses to delete a link of the default source".to_owned(),
    }
}

/// Deletes first, so that readers see them, then creates and moves by their new priority.
fn changes(
    stock: &ResolvedStock<'_>,
    matched: &[Option<&Link>],
    numbers: &[u16],
    reordered: &[bool],
    gone: &[&Link],
    files: &InputFiles,
) -> Vec<Change> {
    let deletes = gone.iter().map(|link| Change::Delete {
        source_code: link.source.clone(),
        before: link.priority,
        place: files.place(stock.span),
    });
    let upserts = stock
        .links
        .iter()
        .zip(matched)
        .zip(numbers)
        .zip(reordered)
        .filter_map(|(((wanted, link), &number), &reordered)| match link {
            None => Some(Change::Create {
                source_code: wanted.source.code.clone(),
                priority: number,
                place: files.place(wanted.span),
            }),
            Some(link) if link.priority == number => None,
            Some(link) => Some(Change::Move {
                source_code: link.source.clone(),
                before: link.priority,
                after: number,
                kind: if reordered {
                    MoveKind::Reorder
                } else {
                    MoveKind::Renumber
                },
                place: files.place(wanted.span),
            }),
        });
    deletes.chain(upserts).collect()
}

/// Ranks links by priority. Links of equal priority share a rank and are sorted by code.
fn rank<'a>(
    links: impl Iterator<Item = (&'a SourceCode, u16)>,
    enabled: &HashSet<&SourceCode>,
) -> Vec<RankedLink> {
    let mut links: Vec<(u16, &SourceCode)> = links.map(|(code, priority)| (priority, code)).collect();
    links.sort();
    let mut ranked: Vec<RankedLink> = Vec::with_capacity(links.len());
    for (at, (priority, code)) in links.into_iter().enumerate() {
        let rank = match ranked.last() {
            Some(above) if above.priority == priority => above.rank,
            _ => count(at + 1),
        };
        ranked.push(RankedLink {
            rank,
            source_code: code.clone(),
            priority,
            enabled: enabled.contains(code),
        });
    }
    ranked
}
