//! Looks up stocks and sources on one target, and reports those that it lacks.

use std::collections::{HashMap, HashSet};

use spanned_yaml::diag::{Diagnostic, Findings, Rule, Span, Spelling, did_you_mean, shown};

use super::rules::{AMBIGUOUS_STOCK, DISABLED_SOURCE, MISSING_SOURCE, UNKNOWN_SOURCE, UNKNOWN_STOCK};
use crate::model::{DEFAULT_STOCK, LiveState, Source, SourceCode, Stock, StockName};
use crate::spec::rules::DEFAULT_STOCK as DEFAULT_STOCK_RULE;
use crate::spec::{WantedSource, WantedStock};

/// Indexes a target's stocks and sources by key. Missing ones are reported.
pub(super) struct Lookup<'a> {
    /// Stocks by name. The server checks for a taken name before it saves, so a race can create two stocks of one name.
    stocks: HashMap<&'a StockName, Vec<&'a Stock>>,
    sources: HashMap<&'a SourceCode, &'a Source>,
    spelling: Spelling,
    /// The places of missing sources. A group names a source once for all stocks that use it.
    missing: HashSet<Span>,
    /// Errors: the file does not fit the target.
    pub errors: Findings,
    /// Warnings, which do not stop a plan.
    pub warnings: Findings,
}

impl<'a> Lookup<'a> {
    /// Indexes the live state.
    pub(super) fn new(live: &'a LiveState) -> Self {
        let mut stocks: HashMap<&StockName, Vec<&Stock>> = HashMap::with_capacity(live.stocks.len());
        for stock in &live.stocks {
            stocks.entry(&stock.name).or_default().push(stock);
        }
        Self {
            stocks,
            sources: live.sources.iter().map(|source| (&source.code, source)).collect(),
            spelling: Spelling::default(),
            missing: HashSet::new(),
            errors: Findings::default(),
            warnings: Findings::default(),
        }
    }

    /// The target's stock with the wanted name. Reports a missing, ambiguous or unmanageable one.
    pub(super) fn stock(&mut self, wanted: &WantedStock) -> Option<&'a Stock> {
        let error = match self.stocks.get(&wanted.name).map(Vec::as_slice) {
            Some([stock]) if stock.id == DEFAULT_STOCK => default_stock(wanted),
            Some([stock]) => return Some(stock),
            Some(several @ [_, ..]) => ambiguous_stock(wanted, several),
            Some([]) | None => self.unknown_stock(wanted),
        };
        self.errors.push(error);
        None
    }

    /// The target's source that a stock's list names. Reports a missing or disabled one.
    pub(super) fn source(&mut self, wanted: &WantedSource, stock: &StockName) -> Option<&'a Source> {
        let Some(found) = self.sources.get(&wanted.code) else {
            if !self.missing.insert(wanted.span) {
                return None;
            }
            self.errors.push_with(UNKNOWN_SOURCE.severity, || {
                unknown_source(UNKNOWN_SOURCE, wanted, &self.sources, &mut self.spelling)
            });
            return None;
        };
        if !found.enabled {
            self.warnings
                .push_with(DISABLED_SOURCE.severity, || disabled_source(wanted, stock));
        }
        Some(found)
    }

    /// Warns of a declared source that the target lacks.
    pub(super) fn declared(&mut self, source: &WantedSource) {
        if !self.sources.contains_key(&source.code) {
            self.warnings.push_with(MISSING_SOURCE.severity, || {
                unknown_source(MISSING_SOURCE, source, &self.sources, &mut self.spelling)
            });
        }
    }

    fn unknown_stock(&mut self, wanted: &WantedStock) -> Diagnostic {
        let known = || {
            self.stocks
                .values()
                .flatten()
                .filter(|stock| stock.id != DEFAULT_STOCK)
        };
        let names = known().map(|stock| stock.name.as_str());
        let likely = self.spelling.closest(wanted.name.as_str(), names);
        let found = UNKNOWN_STOCK
            .found(format!(
                "the target has no stock named `{}`",
                shown(wanted.name.as_str())
            ))
            .at(wanted.span, "not on the target");
        match likely {
            Some(name) => found.help(did_you_mean(wanted.name.as_str(), name)),
            None => found.help("create the stock in Admin first; stocktake manages links, not stocks"),
        }
    }
}

fn unknown_source(
    rule: Rule,
    wanted: &WantedSource,
    sources: &HashMap<&SourceCode, &Source>,
    spelling: &mut Spelling,
) -> Diagnostic {
    let codes = sources.values().map(|source| source.code.as_str());
    let found = rule
        .found(format!(
            "the target has no source `{}`",
            shown(wanted.code.as_str())
        ))
        .at(wanted.span, "not on the target");
    match spelling.closest(wanted.code.as_str(), codes) {
        Some(code) => found.help(did_you_mean(wanted.code.as_str(), code)),
        None => found.help("create the source in Admin first; stocktake manages links, not sources"),
    }
}

fn default_stock(wanted: &WantedStock) -> Diagnostic {
    DEFAULT_STOCK_RULE
        .found(format!(
            "`{}` is the target's Default Stock, whose links cannot be changed",
            shown(wanted.name.as_str())
        ))
        .at(wanted.span, "stock 1 on the target")
        .help("take the stock out of the file; the server serves it from the default source alone")
}

fn ambiguous_stock(wanted: &WantedStock, several: &[&Stock]) -> Diagnostic {
    let ids: Vec<String> = several.iter().map(|stock| stock.id.to_string()).collect();
    AMBIGUOUS_STOCK
        .found(format!(
            "the target has {} stocks named `{}`: {}",
            several.len(),
            shown(wanted.name.as_str()),
            ids.join(", ")
        ))
        .at(wanted.span, "which of them?")
        .help("give each stock a name of its own in Admin")
}

fn disabled_source(source: &WantedSource, stock: &StockName) -> Diagnostic {
    DISABLED_SOURCE
        .found(format!(
            "source `{}` is disabled on the target and serves nothing in `{}`",
            shown(source.code.as_str()),
            shown(stock.as_str())
        ))
        .at(source.span, "disabled")
}
