//! Parses `--allow` into guard overrides; each lifts one guard, and `empty-stock` the percentage of its stock too.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::guard::Guard;
use crate::model::StockName;

/// The guards that can be overridden, each with true if it applies to one stock.
pub const GUARD_NAMES: [(&str, bool); 5] = [
    ("deletes", false),
    ("delete-percent", true),
    ("empty-stock", true),
    ("disabled-only", true),
    ("doubtful-deletes", false),
];

/// The guard overrides of one run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GuardOverrides(BTreeSet<GuardOverride>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum GuardOverride {
    Deletes,
    DeletePercent(StockName),
    EmptyStock(StockName),
    DisabledOnly(StockName),
    DoubtfulDeletes,
}

/// Reports a value of `--allow` that names no guard.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseGuardOverrideError {
    /// The guard applies to one stock, and no stock is given.
    #[error("`{0}` applies to one stock: write `{0}=STOCK`")]
    NeedsStock(String),
    /// The guard applies to the whole run, and a stock is given.
    #[error("`{0}` applies to the whole run and takes no stock")]
    TakesNoStock(String),
    /// No guard has that name.
    #[error(
        "there is no guard `{0}`; there are: deletes, delete-percent=STOCK, empty-stock=STOCK, disabled-only=STOCK, \
         doubtful-deletes"
    )]
    Unknown(String),
}

impl GuardOverride {
    /// The override that is named after this guard; `None` if no flag lifts it.
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

impl Guard {
    /// The value of `--allow` that is named after this guard; `None` if no flag lifts it.
    pub fn allowance(&self) -> Option<String> {
        GuardOverride::of(self).map(|lifted| lifted.to_string())
    }
}

impl fmt::Display for GuardOverride {
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

impl FromStr for GuardOverride {
    type Err = ParseGuardOverrideError;

    fn from_str(text: &str) -> Result<Self, ParseGuardOverrideError> {
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
            (Some(lifted), _, None) if !text.contains('=') => Ok(lifted),
            (Some(_), _, _) => Err(ParseGuardOverrideError::TakesNoStock(guard.to_owned())),
            (None, Some(make), Some(stock)) => Ok(make(StockName::from_server(stock))),
            (None, Some(_), None) => Err(ParseGuardOverrideError::NeedsStock(guard.to_owned())),
            (None, None, _) => Err(ParseGuardOverrideError::Unknown(guard.to_owned())),
        }
    }
}

impl GuardOverrides {
    /// Parses the values of `--allow`.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, ParseGuardOverrideError> {
        texts
            .into_iter()
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The stocks that the overrides name. The caller refuses those that the plan does not have.
    pub fn stocks(&self) -> impl Iterator<Item = &StockName> {
        self.0.iter().filter_map(|one| match one {
            GuardOverride::DeletePercent(stock)
            | GuardOverride::EmptyStock(stock)
            | GuardOverride::DisabledOnly(stock) => Some(stock),
            GuardOverride::Deletes | GuardOverride::DoubtfulDeletes => None,
        })
    }

    /// The overrides as values of `--allow`, each once.
    pub fn texts(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }

    /// The override that lifts a guard; `None` if it stands. Who allows a stock to be emptied allows its percentage too.
    pub(super) fn lifting(&self, guard: &Guard) -> Option<&GuardOverride> {
        let emptied = match guard {
            Guard::DeletePercent { stock, .. } => Some(GuardOverride::EmptyStock(stock.clone())),
            _ => None,
        };
        let mut lifting = GuardOverride::of(guard).into_iter().chain(emptied);
        lifting.find_map(|lifts| self.0.get(&lifts))
    }
}

#[cfg(test)]
mod tests {
    use super::{GUARD_NAMES, GuardOverrides};

    #[test]
    fn each_name_is_one_of_a_guard() {
        for (name, of_stock) in GUARD_NAMES {
            let value = if of_stock {
                format!("{name}=Europe Stock")
            } else {
                name.to_owned()
            };
            assert!(GuardOverrides::parse([value.as_str()]).is_ok(), "{value}");
        }
    }
}
