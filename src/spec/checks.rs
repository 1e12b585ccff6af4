//! Checks across an inventory: one function per rule.

use std::collections::{HashMap, HashSet};

use mysql_collation::fold;
use spanned_yaml::diag::{
    Diagnostic, Findings, Span, Spelling, did_you_mean, differences, look, look_alike, shown,
};

use super::draft::{Draft, DraftStock};
use super::duplicates::{Mention, duplicates};
use super::rules::{
    DEFAULT_SOURCE, DEFAULT_STOCK, DUPLICATE_LINK, DUPLICATE_SOURCE, DUPLICATE_STOCK, EQUAL_PRIORITIES,
    LOOK_ALIKE, TOO_MANY_LINKS, UNDECLARED_SOURCE, UNUSED_SOURCE,
};
use super::wanted::{DeclaredSource, WantedSource};
use crate::model::{
    DEFAULT_SOURCE as DEFAULT_SOURCE_CODE, DEFAULT_STOCK_NAME, Priority, SourceCode, StockName,
};

/// A check of the whole inventory; it reports its findings.
pub type Check = fn(&Draft, &mut Findings);

/// All checks.
pub const CHECKS: &[Check] = &[
    duplicate_sources,
    duplicate_stocks,
    duplicate_links,
    default_stock,
    default_source,
    undeclared_sources,
    too_many_links,
    equal_priorities,
    unused_sources,
    look_alikes,
];

fn duplicate_sources(draft: &Draft, findings: &mut Findings) {
    let sources = draft.sources.iter();
    let sources = sources.map(|source| (&source.code, Mention::at(source.span)));
    duplicates(sources, |duplicate| {
        findings.push(duplicate.found(&DUPLICATE_SOURCE, "source", "is declared twice"));
    });
}

fn duplicate_stocks(draft: &Draft, findings: &mut Findings) {
    let names = draft.names().map(|(name, span)| (name, Mention::at(span)));
    duplicates(names, |duplicate| {
        findings.push(duplicate.found(&DUPLICATE_STOCK, "stock", "is listed twice"));
    });
}

fn duplicate_links(draft: &Draft, findings: &mut Findings) {
    for stock in &draft.stocks {
        duplicates(stock.mentions(), |duplicate| {
            let what = format!("is linked twice to {}", stock.title());
            findings.push(duplicate.found(&DUPLICATE_LINK, "source", &what));
        });
    }
}

fn default_stock(draft: &Draft, findings: &mut Findings) {
    for stock in draft.stocks.iter().filter(|stock| is_default(stock)) {
        let message = "the Default Stock cannot be managed: its links never change";
        let found = DEFAULT_STOCK.at(stock.span, message);
        findings.push(found.help("take it out of the file; the default source alone serves it"));
    }
}

fn is_default(stock: &DraftStock) -> bool {
    let name = stock.name.as_ref();
    name.is_some_and(|name| *name == StockName::from_server(DEFAULT_STOCK_NAME))
}

fn default_source(draft: &Draft, findings: &mut Findings) {
    let default = SourceCode::from_server(DEFAULT_SOURCE_CODE);
    let mut reported: HashSet<Span> = HashSet::new();
    for stock in draft.stocks.iter().filter(|stock| !is_default(stock)) {
        let links = stock.links.iter().filter(|link| link.source.code == default);
        // A group that holds it is wrong once, however often it is used.
        for link in links.filter(|link| reported.insert(link.source.span)) {
            let message = format!(
                "the source `{}` cannot serve {}: it belongs to the Default Stock alone",
                shown(link.source.code.as_str()),
                stock.title()
            );
            let found = DEFAULT_SOURCE.at(link.source.span, message);
            findings.push(found.help("take it out of the list"));
        }
    }
}

