//! The plan: the one typed value from which every output, and the apply, is made.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{Change, StockPlan};
use super::diff::diff;
use super::fingerprint::{digest_hex, live_digest};
use super::guard::{Allowances, Effect, GuardLimits, GuardVerdict, judge};
use super::labels::{Labels, labels};
use super::rank::TooManyLinks;
use super::resolve::{Resolved, resolve};
use crate::diag::{Diagnostic, InputFiles, Label, Place, Severity};
use crate::model::{DEFAULT_STOCK, LiveState, StockId, StockName};
use crate::spec::Spec;

/// The version of the plan's JSON; it grows when a reader of the old one could misread the new one.
pub const PLAN_FORMAT: u32 = 1;

/// The target a plan is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetLabel {
    /// Its name.
    pub name: String,
    /// Its base URL, without credentials.
    pub url: String,
}

/// An input file, bound by its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InputDigest {
    /// The path as it was given.
    pub path: String,
    /// The SHA-256 of the content, in lower-case hexadecimal.
    pub sha256: String,
}

/// A live stock that no file owns; it is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnmanagedStock {
    /// The stock's id on this target.
    pub stock_id: StockId,
    /// Its name.
    pub name: StockName,
    /// How many links it has.
    pub links: u32,
}

/// Something a person should look at that does not stop the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanWarning {
    /// The stable id of the rule.
    pub rule: String,
    /// What was found.
    pub message: String,
    /// Where, if it is about a place in a file.
    pub place: Option<Place>,
}

/// The plan in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Links to create.
    pub creates: u32,
    /// Links to give another priority.
    pub moves: u32,
    /// Links to delete.
    pub deletes: u32,
    /// Deletes among them that are withheld because the read was doubtful.
    pub withheld_deletes: u32,
    /// Links that ought to go and cannot.
    pub blocked: u32,
    /// Owned stocks that change.
    pub changed_stocks: u32,
    /// Owned stocks in which every link is as wanted.
    pub in_sync_stocks: u32,
    /// Custom stocks that no file owns.
    pub unmanaged_stocks: u32,
}

/// What has to change on one target, and everything that explains it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "stocktake plan")]
pub struct Plan {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The version of stocktake that made the plan.
    pub tool_version: String,
    /// When it was made, RFC 3339, UTC.
    pub created_at: String,
    /// The target it is for.
    pub target: TargetLabel,
    /// The files it was made from.
    pub inputs: Vec<InputDigest>,
    /// The SHA-256 of the live facts it rests on.
    pub live_sha256: String,
    /// The plan in numbers.
    pub summary: Summary,
    /// Whether the inventory index must be rebuilt after it: creates and deletes need that, moves do not.
    pub needs_reindex: bool,
    /// Every owned stock, in the order of the files.
    pub stocks: Vec<StockPlan>,
    /// Custom stocks that no file owns, by id.
    pub unmanaged: Vec<UnmanagedStock>,
    /// Why the live state may be incomplete; empty when it is to be trusted.
    pub doubts: Vec<String>,
    /// What a person should look at.
    pub warnings: Vec<PlanWarning>,
    /// The guards that the plan runs into.
    pub guards: Vec<GuardVerdict>,
    /// What its codes and ids mean to a person.
    pub labels: Labels,
}

/// What a plan is made from, besides the live state.
#[derive(Debug, Clone, Copy)]
pub struct PlanInputs<'a> {
    /// The wanted topology.
    pub spec: &'a Spec,
    /// The files it came from.
    pub files: &'a InputFiles,
    /// What the files' own checks warned of.
    pub warnings: &'a [Diagnostic],
    /// The target.
    pub target: &'a TargetLabel,
    /// The target's guards.
    pub limits: GuardLimits,
    /// What the person who runs the command allows.
    pub allow: &'a Allowances,
    /// The time to write into the plan.
    pub created_at: &'a str,
}

/// Why no plan can be made: findings about the files, seen against this target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the files do not fit the target: {}", .0.first().map_or("", |found| found.message.as_str()))]
pub struct PlanError(pub Vec<Diagnostic>);

