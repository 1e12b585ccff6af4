//! The live state as an inventory whose plan is empty.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use spanned_yaml::diag::{InputFiles, Severity, is_hidden, joined, shown};

use super::links::{self, NoSuchForm};
use super::proof::{ExportError, plan, prove};
use crate::model::{DEFAULT_STOCK, LiveState, SourceCode, Stock, StockId, StockName};
use crate::spec::emit::{Document, SourceText, StockText};

/// The notation of links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Form {
    /// As lists whose order counts, but with numbers where the shop has no order.
    #[default]
    Ordered,
    /// With numbers.
    Explicit,
}

/// The data about sources besides their codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum SourcesForm {
    /// Their names, in comments behind the codes.
    #[default]
    Comments,
    /// Their names, in a closed list of the sources that the stocks use.
    Entries,
    /// Nothing.
    #[value(name = "none")]
    Nothing,
}

/// Options of an export.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExportOptions {
    /// The stocks; `None` is all custom ones.
    pub stocks: Option<BTreeSet<StockId>>,
    /// The notation of links.
    pub form: Form,
    /// The data about sources.
    pub sources: SourcesForm,
}

/// A live state as an inventory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The inventory, proven to have an empty plan against the live state that it comes from.
    pub document: Document,
    /// The stocks that no inventory can own as they are, by id.
    pub left_out: Vec<LeftOut>,
}

/// A stock that no inventory can own as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its id.
    pub id: StockId,
    /// Its name.
    pub name: StockName,
    /// The reason, as a sentence.
    pub reason: String,
}

/// The prefix of such a stock in the comments of a file.
pub const LEFT_OUT: &str = "Left out: ";

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` (stock {}): {}",
            shown(self.name.as_str()),
            self.id,
            self.reason
        )
    }
}

/// Exports the live state. A stock that no inventory can own without a change is left out, with the reason.
///
/// # Errors
///
/// If the proof of the result fails. That is a defect of stocktake.
pub fn export(live: &LiveState, options: &ExportOptions) -> Result<Exported, ExportError> {
    let mut stocks = BTreeMap::new();
    let mut reasons = BTreeMap::new();
    for stock in chosen(live, options) {
        match stock_text(stock, live, options) {
            Ok(text) => drop(stocks.insert(stock.id, text)),
            Err(reason) => drop(reasons.insert(stock.id, reason)),
        }
    }
    while let Some(refused) = refused(&stocks, live) {
        for (id, reason) in refused {
            stocks.remove(&id);
            reasons.insert(id, reason);
        }
    }
    let left_out = live.stocks.iter().filter_map(|stock| {
        Some(LeftOut {
            id: stock.id,
            name: stock.name.clone(),
            reason: reasons.remove(&stock.id)?,
        })
    });
    let left_out: Vec<_> = left_out.collect();
    let exported = Exported {
        document: document(stocks, &left_out, live, options),
        left_out,
    };
    prove(&InputFiles::one("", exported.document.text()), live)?;
    Ok(exported)
}

fn chosen<'a>(live: &'a LiveState, options: &ExportOptions) -> impl Iterator<Item = &'a Stock> {
    let chosen = |id| options.stocks.as_ref().is_none_or(|stocks| stocks.contains(&id));
    let stocks = live.stocks.iter();
    stocks.filter(move |stock| stock.id != DEFAULT_STOCK && chosen(stock.id))
}

/// A stock as it is written, or why it cannot be.
fn stock_text(stock: &Stock, live: &LiveState, options: &ExportOptions) -> Result<StockText, String> {
    let same = || live.stocks.iter().filter(|other| other.name == stock.name);
    let number = same().count();
    if number > 1 {
        let ids = joined(same().map(|stock| stock.id), ", ");
        return Err(format!("the shop has {number} stocks of that name: {ids}"));
    }
    let names = options.sources == SourcesForm::Comments;
    let list = links::of(stock.id, live);
    let ordered = list.ordered(live, names);
    let mut comments = list.comments();
    let links = match (options.form, ordered) {
        (Form::Ordered, Ok(links)) => links,
        (Form::Ordered, Err(NoSuchForm(reason))) => {
            comments.push(format!("{reason}, so the numbers are written."));
            list.explicit(live, names)?
        }
        (Form::Explicit, _) => list.explicit(live, names)?,
    };
    // Blanks at the end do not count on the server, and a file may not have them.
    let name = StockName::from_server(stock.name.as_str().trim_end_matches(' '));
    Ok(StockText {
        comments,
        name,
        links,
    })
}

/// The stocks that a load or a plan of the texts finds fault with; `None` when there are none.
fn refused(stocks: &BTreeMap<StockId, StockText>, live: &LiveState) -> Option<Vec<(StockId, String)>> {
    if stocks.is_empty() {
        return None;
    }
    // One file a stock: so a finding tells by its file which stock it is about.
    let mut files = InputFiles::default();
    let ids = stocks.iter().map(|(id, stock)| {
        let document = Document {
            stocks: vec![stock.clone()],
            ..Document::default()
        };
        (files.add("", document.text()), *id)
    });
    let ids: HashMap<_, _> = ids.collect();
    let refused: Vec<_> = match plan(&files, live) {
        Ok(plan) => {
            let changed = plan.stocks.iter().filter(|stock| !stock.in_sync());
            let reason = "its links cannot be written so that nothing would change";
            changed.map(|stock| (stock.stock_id, reason.to_owned())).collect()
        }
        Err(findings) => {
            let errors = findings.iter().filter(|found| found.severity == Severity::Error);
            errors
                .filter_map(|found| Some((*ids.get(&found.at.as_ref()?.span.file)?, found.message.clone())))
                .collect()
        }
    };
    (!refused.is_empty()).then_some(refused)
}

fn document(
    stocks: BTreeMap<StockId, StockText>,
    left_out: &[LeftOut],
    live: &LiveState,
    options: &ExportOptions,
) -> Document {
    let stocks: Vec<_> = stocks.into_values().collect();
    let sources = (options.sources == SourcesForm::Entries).then(|| {
        let used = stocks.iter().flat_map(|stock| stock.links.codes());
        let used: BTreeSet<SourceCode> = used.cloned().collect();
        used.into_iter().map(|code| source_text(code, live)).collect()
    });
    let header = left_out.iter().map(|stock| format!("{LEFT_OUT}{stock}"));
    Document {
        header: header.collect(),
        sources,
        stocks,
    }
}

/// A source as the closed list has it; a name that a file may not hold is left out.
pub(super) fn source_text(code: SourceCode, live: &LiveState) -> SourceText {
    let name = live.source(&code).map(|source| source.name.clone());
    let name = name.filter(|name| !name.is_empty() && !name.contains(is_hidden));
    SourceText { code, name }
}
