//! `--stock`: only some stocks.

use clap::Args;
use spanned_yaml::diag::{did_you_mean, joined, shown};

use crate::model::StockName;
use crate::reconcile::{PlanScope, StockScope};
use crate::run::Failure;

/// The stocks of a command.
#[derive(Debug, Args)]
pub(crate) struct StockArgs {
    /// Only this stock; may be given several times. Only what these stocks need is read, and the result says so.
    #[arg(long = "stock", value_name = "NAME")]
    pub stocks: Vec<String>,
}

impl StockArgs {
    /// The stocks that are named; all if none is.
    pub(crate) fn scope(&self) -> StockScope {
        StockScope::of(self.stocks.iter().map(|name| StockName::from_server(name)))
    }
}

/// Refuses names that neither the files nor any target has. `scopes` are those of the targets; one that could not be read
/// has none, and may have the stock.
pub(crate) fn refuse_unknown_stocks<'a>(
    scopes: impl IntoIterator<Item = Option<&'a PlanScope>>,
) -> Result<(), Failure> {
    let scopes: Option<Vec<&PlanScope>> = scopes.into_iter().collect();
    let Some((first, others)) = scopes.as_deref().and_then(<[_]>::split_first) else {
        return Ok(());
    };
    let lacks = |scope: &PlanScope, name: &StockName| scope.unknown.iter().any(|stock| stock.name == *name);
    let unknown = first.unknown.iter();
    let unknown = unknown.filter(|stock| others.iter().all(|scope| lacks(scope, &stock.name)));
    let unknown: Vec<_> = unknown.collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let names = joined(
        unknown
            .iter()
            .map(|stock| format!("`{}`", shown(stock.name.as_str()))),
        ", ",
    );
    let target = if others.is_empty() {
        "the target"
    } else {
        "any target"
    };
    let mut failure = Failure::usage(format!(
        "--stock: neither the files nor {target} have a stock {names}"
    ));
    for stock in unknown {
        if let Some(likely) = &stock.likely {
            failure = failure.hint(did_you_mean(stock.name.as_str(), likely.as_str()));
        }
    }
    Err(failure)
}
