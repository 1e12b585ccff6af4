//! Guards: what a plan can run into, with the numbers that were judged and what can be done about it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// Links of a stock that targets.yaml protects would go.
    Protected {
        /// The stock.
        stock: StockName,
        /// The deletes of the stock.
        deletes: u32,
    },
}

impl Guard {
    /// Its stable name, which `--allow` begins with where a flag lifts it.
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

    /// The stock that it guards; `None` for a guard of the whole run.
    pub fn stock(&self) -> Option<&StockName> {
        match self {
            Self::DeletePercent { stock, .. }
            | Self::EmptyStock { stock, .. }
            | Self::DisabledOnly { stock, .. }
            | Self::Protected { stock, .. } => Some(stock),
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

/// What a guard does to the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Enforcement {
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
    pub effect: Enforcement,
    /// What lifts it, as it stands behind `--allow`; nothing for a guard that no flag lifts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowance: Option<String>,
}

impl GuardVerdict {
    /// What to do when the change is meant all the same.
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

    /// The flag that lifts it, ready for a shell.
    pub fn flag(&self) -> Option<String> {
        self.allowance
            .as_deref()
            .map(|allowance| format!("--allow {}", quoted(allowance)))
    }
}

/// A word as every POSIX shell takes it for one: a quote within cannot be escaped, only left and entered again.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
