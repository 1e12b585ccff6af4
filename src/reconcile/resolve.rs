//! From names to this target's ids and spellings: each wanted stock and source is looked up in the live state.

use std::collections::HashMap;

use crate::diag::{Diagnostic, Label, Severity, Span, closest};
use crate::model::{DEFAULT_STOCK, LiveState, Source, SourceCode, Stock, StockName};
use crate::spec::{Spec, WantedLinks, WantedSource, WantedStock};

/// The wanted topology in the terms of one target, with what a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved<'a> {
    /// The owned stocks, in the order of the files.
    pub stocks: Vec<ResolvedStock<'a>>,
    /// Findings that do not stop a plan.
    pub warnings: Vec<Diagnostic>,
}

/// An owned stock that exists on the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedStock<'a> {
    /// The stock on the target.
    pub live: &'a Stock,
    /// Where the file names it.
    pub span: Span,
    /// The wanted links, in the wanted order: the list's, or by number.
    pub links: Vec<ResolvedLink<'a>>,
    /// Whether the file gives the order and leaves the numbers to us.
    pub ordered: bool,
}

/// A wanted link whose source exists on the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedLink<'a> {
    /// The source on the target.
    pub source: &'a Source,
    /// Where the file names it.
    pub span: Span,
    /// The number that the file asks for; `None` in an ordered list.
    pub priority: Option<u16>,
}

/// Looks every wanted stock and source up on the target; all that is missing is reported together.
pub fn resolve<'a>(spec: &Spec, live: &'a LiveState) -> Result<Resolved<'a>, Vec<Diagnostic>> {
    let lookup = Lookup::new(live);
    let mut errors = Vec::new();
    let mut warnings = lookup.missing_declarations(spec);
    let mut stocks = Vec::with_capacity(spec.stocks.len());
    for wanted in &spec.stocks {
        match lookup.stock(wanted) {
            Ok(stock) => stocks.push(lookup.links(wanted, stock, &mut errors, &mut warnings)),
            Err(error) => errors.push(*error),
        }
    }
    if errors.is_empty() {
        Ok(Resolved { stocks, warnings })
    } else {
        Err(errors)
    }
}

struct Lookup<'a> {
    /// By name: the server looks for a taken name before it saves a stock, so that a race can make two of one name.
    stocks: HashMap<&'a StockName, Vec<&'a Stock>>,
    sources: HashMap<&'a SourceCode, &'a Source>,
}

impl<'a> Lookup<'a> {
    fn new(live: &'a LiveState) -> Self {
        let mut stocks: HashMap<&StockName, Vec<&Stock>> = HashMap::with_capacity(live.stocks.len());
        for stock in &live.stocks {
            stocks.entry(&stock.name).or_default().push(stock);
        }
        Self {
            stocks,
            sources: live.sources.iter().map(|source| (&source.code, source)).collect(),
        }
    }