/// Compares what is wanted with what is live and writes down every change that is needed.
pub fn build(inputs: PlanInputs<'_>, live: &LiveState) -> Result<Plan, PlanError> {
    let resolved = resolve(inputs.spec, live).map_err(PlanError)?;
    let stocks = diff_all(&resolved, live, inputs.files)?;
    let doubts: Vec<String> = live.doubts.iter().map(|doubt| doubt.reason.clone()).collect();
    let guards = judge(&stocks, &doubts, inputs.limits, inputs.allow);
    let unmanaged = unmanaged(&resolved, live);
    let warnings = inputs.warnings.iter().chain(&resolved.warnings);
    Ok(Plan {
        format_version: PLAN_FORMAT,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        created_at: inputs.created_at.to_owned(),
        target: inputs.target.clone(),
        inputs: digests(inputs.files),
        live_sha256: live_digest(&resolved, live),
        summary: summarize(&stocks, &guards, unmanaged.len()),
        needs_reindex: needs_reindex(&stocks, &guards),
        labels: labels(&stocks, live),
        stocks,
        unmanaged,
        doubts,
        warnings: warnings.map(|found| plan_warning(found, inputs.files)).collect(),
        guards,
    })
}

impl Plan {
    /// Whether every link of every owned stock is as wanted.
    pub fn in_sync(&self) -> bool {
        self.stocks.iter().all(StockPlan::in_sync)
    }

    /// Whether a guard refuses the plan.
    pub fn is_refused(&self) -> bool {
        self.guards
            .iter()
            .any(|verdict| verdict.effect == Effect::Refused)
    }

    /// Whether two plans rest on the same live facts and come to the same changes.
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.live_sha256 == other.live_sha256 && self.stocks == other.stocks && self.doubts == other.doubts
    }
}

fn diff_all(
    resolved: &Resolved<'_>,
    live: &LiveState,
    files: &InputFiles,
) -> Result<Vec<StockPlan>, PlanError> {
    let mut stocks = Vec::with_capacity(resolved.stocks.len());
    let mut errors = Vec::new();
    for stock in &resolved.stocks {
        match diff(stock, live, files) {
            Ok(plan) => stocks.push(plan),
            Err(error) => errors.push(too_many_links(stock.span, error)),
        }
    }
    if errors.is_empty() {
        Ok(stocks)
    } else {
        Err(PlanError(errors))
    }
}

fn too_many_links(span: crate::diag::Span, error: TooManyLinks) -> Diagnostic {
    Diagnostic {
        rule: "too-many-links",
        severity: Severity::Error,
        message: error.to_string(),
        at: Some(Label {
            span,
            text: String::new(),
        }),
        related: Vec::new(),
        help: Vec::new(),
    }
}

fn unmanaged(resolved: &Resolved<'_>, live: &LiveState) -> Vec<UnmanagedStock> {
    let owned: HashSet<StockId> = resolved.stocks.iter().map(|stock| stock.live.id).collect();
    live.stocks
        .iter()
        .filter(|stock| stock.id != DEFAULT_STOCK && !owned.contains(&stock.id))
        .map(|stock| UnmanagedStock {
            stock_id: stock.id,
            name: stock.name.clone(),
            links: count(live.links_of(stock.id).len()),
        })
        .collect()
}

fn summarize(stocks: &[StockPlan], guards: &[GuardVerdict], unmanaged: usize) -> Summary {
    let changes = || stocks.iter().flat_map(|stock| &stock.changes);
    let deletes = count(changes().filter(|change| change.is_delete()).count());
    Summary {
        creates: count(
            changes()
                .filter(|change| matches!(change, Change::Create { .. }))
                .count(),
        ),
        moves: count(
            changes()
                .filter(|change| matches!(change, Change::Move { .. }))
                .count(),
        ),
        deletes,
        withheld_deletes: if withholds(guards) { deletes } else { 0 },
        blocked: count(stocks.iter().map(|stock| stock.blocked.len()).sum()),
        changed_stocks: count(stocks.iter().filter(|stock| !stock.in_sync()).count()),
        in_sync_stocks: count(stocks.iter().filter(|stock| stock.in_sync()).count()),
        unmanaged_stocks: count(unmanaged),
    }
}

fn needs_reindex(stocks: &[StockPlan], guards: &[GuardVerdict]) -> bool {
    let withheld = withholds(guards);
    stocks
        .iter()
        .flat_map(|stock| &stock.changes)
        .any(|change| change.needs_reindex() && !(withheld && change.is_delete()))
}

fn withholds(guards: &[GuardVerdict]) -> bool {
    guards.iter().any(|verdict| verdict.effect == Effect::Withheld)
}

fn digests(files: &InputFiles) -> Vec<InputDigest> {
    files
        .iter()
        .map(|(_, file)| InputDigest {
            path: file.path.clone(),
            sha256: digest_hex(file.text.as_bytes()),
        })
        .collect()
}

fn plan_warning(found: &Diagnostic, files: &InputFiles) -> PlanWarning {
    PlanWarning {
        rule: found.rule.to_owned(),
        message: found.message.clone(),
        place: found.at.as_ref().map(|label| files.place(label.span)),
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
