//! Builds a plan: resolves, compares, checks the guards and counts.

use std::collections::HashSet;

use spanned_yaml::diag::{Diagnostic, InputFiles, Spelling, did_you_mean, shown};

use super::change::StockPlan;
use super::diff::diff;
use super::fingerprint::{digest_hex, live_digest, topology_digest};
use super::guard::{Enforcement, GuardVerdict};
use super::guard_override::GuardOverrides;
use super::guards::check_guards;
use super::labels::labels;
use super::plan::{InputDigest, PLAN_FORMAT, Plan, PlanWarning, Summary, TargetLabel, UnmanagedStock};
use super::resolve::{Resolved, resolve};
use super::rules::UNKNOWN_PROTECTED_STOCK;
use super::scope::StockScope;
use crate::model::{DEFAULT_STOCK, GuardLimits, LiveState, SourceCode, StockId, StockName, count};
use crate::spec::Spec;
use crate::spec::rules::TOO_MANY_LINKS;

/// The inputs of a plan, besides the live state.
#[derive(Debug, Clone, Copy)]
pub struct PlanInputs<'a> {
    /// The wanted topology.
    pub spec: &'a Spec,
    /// The stocks to compare.
    pub scope: &'a StockScope,
    /// The inventory files.
    pub files: &'a InputFiles,
    /// Warnings found while the files were loaded.
    pub warnings: &'a [Diagnostic],
    /// The label of the target.
    pub target: &'a TargetLabel,
    /// The target's limits on deletes.
    pub limits: GuardLimits,
    /// The guards that this run lifts.
    pub allow: &'a GuardOverrides,
    /// The stocks that the target protects: none of their links may be deleted.
    pub protect: &'a [StockName],
    /// The creation time to record.
    pub created_at: &'a str,
    /// The expiry time to record.
    pub expires_at: &'a str,
}

/// Reports that the files do not fit the target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the files do not fit the target: {}", .0.first().map_or("", |found| found.message.as_str()))]
pub struct PlanError(pub Vec<Diagnostic>);

/// Compares the wanted with the live topology and collects every change that is needed.
pub fn build(inputs: PlanInputs<'_>, live: &LiveState) -> Result<Plan, PlanError> {
    let resolved = resolve(inputs.spec, inputs.scope, live).map_err(PlanError)?;
    let stocks = diff_all(&resolved, live, &inputs)?;
    let doubts: Vec<String> = live.issues.iter().map(|issue| issue.reason.clone()).collect();
    let guards = check_guards(&stocks, &doubts, inputs.limits, inputs.allow);
    let topology_sha256 = topology_digest(&resolved, live);
    let unmanaged = unmanaged(&resolved, inputs.scope, live);
    let unknown = unknown_protected(inputs.protect, live);
    let warnings = inputs.warnings.iter().chain(&resolved.warnings).chain(&unknown);
    Ok(Plan {
        format_version: PLAN_FORMAT,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        created_at: inputs.created_at.to_owned(),
        expires_at: inputs.expires_at.to_owned(),
        target: inputs.target.clone(),
        inputs: input_digests(inputs.files),
        allowances: inputs.allow.texts(),
        live_sha256: live_digest(&topology_sha256, &stocks),
        topology_sha256,
        scope: inputs.scope.described(Some(inputs.spec), live),
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

fn diff_all(
    resolved: &Resolved<'_>,
    live: &LiveState,
    inputs: &PlanInputs<'_>,
) -> Result<Vec<StockPlan>, PlanError> {
    let mut stocks = Vec::with_capacity(resolved.stocks.len());
    let mut errors = Vec::new();
    let enabled = live.sources.iter().filter(|source| source.enabled);
    let enabled: HashSet<&SourceCode> = enabled.map(|source| &source.code).collect();
    for stock in &resolved.stocks {
        let protected = inputs.protect.contains(&stock.live.name);
        match diff(stock, live, &enabled, inputs.files) {
            Ok(plan) => stocks.push(StockPlan { protected, ..plan }),
            Err(error) => errors.push(TOO_MANY_LINKS.at(stock.span, error.to_string())),
        }
    }
    if errors.is_empty() {
        Ok(stocks)
    } else {
        Err(PlanError(errors))
    }
}

/// Warns of protected names that the target does not have. Most are misspellings, and they protect nothing.
fn unknown_protected(protect: &[StockName], live: &LiveState) -> Vec<Diagnostic> {
    let names = || live.stocks.iter().map(|stock| &stock.name);
    let unknown = protect.iter().filter(|name| !names().any(|live| live == *name));
    let mut spelling = Spelling::default();
    unknown
        .map(|name| {
            let lacks = format!(
                "`protect` names `{}`, which the target does not have",
                shown(name.as_str())
            );
            let likely = spelling.closest(name.as_str(), names().map(StockName::as_str));
            UNKNOWN_PROTECTED_STOCK.found(match likely {
                Some(likely) => format!("{lacks}: {}", did_you_mean(name.as_str(), likely)),
                None => lacks,
            })
        })
        .collect()
}

fn unmanaged(resolved: &Resolved<'_>, scope: &StockScope, live: &LiveState) -> Vec<UnmanagedStock> {
    let owned: HashSet<StockId> = resolved.stocks.iter().map(|stock| stock.live.id).collect();
    live.stocks
        .iter()
        .filter(|stock| stock.id != DEFAULT_STOCK && !owned.contains(&stock.id) && scope.covers(&stock.name))
        .map(|stock| UnmanagedStock {
            stock_id: stock.id,
            name: stock.name.clone(),
            links: count(live.links_of(stock.id).len()),
        })
        .collect()
}

fn summarize(stocks: &[StockPlan], guards: &[GuardVerdict], unmanaged: usize) -> Summary {
    let mut summary = Summary {
        blocked: count(stocks.iter().map(|stock| stock.blocked.len()).sum()),
        changed_stocks: count(stocks.iter().filter(|stock| !stock.in_sync()).count()),
        in_sync_stocks: count(stocks.iter().filter(|stock| stock.in_sync()).count()),
        unmanaged_stocks: count(unmanaged),
        ..Summary::default()
    };
    for counts in stocks.iter().map(StockPlan::counts) {
        summary.creates += counts.creates;
        summary.moves += counts.moves;
        summary.deletes += counts.deletes;
        summary.reorders += counts.reorders;
        summary.renumbers += counts.renumbers;
    }
    if withholds(guards) {
        summary.withheld_deletes = summary.deletes;
    }
    summary
}

fn needs_reindex(stocks: &[StockPlan], guards: &[GuardVerdict]) -> bool {
    let withheld = withholds(guards);
    stocks
        .iter()
        .flat_map(|stock| &stock.changes)
        .any(|change| change.needs_reindex() && !(withheld && change.is_delete()))
}

fn withholds(guards: &[GuardVerdict]) -> bool {
    guards
        .iter()
        .any(|verdict| verdict.effect == Enforcement::Withheld)
}

/// The digest of each input file's content.
pub fn input_digests(files: &InputFiles) -> Vec<InputDigest> {
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
