//! Resolves names to the target's ids and spellings.

use std::collections::HashSet;

use spanned_yaml::diag::{Diagnostic, Span};

use super::lookup::Lookup;
use super::scope::StockScope;
use crate::model::{LiveState, Priority, Source, SourceCode, Stock};
use crate::spec::{Spec, WantedLinks, WantedSource, WantedStock};

/// The wanted topology, resolved against one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved<'a> {
    /// The owned stocks, in the order of the files.
    pub stocks: Vec<ResolvedStock<'a>>,
    /// Warnings, which do not stop a plan.
    pub warnings: Vec<Diagnostic>,
}

/// An owned stock that exists on the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedStock<'a> {
    /// The stock on the target.
    pub live: &'a Stock,
    /// The place in the file.
    pub span: Span,
    /// The wanted links, in the order of the list or by explicit priority.
    pub links: Vec<ResolvedLink<'a>>,
    /// The explicit priority of each link; `None` if the file gives only the order.
    pub numbers: Option<Vec<Priority>>,
}

/// A wanted link whose source exists on the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedLink<'a> {
    /// The source on the target.
    pub source: &'a Source,
    /// The place in the file.
    pub span: Span,
}

/// Looks up every wanted stock in the scope, and its sources, on the target. Reports everything that is missing together.
/// Declared sources that serve no stock are looked up only if the scope is all stocks.
pub fn resolve<'a>(
    spec: &Spec,
    scope: &StockScope,
    live: &'a LiveState,
) -> Result<Resolved<'a>, Vec<Diagnostic>> {
    let mut lookup = Lookup::new(live);
    if scope.is_whole() {
        missing_declarations(spec, &mut lookup);
    }
    let mut stocks = Vec::with_capacity(spec.stocks.len());
    for wanted in spec.stocks.iter().filter(|wanted| scope.covers(&wanted.name)) {
        if let Some(live) = lookup.stock(wanted) {
            stocks.push(resolved(wanted, live, &mut lookup));
        }
    }
    if lookup.errors.any_error() {
        return Err(lookup.errors.sorted());
    }
    Ok(Resolved {
        stocks,
        warnings: lookup.warnings.sorted(),
    })
}

