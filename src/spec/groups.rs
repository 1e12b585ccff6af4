//! Expands groups: the sources of a group stand where a list uses it.

use std::collections::HashMap;

use spanned_yaml::diag::{Diagnostic, Findings, Span, Spelling, did_you_mean, shown};

use super::draft::{Draft, DraftGroup, DraftLink, DraftStock};
use super::rules::{DUPLICATE_GROUP, DUPLICATE_LINK, GROUP_BUDGET, UNKNOWN_GROUP, UNUSED_GROUP};

/// The most links that the groups of a run may stand for together: as many as the largest file can list one by one.
const MOST_LINKS: usize = 1_500_000;

/// Puts the links of groups into the lists of the stocks, and reports groups that are defined twice, unknown, used twice in a
/// stock, or not used.
pub(super) fn expand(draft: &mut Draft, findings: &mut Findings) {
    let Draft {
        groups,
        stocks,
        unread,
        ..
    } = draft;
    let known = defined(groups, findings);
    let mut used = vec![false; groups.len()];
    let mut spelling = Spelling::default();
    let mut links_left = MOST_LINKS;
    for stock in stocks.iter_mut().filter(|stock| !stock.uses.is_empty()) {
        let mut seen: HashMap<usize, Span> = HashMap::new();
        let mut found: Vec<usize> = Vec::with_capacity(stock.uses.len());
        let title = stock.title();
        stock.uses.retain(|usage| {
            let Some(&at) = known.get(usage.name.as_str()) else {
                unread.links = true;
                if !unread.groups {
                    findings.push_with(UNKNOWN_GROUP.severity, || {
                        unknown(&usage.name, usage.span, groups, &mut spelling)
                    });
                }
                return false;
            };
            used[at] = true;
            if let Some(first) = seen.get(&at) {
                findings.push(twice(&usage.name, &title, *first, usage.span));
                return false;
            }
            seen.insert(at, usage.span);
            found.push(at);
            true
        });
        let members = found.iter().map(|at| groups[*at].members.len());
        let Some(left) = links_left.checked_sub(members.sum()) else {
            findings.push(over_budget(stock));
            unread.links = true;
            return;
        };
        links_left = left;
        insert(stock, found.iter().map(|at| &groups[*at]));
    }
    if !unread.links {
        // A second definition of a used name is an error already, not an unused group.
        let is_unused = |group: &&DraftGroup| known.get(group.name.as_str()).is_some_and(|at| !used[*at]);
        for group in groups.iter().filter(is_unused) {
            let message = format!("no stock uses the group `{}`", shown(&group.name));
            findings.push(UNUSED_GROUP.found(message).at(group.span, "defined here"));
        }
    }
}

/// The groups by name, each with its place in the list. Of two with one name the first counts.
fn defined<'a>(groups: &'a [DraftGroup], findings: &mut Findings) -> HashMap<&'a str, usize> {
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (at, group) in groups.iter().enumerate() {
        let Some(first) = known.get(group.name.as_str()).map(|first| groups[*first].span) else {
            known.insert(&group.name, at);
            continue;
        };
        // A key that stands twice in one file has been reported.
        if first.file != group.span.file {
            let message = format!("the group `{}` is defined in two files", shown(&group.name));
            let found = DUPLICATE_GROUP.found(message).at(group.span, "again here");
            findings.push(found.related(first, "first here"));
        }
    }
    known
}

/// Puts the links of the used groups into the list of a stock.
fn insert<'a>(stock: &mut DraftStock, groups: impl Iterator<Item = &'a DraftGroup>) {
    let mut own = std::mem::take(&mut stock.links).into_iter();
    let mut taken = 0;
    for (usage, group) in stock.uses.iter_mut().zip(groups) {
        let before = usage.links.start - taken;
        stock.links.extend(own.by_ref().take(before));
        taken += before;
        let start = stock.links.len();
        stock.links.extend(group.members.iter().map(|source| DraftLink {
            source: source.clone(),
            priority: None,
        }));
        usage.links = start..stock.links.len();
    }
    stock.links.extend(own);
}

fn unknown(name: &str, span: Span, groups: &[DraftGroup], spelling: &mut Spelling) -> Diagnostic {
    let found = UNKNOWN_GROUP
        .found(format!("the group `{}` is not defined", shown(name)))
        .at(span, "not under `groups`");
    match spelling.closest(name, groups.iter().map(|group| group.name.as_str())) {
        Some(likely) => found.help(did_you_mean(name, likely)),
        None => found.help("define it under `groups:` in a file of this run, or list the sources here"),
    }
}

fn twice(name: &str, stock: &str, first: Span, again: Span) -> Diagnostic {
    let message = format!("the group `{}` stands twice in the list of {stock}", shown(name));
    let found = DUPLICATE_LINK.found(message).at(again, "again here");
    found.related(first, "first here")
}

fn over_budget(stock: &DraftStock) -> Diagnostic {
    let message = format!(
        "the groups up to {} stand for more than 1,500,000 links",
        stock.title()
    );
    let found = GROUP_BUDGET.at(stock.span, message);
    found.help("name fewer files in a run, or use groups in fewer stocks")
}