    fn stock(&self, wanted: &WantedStock) -> Result<&'a Stock, Box<Diagnostic>> {
        match self.stocks.get(&wanted.name).map(Vec::as_slice) {
            Some([stock]) if stock.id == DEFAULT_STOCK => Err(Box::new(default_stock(wanted))),
            Some([stock]) => Ok(stock),
            Some(several @ [_, ..]) => Err(Box::new(ambiguous_stock(wanted, several))),
            Some([]) | None => Err(Box::new(self.unknown_stock(wanted))),
        }
    }

    fn links(
        &self,
        wanted: &WantedStock,
        live: &'a Stock,
        errors: &mut Vec<Diagnostic>,
        warnings: &mut Vec<Diagnostic>,
    ) -> ResolvedStock<'a> {
        let mut links = Vec::new();
        for (source, priority) in wanted_links(&wanted.links) {
            match self.sources.get(&source.code) {
                Some(found) => {
                    if !found.enabled {
                        warnings.push(disabled_source(source, &wanted.name));
                    }
                    links.push(ResolvedLink {
                        source: found,
                        span: source.span,
                        priority,
                    });
                }
                None => errors.push(self.unknown_source(source, Severity::Error)),
            }
        }
        let ordered = matches!(wanted.links, WantedLinks::Ordered(_));
        links.sort_by_key(|link| link.priority);
        ResolvedStock {
            live,
            span: wanted.span,
            links,
            ordered,
        }
    }

    fn missing_declarations(&self, spec: &Spec) -> Vec<Diagnostic> {
        let declared = spec.sources.iter().flatten();
        let used: std::collections::HashSet<&SourceCode> = spec
            .stocks
            .iter()
            .flat_map(|stock| wanted_links(&stock.links))
            .map(|(source, _)| &source.code)
            .collect();
        declared
            .filter(|source| !self.sources.contains_key(&source.code) && !used.contains(&source.code))
            .map(|source| {
                let named = WantedSource {
                    code: source.code.clone(),
                    span: source.span,
                };
                self.unknown_source(&named, Severity::Warning)
            })
            .collect()
    }

    fn unknown_stock(&self, wanted: &WantedStock) -> Diagnostic {
        let names = self
            .stocks
            .values()
            .flatten()
            .filter(|stock| stock.id != DEFAULT_STOCK)
            .map(|stock| stock.name.as_str());
        Diagnostic {
            rule: "unknown-stock",
            severity: Severity::Error,
            message: format!("the target has no stock named `{}`", wanted.name),
            at: Some(Label {
                span: wanted.span,
                text: "not on the target".to_owned(),
            }),
            related: Vec::new(),
            help: closest(wanted.name.as_str(), names).map_or_else(
                || vec!["create the stock in Admin first; stocktake manages links, not stocks".to_owned()],
                |name| vec![format!("did you mean `{name}`?")],
            ),
        }
    }

    fn unknown_source(&self, wanted: &WantedSource, severity: Severity) -> Diagnostic {
        let codes = self.sources.values().map(|source| source.code.as_str());
        Diagnostic {
            rule: "unknown-source",
            severity,
            message: format!("the target has no source `{}`", wanted.code),
            at: Some(Label {
                span: wanted.span,
                text: "not on the target".to_owned(),
            }),
            related: Vec::new(),
            help: closest(wanted.code.as_str(), codes).map_or_else(
                || vec!["create the source in Admin first; stocktake manages links, not sources".to_owned()],
                |code| vec![format!("did you mean `{code}`?")],
            ),
        }
    }
}

fn wanted_links(links: &WantedLinks) -> Box<dyn Iterator<Item = (&WantedSource, Option<u16>)> + '_> {
    match links {
        WantedLinks::Ordered(sources) => Box::new(sources.iter().map(|source| (source, None))),
        WantedLinks::Explicit(sources) => Box::new(
            sources
                .iter()
                .map(|(source, priority)| (source, Some(priority.number()))),
        ),
    }
}

fn default_stock(wanted: &WantedStock) -> Diagnostic {
    Diagnostic {
        rule: "default-stock",
        severity: Severity::Error,
        message: format!(
            "`{}` is the target's Default Stock, whose links cannot be changed",
            wanted.name
        ),
        at: Some(Label {
            span: wanted.span,
            text: "stock 1 on the target".to_owned(),
        }),
        related: Vec::new(),
        help: vec![
            "take the stock out of the file; the server serves it from the default source alone".to_owned(),
        ],
    }
}

fn ambiguous_stock(wanted: &WantedStock, several: &[&Stock]) -> Diagnostic {
    let ids: Vec<String> = several.iter().map(|stock| stock.id.to_string()).collect();
    Diagnostic {
        rule: "ambiguous-stock",
        severity: Severity::Error,
        message: format!(
            "the target has {} stocks named `{}`: {}",
            several.len(),
            wanted.name,
            ids.join(", ")
        ),
        at: Some(Label {
            span: wanted.span,
            text: "which of them?".to_owned(),
        }),
        related: Vec::new(),
        help: vec!["give each stock a name of its own in Admin".to_owned()],
    }
}

fn disabled_source(source: &WantedSource, stock: &StockName) -> Diagnostic {
    Diagnostic {
        rule: "disabled-source",
        severity: Severity::Warning,
        message: format!(
            "source `{}` is disabled on the target and serves nothing in `{stock}`",
            source.code
        ),
        at: Some(Label {
            span: source.span,
            text: "disabled".to_owned(),
        }),
        related: Vec::new(),
        help: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::resolve;
    use crate::diag::{FileId, Span};
    use crate::model::{DEFAULT_STOCK, LiveState, Source, SourceCode, Stock, StockId, StockName};
    use crate::spec::{Spec, WantedLinks, WantedSource, WantedStock};

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
        let found = resolve(&file(stock, source), &shop()).unwrap_err().remove(0);
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

    #[test]
    fn a_disabled_source_is_warned_of() {
        let shop = shop();
        let resolved = resolve(&file("EUROPE STOCK", "Leipzig"), &shop).unwrap();
        assert_eq!(resolved.stocks[0].live.id, StockId(2));
        assert_eq!(resolved.warnings[0].rule, "disabled-source");
    }
}
