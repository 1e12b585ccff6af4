//! The guards: conditions that refuse a plan or withhold its deletes, and their wording.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::StockName;

/// A guard that a plan triggers, with the numbers behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "guard", rename_all = "kebab-case")]
pub enum Guard {
    /// The run deletes more links than allowed.
    Deletes {
        /// The deletes of the run.
        deletes: u32,
        /// The most that the run may delete.
        limit: u32,
    },
    /// The run deletes too large a part of one stock's links.
    DeletePercent {
        /// The stock.
        stock: StockName,
        /// The deletes of the stock.
        deletes: u32,
        /// The stock's live links.
        links: u32,
        /// The most that may be deleted, in percent.
        limit_percent: u8,
    },
    /// The stock would lose all its sources.
    EmptyStock {
        /// The stock.
        stock: StockName,
        /// The stock's live links.
        links: u32,
    },
    /// Only disabled sources would serve the stock.
    DisabledOnly {
        /// The stock.
        stock: StockName,
        /// The links that the stock would have.
        links: u32,
    },
    /// The live state may be incomplete, so a delete could be a mistake.
    DoubtfulDeletes {
        /// The deletes of the run.
        deletes: u32,
        /// Signs that the read may be incomplete.
        reasons: Vec<String>,
    },
    /// The run deletes links of a stock that targets.yaml protects.
    Protected {
        /// The stock.
        stock: StockName,
        /// The deletes of the stock.
        deletes: u32,
    },
}

impl Guard {
    /// The stable name. Values of `--allow` begin with it.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Deletes { .. } => "deletes",
            Self::DeletePercent { .. } => "delete-percent",
            Self::EmptyStock { .. } => "empty-stock",
            Self::DisabledOnly { .. } => "disabled-only",
            Self::DoubtfulDeletes { .. } => "doubtful-deletes",
            Self::Protected { .. } => "protected",
        }
    }

    /// The stock; `None` for a guard of the whole run.
    pub fn stock(&self) -> Option<&StockName> {
        match self {
            Self::DeletePercent { stock, .. }
            | Self::EmptyStock { stock, .. }
            | Self::DisabledOnly { stock, .. }
            | Self::Protected { stock, .. } => Some(stock),
            Self::Deletes { .. } | Self::DoubtfulDeletes { .. } => None,
        }
    }

    /// The finding as a sentence. `name` and `prose` escape texts from outside: names and reasons.
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
                    "{deletes} deletes rest on a read that may be incomplete: {}",
                    reasons.join("; ")
                )
            }
            Self::Protected { stock, deletes: 1 } => format!(
                "a link of the protected stock {} would be deleted",
                name(stock.as_str())
            ),
            Self::Protected { stock, deletes } => format!(
                "{deletes} links of the protected stock {} would be deleted",
                name(stock.as_str())
            ),
        }
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(|name| format!("`{name}`"), str::to_owned))
    }
}

/// The effect of a guard on the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Enforcement {
    /// The whole plan is refused.
    Refused,
    /// The deletes are left out; the rest may be applied.
    Withheld,
    /// A flag lifted the guard.
    Lifted,
}

/// The verdict of one guard on a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GuardVerdict {
    /// The guard, with its numbers.
    #[serde(flatten)]
    pub guard: Guard,
    /// The effect on the plan.
    pub effect: Enforcement,
    /// The value of `--allow` that lifts the guard, or has lifted it; absent if no flag lifts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowance: Option<String>,
}

impl GuardVerdict {
    /// The advice for a user who wants the change.
    pub fn advice(&self) -> String {
        self.advice_with(str::to_owned)
    }

    /// The same, with the flag written by `code`.
    pub fn advice_with(&self, code: impl Fn(&str) -> String) -> String {
        match self.flag() {
            Some(flag) if self.effect == Enforcement::Withheld => {
                format!("if they are meant: {}", code(&flag))
            }
            Some(flag) => format!("if that is meant: {}", code(&flag)),
            None => "no flag lifts that; if it is meant, take the stock out of `protect` in targets.yaml"
                .to_owned(),
        }
    }

    /// The flag that lifts the guard, quoted for a shell.
    pub fn flag(&self) -> Option<String> {
        self.allowance
            .as_deref()
            .map(|allowance| format!("--allow {}", quoted(allowance)))
    }
}

/// Quotes a word for POSIX shells. A single quote inside cannot be escaped, so the quotes end and begin again around it.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
