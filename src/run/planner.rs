//! Makes plans from inventory files and a live state. Pure: no HTTP, no clock.

use jiff::{SignedDuration, Timestamp};
use spanned_yaml::diag::{Diagnostic, InputFiles, closest, did_you_mean, shown};

use super::failure::Failure;
use crate::model::{GuardLimits, LiveState, SourceCode, StockName};
use crate::reconcile::{GuardOverrides, Plan, PlanError, PlanInputs, StockScope, TargetLabel, build};
use crate::spec::{Spec, load};

/// Validity of a plan unless the caller says otherwise.
const VALID_FOR: SignedDuration = SignedDuration::from_hours(24);

/// The part of a target's settings that a plan depends on.
#[derive(Debug, Clone)]
pub struct TargetRules {
    /// The target's name and address, for plans and reports.
    pub label: TargetLabel,
    /// Limits of its guards.
    pub limits: GuardLimits,
    /// Stocks that it protects from deletes.
    pub protect: Vec<StockName>,
}

/// Compares inventory files with live states.
#[derive(Debug)]
pub struct Planner {
    /// The wanted topology.
    pub spec: Spec,
    /// The files that it comes from.
    pub files: InputFiles,
    /// Warnings about the files.
    pub warnings: Vec<Diagnostic>,
    /// Guards that the user has overridden.
    pub allow: GuardOverrides,
    /// The stocks to compare.
    pub scope: StockScope,
    /// How long a plan may be applied.
    pub valid_for: SignedDuration,
}

impl Planner {
    /// Checks the files. Fails with every error found in them.
    pub fn new(files: InputFiles) -> Result<Self, Failure> {
        let loaded = load(&files);
        match loaded.spec {
            Some(spec) => Ok(Self {
                spec,
                files,
                warnings: loaded.diagnostics,
                allow: GuardOverrides::default(),
                scope: StockScope::default(),
                valid_for: VALID_FOR,
            }),
            None => Err(Failure::findings(
                "the files cannot be used",
                loaded.diagnostics,
                files,
            )),
        }
    }

    /// Overrides guards. Fails if an override names a stock that the files do not.
    pub fn allowing(self, allow: GuardOverrides) -> Result<Self, Failure> {
        let unknown = allow.stocks().find_map(|stock| self.unknown(stock));
        match unknown {
            None => Ok(Self { allow, ..self }),
            Some(failure) => Err(failure),
        }
    }

    /// The failure for an override of that stock, if the files do not have it.
    pub fn unknown(&self, stock: &StockName) -> Option<Failure> {
        let stocks = &self.spec.stocks;
        if stocks.iter().any(|wanted| wanted.name == *stock) {
            return None;
        }
        let failure = Failure::usage(format!(
            "--allow names `{}`, which is not a stock of the files",
            shown(stock.as_str())
        ));
        let names = stocks.iter().map(|stock| stock.name.as_str());
        Some(match closest(stock.as_str(), names) {
            Some(likely) => failure.hint(did_you_mean(stock.as_str(), likely)),
            None => failure,
        })
    }

    /// Compares only those stocks.
    #[must_use]
    pub fn comparing(self, scope: StockScope) -> Self {
        Self { scope, ..self }
    }

    /// The sources that the files want in the stocks to compare.
    pub fn wanted_sources(&self) -> impl Iterator<Item = &SourceCode> {
        let stocks = self
            .spec
            .stocks
            .iter()
            .filter(|stock| self.scope.covers(&stock.name));
        stocks.flat_map(|stock| stock.links.numbered().map(|(source, _)| &source.code))
    }

    /// Makes the plan for a target in that live state.
    pub fn plan(&self, target: &TargetRules, live: &LiveState, now: Timestamp) -> Result<Plan, PlanError> {
        let (created_at, expires_at) = (now.to_string(), (now + self.valid_for).to_string());
        let inputs = PlanInputs {
            spec: &self.spec,
            scope: &self.scope,
            files: &self.files,
            warnings: &self.warnings,
            target: &target.label,
            limits: target.limits,
            allow: &self.allow,
            protect: &target.protect,
            created_at: &created_at,
            expires_at: &expires_at,
        };
        build(inputs, live)
    }

    /// The failure that a plan error stands for, with the files to show it in.
    pub fn unplannable(&self, error: PlanError) -> Failure {
        let message = "no plan can be made for this target";
        Failure::findings(message, error.0, self.files.clone())
    }
}