fn undeclared_sources(draft: &Draft, findings: &mut Findings) {
    if !draft.closed || draft.unread.sources {
        return;
    }
    let declared: HashSet<&SourceCode> = draft.sources.iter().map(|source| &source.code).collect();
    let default = SourceCode::from_server(DEFAULT_SOURCE_CODE);
    let mut spelling = Spelling::default();
    let mut reported: HashSet<Span> = HashSet::new();
    for source in draft.named() {
        // The default source is refused whether declared or not.
        if declared.contains(&source.code) || source.code == default || !reported.insert(source.span) {
            continue;
        }
        findings.push_with(UNDECLARED_SOURCE.severity, || {
            undeclared_source(source, &draft.sources, &mut spelling)
        });
    }
}

fn undeclared_source(
    source: &WantedSource,
    candidates: &[DeclaredSource],
    spelling: &mut Spelling,
) -> Diagnostic {
    let code = source.code.as_str();
    let found = UNDECLARED_SOURCE
        .found(format!("the source `{}` is not declared", shown(code)))
        .at(source.span, "not under `sources`");
    match spelling.closest(code, candidates.iter().map(|source| source.code.as_str())) {
        Some(likely) => found.help(did_you_mean(code, likely)),
        None => found.help("declare it under `sources`, or link another"),
    }
}

fn too_many_links(draft: &Draft, findings: &mut Findings) {
    let most = usize::from(Priority::MAX);
    for stock in draft.stocks.iter().filter(|stock| stock.links.len() > most) {
        let message = format!(
            "{} has {} links; there are no more than {most} priorities to give",
            stock.title(),
            stock.links.len()
        );
        findings.push(TOO_MANY_LINKS.at(stock.span, message));
    }
}

fn equal_priorities(draft: &Draft, findings: &mut Findings) {
    for stock in &draft.stocks {
        let mut first: HashMap<Priority, Span> = HashMap::new();
        for link in &stock.links {
            let Some(priority) = link.priority else { continue };
            let span = link.source.span;
            if let Some(before) = first.get(&priority) {
                let message = format!("two links of {} have the priority {priority}", stock.title());
                findings.push(
                    EQUAL_PRIORITIES
                        .at(span, message)
                        .related(*before, "the first one")
                        .help("which of them ships first is for the shop to choose"),
                );
            } else {
                first.insert(priority, span);
            }
        }
    }
}

fn unused_sources(draft: &Draft, findings: &mut Findings) {
    if draft.unread.sources || draft.unread.links || draft.sources.is_empty() {
        return;
    }
    let used: HashSet<&SourceCode> = draft.links().map(|link| &link.source.code).collect();
    for source in draft.sources.iter().filter(|source| !used.contains(&source.code)) {
        let message = format!("the source `{}` serves no stock", shown(source.code.as_str()));
        findings.push(UNUSED_SOURCE.found(message).at(source.span, "declared here"));
    }
}

/// Names and codes of the files that look the same and are not: at least one of two has a character that a reader takes for
/// another.
fn look_alikes(draft: &Draft, findings: &mut Findings) {
    let names = draft.names().map(|(name, span)| (name.as_str(), span));
    look_alikes_among("stock", names, findings);
    let groups = draft.groups.iter().map(|group| (group.name.as_str(), group.span));
    look_alikes_among("group", groups, findings);
    let declared = draft
        .sources
        .iter()
        .map(|source| (source.code.as_str(), source.span));
    let linked = draft.named().map(|source| (source.code.as_str(), source.span));
    look_alikes_among("source", declared.chain(linked), findings);
}

fn look_alikes_among<'a>(
    noun: &str,
    words: impl Iterator<Item = (&'a str, Span)> + Clone,
    findings: &mut Findings,
) {
    if words.clone().all(|(word, _)| word.is_ascii()) {
        return;
    }
    let mut seen: HashSet<&str> = HashSet::new();
    let mut first: HashMap<String, (&str, Span)> = HashMap::new();
    for (word, span) in words.filter(|(word, _)| seen.insert(word)) {
        let (other, before) = *first.entry(look(word)).or_insert((word, span));
        if look_alike(word, other) && fold(word) != fold(other) {
            let message = format!("the {noun} `{}` looks like another and is not", shown(word));
            let found = LOOK_ALIKE.at(span, message).related(before, "the other one");
            findings.push(found.help(differences(word, other)));
        }
    }
}
