//! What tells two plans for the same wish apart: what one was bound to, and what is so now.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::change::{Change, RankedLink, StockPlan};
use super::guard::GuardVerdict;
use super::plan::{InputDigest, Plan, Summary, TargetLabel};
use crate::model::{SourceCode, StockId, StockName};

/// One thing that is not as it was when a plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "difference", rename_all = "kebab-case")]
pub enum Difference {
    /// The plan is for another target.
    Target {
        /// The target that the plan is for.
        was: TargetLabel,
        /// The target at hand.
        now: TargetLabel,
    },
    /// Another version of stocktake made the plan.
    ToolVersion {
        /// The version that made the plan.
        was: String,
        /// The version at hand.
        now: String,
    },
    /// The plan has expired.
    Expired {
        /// When it expired, RFC 3339, UTC.
        expired_at: String,
        /// The time now, RFC 3339, UTC.
        now: String,
    },
    /// A file is another one.
    File {
        /// Its path as it was given.
        path: String,
        /// The SHA-256 of its content then; nothing when it was not among the files.
        was: Option<String>,
        /// The SHA-256 of its content now; nothing when it is not among the files.
        now: Option<String>,
    },
    /// The doubts about the read are others.
    Doubts {
        /// The doubts then.
        was: Vec<String>,
        /// The doubts now.
        now: Vec<String>,
    },
    /// An owned stock is another one: made anew, renamed, or not among the owned ones.
    Stock {
        /// The stock then.
        was: Option<StockKey>,
        /// The stock now.
        now: Option<StockKey>,
    },
    /// A link came, went or moved.
    Link {
        /// The stock.
        stock: StockName,
        /// The source.
        source_code: SourceCode,
        /// The live priority then; nothing when there was no such link.
        was: Option<u16>,
        /// The live priority now; nothing when there is no such link.
        now: Option<u16>,
    },
    /// A link spells its source in another way.
    LinkRespelt {
        /// The stock.
        stock: StockName,
        /// The spelling then.
        was: SourceCode,
        /// The spelling now.
        now: SourceCode,
    },
    /// A source was enabled or disabled.
    SourceSwitched {
        /// The source.
        source_code: SourceCode,
        /// Whether it is enabled now.
        enabled: bool,
    },
    /// The live facts are others, in a way that the plan does not tell.
    LiveFacts {
        /// Their SHA-256 then.
        was: String,
        /// Their SHA-256 now.
        now: String,
    },
    /// What must change in a stock is something else.
    Changes {
        /// The stock.
        stock: StockName,
        /// The changes then.
        was: Vec<Change>,
        /// The changes now.
        now: Vec<Change>,
    },
    /// The guards judge in another way.
    Guards {
        /// The verdicts then.
        was: Vec<GuardVerdict>,
        /// The verdicts now.
        now: Vec<GuardVerdict>,
    },
    /// A part of the plan is not what the rest of it comes to, as after an edit by hand.
    Contradiction {
        /// The part.
        part: String,
    },
}

/// A stock as one target knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StockKey {
    /// Its id on this target.
    pub stock_id: StockId,
    /// Its name, as the shop spells it.
    pub name: StockName,
}

impl Plan {
    /// Everything in which this plan, made now, differs from one that was made before; nothing when that one still holds.
    ///
    /// The times of both, their warnings and the stocks that no file owns do not count.
    pub fn differences_from(&self, was: &Self) -> Vec<Difference> {
        let mut found = was.bindings_differing_from(&self.target, &self.tool_version, &self.inputs);
        if was.doubts != self.doubts {
            found.push(Difference::Doubts {
                was: was.doubts.clone(),
                now: self.doubts.clone(),
            });
        }
        let before = found.len();
        live_facts(was, self, &mut found);
        if was.live_sha256 != self.live_sha256 && found.len() == before {
            found.push(Difference::LiveFacts {
                was: was.live_sha256.clone(),
                now: self.live_sha256.clone(),
            });
        }
        for (was, now) in pairs(was, self) {
            if was.changes != now.changes {
                found.push(Difference::Changes {
                    stock: now.name.clone(),
                    was: was.changes.clone(),
                    now: now.changes.clone(),
                });
            }
        }
        if was.guards != self.guards {
            found.push(Difference::Guards {
                was: was.guards.clone(),
                now: self.guards.clone(),
            });
        }
        if found.is_empty() {
            contradictions(was, self, &mut found);
        }
        found
    }

    /// In what this plan is bound to something else than what is at hand; known before the target is asked anything.
    pub fn bindings_differing_from(
        &self,
        target: &TargetLabel,
        tool_version: &str,
        inputs: &[InputDigest],
    ) -> Vec<Difference> {
        let mut found = Vec::new();
        if self.target != *target {
            found.push(Difference::Target {
                was: self.target.clone(),
                now: target.clone(),
            });
        }
        if self.tool_version != tool_version {
            found.push(Difference::ToolVersion {
                was: self.tool_version.clone(),
                now: tool_version.to_owned(),
            });
        }
        files(&self.inputs, inputs, &mut found);
        found
    }
}

