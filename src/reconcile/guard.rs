//! Guards: the limits that a plan must respect, judged when planning and judged again when applying.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::calls::ApprovedPlan;
use super::change::StockPlan;
use super::plan::Plan;
use crate::model::StockName;

/// How much a run may delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuardLimits {
    /// The most deletes in one run.
    pub max_deletes: u32,
    /// The most deletes of one stock, in percent of its live links; judged from two deletes up.
    pub max_delete_percent: u8,
}

impl Default for GuardLimits {
    fn default() -> Self {
        Self {
            max_deletes: 10,
            max_delete_percent: 30,
        }
    }
}

/// What the person who runs the command allows by name, each lifting one guard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowances(BTreeSet<Allowance>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Allowance {
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

    fn lifts(&self, guard: &Guard) -> bool {
        self.0.contains(&match guard {
            Guard::Deletes { .. } => Allowance::Deletes,
            Guard::DeletePercent { stock, .. } => Allowance::DeletePercent(stock.clone()),
            Guard::EmptyStock { stock, .. } => Allowance::EmptyStock(stock.clone()),
            Guard::DisabledOnly { stock, .. } => Allowance::DisabledOnly(stock.clone()),
            Guard::DoubtfulDeletes { .. } => Allowance::DoubtfulDeletes,
        })
    }
}

/// A guard that a plan runs into, with the numbers that it judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "guard", rename_all = "kebab-case")]
pub enum Guard {
    /// More deletes in the run than allowed.
    Deletes {
        /// The deletes of the run.
        deletes: u32,
        /// The most that are allowed.
        limit: u32,
    },
    /// Too large a part of one stock's links would go.
    DeletePercent {
        /// The stock.
        stock: StockName,
        /// The deletes of the stock.
        deletes: u32,
        /// Its live links.
        links: u32,
        /// The most that may go, in percent.
        limit_percent: u8,
    },
    /// The stock would lose all its sources.
    EmptyStock {
        /// The stock.
        stock: StockName,
        /// Its live links.
        links: u32,
    },
    /// Only disabled sources would serve the stock.
    DisabledOnly {
        /// The stock.
        stock: StockName,
        /// The links it would have.
        links: u32,
    },
    /// The live state may be incomplete, so that a delete could rest on a mistake.
    DoubtfulDeletes {
        /// The deletes of the run.
        deletes: u32,
        /// Why the read is doubtful.
        reasons: Vec<String>,
    },
}

impl Guard {
    /// What lifts exactly this guard, as it stands behind `--allow`.
    pub fn allowance(&self) -> String {
        match self {
            Self::Deletes { .. } => "deletes".to_owned(),
            Self::DeletePercent { stock, .. } => format!("delete-percent={stock}"),
            Self::EmptyStock { stock, .. } => format!("empty-stock={stock}"),
            Self::DisabledOnly { stock, .. } => format!("disabled-only={stock}"),
            Self::DoubtfulDeletes { .. } => "doubtful-deletes".to_owned(),
        }
    }
}

impl Guard {
    /// The stock that it guards; `None` for a guard of the whole run.
    pub fn stock(&self) -> Option<&StockName> {
        match self {
            Self::DeletePercent { stock, .. }
            | Self::EmptyStock { stock, .. }
            | Self::DisabledOnly { stock, .. } => Some(stock),
            Self::Deletes { .. } | Self::DoubtfulDeletes { .. } => None,
        }
    }

    /// What it found, as a sentence in which `name` writes names and `prose` writes reasons, both texts from outside.
    pub fn sentence(&self, name: impl Fn(&str) -> String, prose: impl Fn(&str) -> String) -> String {
        match self {
            Self::Deletes { deletes, limit } => {
                format!("{deletes} links would be deleted, more than {limit}")
            }
            Self::DeletePercent {
                stock,
                deletes,
                links,
                limit_percent,
            } => format!(
                "{deletes} of the {links} links of {} would be deleted, more than {limit_percent} %",
                name(stock.as_str())
            ),
            Self::EmptyStock { stock, links } => {
                format!(
                    "{} would lose all its sources ({links} live)",
                    name(stock.as_str())
                )
            }
            Self::DisabledOnly { stock, links } => format!(
                "{} would be served by disabled sources only ({links})",
                name(stock.as_str())
            ),
            Self::DoubtfulDeletes { deletes, reasons } => {
                let reasons: Vec<String> = reasons.iter().map(|reason| prose(reason)).collect();
                format!(
                    "{deletes} deletes rest on a doubtful read: {}",
                    reasons.join("; ")
                )
            }
        }
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(|name| format!("`{name}`"), str::to_owned))
    }
}