fn resolved<'a>(wanted: &WantedStock, live: &'a Stock, lookup: &mut Lookup<'a>) -> ResolvedStock<'a> {
    let mut link = |wanted_source: &WantedSource| {
        Some(ResolvedLink {
            source: lookup.source(wanted_source, &wanted.name)?,
            span: wanted_source.span,
        })
    };
    let (links, numbers) = match &wanted.links {
        WantedLinks::Ordered(sources) => (sources.iter().filter_map(link).collect(), None),
        WantedLinks::Explicit(sources) => {
            let found = sources
                .iter()
                .filter_map(|(source, number)| Some((*number, link(source)?)));
            let mut found: Vec<(Priority, ResolvedLink<'a>)> = found.collect();
            found.sort_by_key(|(number, _)| *number);
            let (numbers, links) = found.into_iter().unzip();
            (links, Some(numbers))
        }
    };
    ResolvedStock {
        live,
        span: wanted.span,
        links,
        numbers,
    }
}

/// Warns of declared sources that serve no stock and do not exist. Sources that serve a stock are looked up there.
fn missing_declarations(spec: &Spec, lookup: &mut Lookup<'_>) {
    let used: HashSet<&SourceCode> = spec.stocks.iter().flat_map(|stock| codes(&stock.links)).collect();
    for source in spec.sources.iter().flatten() {
        if !used.contains(&source.code) {
            lookup.declared(&WantedSource {
                code: source.code.clone(),
                span: source.span,
            });
        }
    }
}

fn codes(links: &WantedLinks) -> impl Iterator<Item = &SourceCode> {
    links.numbered().map(|(source, _)| &source.code)
}

#[cfg(test)]
mod tests {
    use super::{StockScope, resolve};
    use crate::model::{DEFAULT_STOCK, LiveState, Source, SourceCode, Stock, StockId, StockName};
    use crate::spec::{DeclaredSource, Spec, WantedLinks, WantedSource, WantedStock};
    use spanned_yaml::diag::{FileId, Span};

    const SPAN: Span = Span {
        file: FileId(0),
        start: 0,
        end: 0,
    };

    fn stock(id: StockId, name: &str) -> Stock {
        Stock {
            id,
            name: StockName::from_server(name),
            channels: Vec::new(),
        }
    }

    fn shop() -> LiveState {
        LiveState {
            stocks: vec![
                stock(DEFAULT_STOCK, "Main Stock"),
                stock(StockId(2), "Europe Stock"),
                stock(StockId(3), "Outlet"),
                stock(StockId(4), "OUTLET"),
            ],
            sources: vec![Source {
                code: SourceCode::from_server("leipzig"),
                name: "Leipzig Lager".to_owned(),
                enabled: false,
            }],
            ..LiveState::default()
        }
    }

    fn file(stock: &str, source: &str) -> Spec {
        let source = WantedSource {
            code: SourceCode::from_server(source),
            span: SPAN,
        };
        Spec {
            sources: None,
            stocks: vec![WantedStock {
                name: StockName::from_server(stock),
                span: SPAN,
                links: WantedLinks::Ordered(vec![source]),
            }],
        }
    }

    fn refusal(stock: &str, source: &str) -> (&'static str, String, Vec<String>) {
        let found = resolve(&file(stock, source), &StockScope::default(), &shop())
            .unwrap_err()
            .remove(0);
        (found.rule, found.message, found.help)
    }

    #[test]
    fn what_the_target_lacks_is_named_with_the_likely_spelling() {
        let (rule, message, help) = refusal("Europe Stok", "leipzig");
        assert_eq!(
            (rule, message.as_str()),
            ("unknown-stock", "the target has no stock named `Europe Stok`")
        );
        assert_eq!(help, ["did you mean `Europe Stock`?"]);
        let (rule, message, help) = refusal("Europe Stock", "leipzg");
        assert_eq!(
            (rule, message.as_str()),
            ("unknown-source", "the target has no source `leipzg`")
        );
        assert_eq!(help, ["did you mean `leipzig`?"]);
    }

    #[test]
    fn the_default_stock_is_known_by_its_id() {
        assert_eq!(refusal("main stock", "leipzig").0, "default-stock");
    }

    #[test]
    fn of_two_stocks_of_one_name_none_is_taken() {
        let (rule, message, _) = refusal("outlet", "leipzig");
        assert_eq!(rule, "ambiguous-stock");
        assert_eq!(message, "the target has 2 stocks named `outlet`: 3, 4");
    }

    /// Mistakes against a large shop: the comparison of each with every source would take minutes.
    #[test]
    fn likely_spellings_are_looked_for_within_a_budget() {
        let source = |number: usize| Source {
            code: SourceCode::from_server(&format!("source_{number}")),
            name: String::new(),
            enabled: true,
        };
        let live = LiveState {
            stocks: vec![stock(StockId(2), "Europe Stock")],
            sources: (0..20_000).map(source).collect(),
            ..LiveState::default()
        };
        let wanted = |number: u32| WantedSource {
            code: SourceCode::from_server(&format!("sorce_{number}")),
            span: Span {
                start: number,
                ..SPAN
            },
        };
        let mut spec = file("Europe Stock", "");
        spec.stocks[0].links = WantedLinks::Ordered((0..60_000).map(wanted).collect());
        let found = resolve(&spec, &StockScope::default(), &live).unwrap_err();
        let with_help = found
            .iter()
            .filter(|found| found.help.iter().any(|help| help.starts_with("did you mean")));
        assert_eq!((found.len(), with_help.count()), (1_001, 10));
        assert_eq!(found[0].help, ["did you mean `source_0`?"]);
        assert_eq!(found[1_000].rule, "more-errors");
    }

    #[test]
    fn a_declared_source_that_the_target_lacks_is_warned_of() {
        let mut spec = file("Europe Stock", "leipzig");
        let declared = |code: &str| DeclaredSource {
            code: SourceCode::from_server(code),
            span: SPAN,
            name: None,
        };
        spec.sources = Some(vec![declared("leipzig"), declared("leipzg")]);
        let shop = shop();
        let warnings = resolve(&spec, &StockScope::default(), &shop).unwrap().warnings;
        let rules: Vec<_> = warnings.iter().map(|found| found.rule).collect();
        assert_eq!(rules, ["missing-source", "disabled-source"]);
        assert_eq!(warnings[0].help, ["did you mean `leipzig`?"]);
    }

    #[test]
    fn a_disabled_source_is_warned_of() {
        let shop = shop();
        let resolved = resolve(&file("EUROPE STOCK", "Leipzig"), &StockScope::default(), &shop).unwrap();
        assert_eq!(resolved.stocks[0].live.id, StockId(2));
        assert_eq!(resolved.warnings[0].rule, "disabled-source");
    }
}