fn files(was: &[InputDigest], now: &[InputDigest], found: &mut Vec<Difference>) {
    let mut digests: BTreeMap<&str, [Option<&str>; 2]> = BTreeMap::new();
    for (at, inputs) in [was, now].into_iter().enumerate() {
        for input in inputs {
            digests.entry(&input.path).or_default()[at] = Some(&input.sha256);
        }
    }
    for (path, [was, now]) in digests {
        if was != now {
            found.push(Difference::File {
                path: path.to_owned(),
                was: was.map(str::to_owned),
                now: now.map(str::to_owned),
            });
        }
    }
}

/// The stocks of both plans, by their names.
fn pairs<'a>(was: &'a Plan, now: &'a Plan) -> impl Iterator<Item = (&'a StockPlan, &'a StockPlan)> {
    let by_name: BTreeMap<&StockName, &StockPlan> =
        was.stocks.iter().map(|stock| (&stock.name, stock)).collect();
    now.stocks
        .iter()
        .filter_map(move |stock| by_name.get(&stock.name).map(|was| (*was, stock)))
}

fn live_facts(was: &Plan, now: &Plan, found: &mut Vec<Difference>) {
    stocks(was, now, found);
    for (was, now) in pairs(was, now) {
        links(was, now, found);
    }
    let (then, now) = (sources(was), sources(now));
    for (code, enabled) in now {
        if then.get(code).is_some_and(|was| *was != enabled) {
            found.push(Difference::SourceSwitched {
                source_code: code.clone(),
                enabled,
            });
        }
    }
}

fn stocks(was: &Plan, now: &Plan, found: &mut Vec<Difference>) {
    let mut keys: BTreeMap<&StockName, [Option<&StockPlan>; 2]> = BTreeMap::new();
    for (at, plan) in [was, now].into_iter().enumerate() {
        for stock in &plan.stocks {
            keys.entry(&stock.name).or_default()[at] = Some(stock);
        }
    }
    let key = |stock: &StockPlan| (stock.stock_id, stock.name.as_str().to_owned());
    let shown = |stock: &StockPlan| StockKey {
        stock_id: stock.stock_id,
        name: stock.name.clone(),
    };
    for [was, now] in keys.into_values() {
        if was.map(key) != now.map(key) {
            found.push(Difference::Stock {
                was: was.map(shown),
                now: now.map(shown),
            });
        }
    }
}

fn links(was: &StockPlan, now: &StockPlan, found: &mut Vec<Difference>) {
    let mut links: BTreeMap<&SourceCode, [Option<&RankedLink>; 2]> = BTreeMap::new();
    for (at, stock) in [was, now].into_iter().enumerate() {
        for link in &stock.before {
            links.entry(&link.source_code).or_default()[at] = Some(link);
        }
    }
    let priority = |link: &RankedLink| link.priority;
    for (code, [was, current]) in links {
        if was.map(priority) != current.map(priority) {
            found.push(Difference::Link {
                stock: now.name.clone(),
                source_code: code.clone(),
                was: was.map(priority),
                now: current.map(priority),
            });
        }
        if let (Some(was), Some(current)) = (was, current)
            && was.source_code.as_str() != current.source_code.as_str()
        {
            found.push(Difference::LinkRespelt {
                stock: now.name.clone(),
                was: was.source_code.clone(),
                now: current.source_code.clone(),
            });
        }
    }
}

/// Of each source that is or shall be linked, whether it is enabled.
fn sources(plan: &Plan) -> BTreeMap<&SourceCode, bool> {
    let links = plan
        .stocks
        .iter()
        .flat_map(|stock| stock.before.iter().chain(&stock.after));
    links.map(|link| (&link.source_code, link.enabled)).collect()
}

/// The parts that follow from the rest of a plan and therefore cannot differ by themselves.
fn contradictions(was: &Plan, now: &Plan, found: &mut Vec<Difference>) {
    let same_summary = Summary {
        unmanaged_stocks: now.summary.unmanaged_stocks,
        ..was.summary
    } == now.summary;
    let same_stocks = pairs(was, now).all(|(was, now)| {
        let protected = now.protected;
        StockPlan {
            protected,
            ..was.clone()
        } == *now
    });
    let parts = [
        ("summary", same_summary),
        ("needs_reindex", was.needs_reindex == now.needs_reindex),
        ("stocks", same_stocks && was.stocks.len() == now.stocks.len()),
        ("allowances", was.allowances == now.allowances),
    ];
    for (part, _) in parts.iter().filter(|(_, same)| !same) {
        found.push(Difference::Contradiction {
            part: (*part).to_owned(),
        });
    }
}
