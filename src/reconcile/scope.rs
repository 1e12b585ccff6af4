//! The stocks that a plan compares: all those of the files, or only those that the user names.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spanned_yaml::diag::Spelling;

use crate::model::{LiveState, StockName};
use crate::spec::Spec;

/// The stocks that a plan compares. By default these are all stocks of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StockScope(BTreeSet<StockName>);

impl StockScope {
    /// Only these stocks; all if there are none.
    pub fn of(names: impl IntoIterator<Item = StockName>) -> Self {
        Self(names.into_iter().collect())
    }

    /// True if the scope is all stocks.
    pub fn is_whole(&self) -> bool {
        self.0.is_empty()
    }

    /// True if the stock is in the scope.
    pub fn covers(&self, name: &StockName) -> bool {
        self.is_whole() || self.0.contains(name)
    }

    /// The names that the user gave, in order; empty for all stocks.
    pub fn names(&self) -> impl Iterator<Item = &StockName> {
        self.0.iter()
    }

    /// What reports say of this scope, on a target and with files if there are some; `None` for all stocks.
    pub fn described(&self, spec: Option<&Spec>, live: &LiveState) -> Option<PlanScope> {
        if self.is_whole() {
            return None;
        }
        let known = || {
            let live = live.stocks.iter().map(|stock| &stock.name);
            let wanted = spec.into_iter().flat_map(|spec| &spec.stocks);
            live.chain(wanted.map(|stock| &stock.name))
        };
        let mut spelling = Spelling::default();
        let mut scope = PlanScope {
            stocks: Vec::new(),
            unknown: Vec::new(),
        };
        for name in self.names() {
            match known().find(|known| *known == name) {
                Some(known) => scope.stocks.push(known.clone()),
                None => scope.unknown.push(UnknownStock {
                    name: name.clone(),
                    likely: spelling
                        .closest(name.as_str(), known().map(StockName::as_str))
                        .map(StockName::from_server),
                }),
            }
        }
        Some(scope)
    }
}

/// The choice of stocks that a plan compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanScope {
    /// The stocks that were named, as the shop spells them, or else as the files do. Only they were compared.
    pub stocks: Vec<StockName>,
    /// The names that neither the files nor this target has. A run on several targets may have some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<UnknownStock>,
}

/// A stock that was named and that neither the files nor the target has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnknownStock {
    /// The name, as it was given.
    pub name: StockName,
    /// The likely spelling, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub likely: Option<StockName>,
}

impl PlanScope {
    /// The scope that makes the same choice again.
    pub fn again(&self) -> StockScope {
        let unknown = self.unknown.iter().map(|stock| &stock.name);
        StockScope::of(self.stocks.iter().chain(unknown).cloned())
    }
}
