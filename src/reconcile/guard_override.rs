//! What lifts a guard: each allowance names exactly one.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::guard::Guard;
use crate::model::StockName;

/// What the person who runs the command allows by name, each lifting one guard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowances(BTreeSet<Allowance>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Allowance {
    Deletes,
    DeletePercent(StockName),
    EmptyStock(StockName),
    DisabledOnly(StockName),
    DoubtfulDeletes,
}

/// A text that names no guard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseAllowanceError {
    /// The guard is judged per stock and the stock is missing.
    #[error("`{0}` is judged for each stock: write `{0}=STOCK`")]
    NeedsStock(String),
    /// The guard is judged for the whole run.
    #[error("`{0}` is judged for the whole run and takes no stock")]
    TakesNoStock(String),
    /// No guard has that name.
    #[error(
        "there is no guard `{0}`; there are: deletes, delete-percent=STOCK, empty-stock=STOCK, disabled-only=STOCK, \
         doubtful-deletes"
    )]
    Unknown(String),
}

impl Allowance {
    /// What lifts exactly this guard; `None` for one that no flag lifts.
    pub(super) fn of(guard: &Guard) -> Option<Self> {
        Some(match guard {
            Guard::Deletes { .. } => Self::Deletes,
            Guard::DeletePercent { stock, .. } => Self::DeletePercent(stock.clone()),
            Guard::EmptyStock { stock, .. } => Self::EmptyStock(stock.clone()),
            Guard::DisabledOnly { stock, .. } => Self::DisabledOnly(stock.clone()),
            Guard::DoubtfulDeletes { .. } => Self::DoubtfulDeletes,
            Guard::Protected { .. } => return None,
        })
    }
}

impl fmt::Display for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deletes => f.write_str("deletes"),
            Self::DeletePercent(stock) => write!(f, "delete-percent={stock}"),
            Self::EmptyStock(stock) => write!(f, "empty-stock={stock}"),
            Self::DisabledOnly(stock) => write!(f, "disabled-only={stock}"),
            Self::DoubtfulDeletes => f.write_str("doubtful-deletes"),
        }
    }
}

impl FromStr for Allowance {
    type Err = ParseAllowanceError;

    fn from_str(text: &str) -> Result<Self, ParseAllowanceError> {
        let (guard, stock) = match text.split_once('=') {
            Some((guard, stock)) => (guard, Some(stock.trim()).filter(|stock| !stock.is_empty())),
            None => (text, None),
        };
        let whole_run: Option<Self> = match guard {
            "deletes" => Some(Self::Deletes),
            "doubtful-deletes" => Some(Self::DoubtfulDeletes),
            _ => None,
        };
        let per_stock: Option<fn(StockName) -> Self> = match guard {
            "delete-percent" => Some(Self::DeletePercent),
            "empty-stock" => Some(Self::EmptyStock),
            "disabled-only" => Some(Self::DisabledOnly),
            _ => None,
        };
        match (whole_run, per_stock, stock) {
            (Some(allowance), _, None) if !text.contains('=') => Ok(allowance),
            (Some(_), _, _) => Err(ParseAllowanceError::TakesNoStock(guard.to_owned())),
            (None, Some(make), Some(stock)) => Ok(make(StockName::from_server(stock))),
            (None, Some(_), None) => Err(ParseAllowanceError::NeedsStock(guard.to_owned())),
            (None, None, _) => Err(ParseAllowanceError::Unknown(guard.to_owned())),
        }
    }
}

impl Allowances {
    /// Reads what stands behind each `--allow`.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, ParseAllowanceError> {
        texts
            .into_iter()
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The stocks that allowances name, so that one which names no stock of the plan can be refused.
    pub fn stocks(&self) -> impl Iterator<Item = &StockName> {
        self.0.iter().filter_map(|allowance| match allowance {
            Allowance::DeletePercent(stock)
            | Allowance::EmptyStock(stock)
            | Allowance::DisabledOnly(stock) => Some(stock),
            Allowance::Deletes | Allowance::DoubtfulDeletes => None,
        })
    }

    /// The allowances as they stand behind `--allow`, each once.
    pub fn texts(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }

    pub(super) fn lifts(&self, guard: &Guard) -> bool {
        Allowance::of(guard).is_some_and(|allowance| self.0.contains(&allowance))
    }
}