/// What a guard does to the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Nothing may be applied.
    Refused,
    /// The deletes are left out, the rest may be applied.
    Withheld,
    /// The person who runs the command allowed it by name.
    Lifted,
}

/// A guard's verdict on a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GuardVerdict {
    /// The guard, with its numbers.
    #[serde(flatten)]
    pub guard: Guard,
    /// What it does.
    pub effect: Effect,
    /// What lifts it, as it stands behind `--allow`.
    pub allowance: String,
}

/// Judges the changes of a plan: one verdict for each guard that they run into, none when all is well.
pub(super) fn judge(
    stocks: &[StockPlan],
    doubts: &[String],
    limits: GuardLimits,
    allow: &Allowances,
) -> Vec<GuardVerdict> {
    let deletes = stocks.iter().map(StockPlan::deletes).sum();
    let only_deletes = deletes == stocks.iter().map(|stock| stock.changes.len()).sum::<usize>();
    let whole_run = [too_many(deletes, limits), doubtful(deletes, doubts)];
    let per_stock = stocks.iter().filter(|stock| !stock.in_sync()).flat_map(|stock| {
        [
            too_large_a_part(stock, limits),
            emptied(stock),
            disabled_only(stock),
        ]
    });
    let verdict = |guard: Guard| {
        let effect = match &guard {
            lifted if allow.lifts(lifted) => Effect::Lifted,
            Guard::DoubtfulDeletes { .. } if !only_deletes => Effect::Withheld,
            _ => Effect::Refused,
        };
        GuardVerdict {
            allowance: guard.allowance(),
            guard,
            effect,
        }
    };
    whole_run
        .into_iter()
        .chain(per_stock)
        .flatten()
        .map(verdict)
        .collect()
}

fn too_many(deletes: usize, limits: GuardLimits) -> Option<Guard> {
    let deletes = u32::try_from(deletes).unwrap_or(u32::MAX);
    (deletes > limits.max_deletes).then_some(Guard::Deletes {
        deletes,
        limit: limits.max_deletes,
    })
}

fn doubtful(deletes: usize, doubts: &[String]) -> Option<Guard> {
    let deletes = u32::try_from(deletes).unwrap_or(u32::MAX);
    (deletes > 0 && !doubts.is_empty()).then(|| Guard::DoubtfulDeletes {
        deletes,
        reasons: doubts.to_vec(),
    })
}

fn too_large_a_part(stock: &StockPlan, limits: GuardLimits) -> Option<Guard> {
    let deletes = u32::try_from(stock.deletes()).unwrap_or(u32::MAX);
    let part = u64::from(deletes) * 100;
    let limit = u64::from(limits.max_delete_percent) * u64::from(stock.live_links);
    (deletes >= 2 && part > limit).then(|| Guard::DeletePercent {
        stock: stock.name.clone(),
        deletes,
        links: stock.live_links,
        limit_percent: limits.max_delete_percent,
    })
}

/// A stock that is emptied of all that can go counts as emptied, also when a blocked link stays behind.
fn emptied(stock: &StockPlan) -> Option<Guard> {
    (stock.wanted_links == 0 && stock.deletes() > 0).then(|| Guard::EmptyStock {
        stock: stock.name.clone(),
        links: stock.live_links,
    })
}

fn disabled_only(stock: &StockPlan) -> Option<Guard> {
    let none_enabled = !stock.after.is_empty() && stock.after.iter().all(|link| !link.enabled);
    none_enabled.then(|| Guard::DisabledOnly {
        stock: stock.name.clone(),
        links: u32::try_from(stock.after.len()).unwrap_or(u32::MAX),
    })
}

/// Lets a plan pass to be applied, or says which guards refuse it.
///
/// The verdicts are made anew from the plan's changes: those that it carries are for reading.
pub fn approve(
    plan: Plan,
    limits: GuardLimits,
    allow: &Allowances,
) -> Result<ApprovedPlan, Vec<GuardVerdict>> {
    let verdicts = judge(&plan.stocks, &plan.doubts, limits, allow);
    let withheld = verdicts.iter().any(|verdict| verdict.effect == Effect::Withheld);
    let refusals: Vec<GuardVerdict> = verdicts
        .into_iter()
        .filter(|verdict| verdict.effect == Effect::Refused)
        .collect();
    if refusals.is_empty() {
        Ok(ApprovedPlan::new(plan, withheld))
    } else {
        Err(refusals)
    }
}
