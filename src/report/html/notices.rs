//! What a person should look at before a plan is applied: guards, signs of an incomplete read, warnings.

use crate::reconcile::{Enforcement, GuardVerdict};
use crate::report::failure::FailureReport;
use crate::report::filters::unquoted;
use crate::report::view::{Planned, guard_advice, guard_words};
use crate::report::words::count;

/// The most notices that stand unfolded.
const IN_SIGHT: usize = 4;

/// One thing to look at.
pub(super) struct Notice {
    pub(super) class: &'static str,
    pub(super) title: &'static str,
    pub(super) text: String,
}

/// What an engineer looks up: a rule, a flag, a line of a file.
pub(super) struct Note {
    pub(super) about: String,
    pub(super) detail: String,
}

/// The notices of one target.
#[derive(Default)]
pub(super) struct Notices {
    all: Vec<Notice>,
    pub(super) engineers: Vec<Note>,
}

impl Notices {
    /// What stands against a plan, what was not read for sure, and the warnings.
    pub(super) fn of_plan(planned: &Planned<'_>) -> Self {
        let guards = planned.plan.guards.iter().map(|verdict| Notice {
            class: guard_class(verdict.effect),
            title: guard_words(verdict.effect).sentence,
            text: verdict
                .guard
                .sentence(|name| format!("“{name}”"), |reason| unquoted(reason).into_owned()),
        });
        let doubts = planned.plan.doubts.iter().map(|reason| Notice {
            class: "doubt",
            title: "The read may be incomplete",
            text: unquoted(reason).into_owned(),
        });
        let warnings = planned.warnings.iter().map(|warning| Notice {
            class: "warning",
            title: "Warning",
            text: unquoted(&warning.message).into_owned(),
        });
        let flags = planned.plan.guards.iter().map(|verdict| Note {
            about: verdict.guard.id().to_owned(),
            detail: advice(verdict),
        });
        let rules = planned.warnings.iter().map(|warning| Note {
            about: warning.rule.clone(),
            detail: warning
                .place
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
        });
        Self {
            all: guards.chain(doubts).chain(warnings).collect(),
            engineers: flags.chain(rules).collect(),
        }
    }

    /// Why a target has no plan.
    pub(super) fn of_failure(failure: &FailureReport) -> Self {
        let causes = failure.causes.iter().map(|cause| Notice {
            class: "refused",
            title: "Because",
            text: unquoted(cause).into_owned(),
        });
        let hints = failure.hints.iter().map(|hint| Note {
            about: "help".to_owned(),
            detail: hint.clone(),
        });
        Self {
            all: causes.collect(),
            engineers: hints.collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty() && self.engineers.is_empty()
    }

    /// Those that stand unfolded.
    pub(super) fn in_sight(&self) -> &[Notice] {
        self.all.get(..IN_SIGHT).unwrap_or(&self.all)
    }

    /// Those that are folded.
    pub(super) fn folded(&self) -> &[Notice] {
        self.all.get(IN_SIGHT..).unwrap_or_default()
    }

    /// What the fold holds, such as `12 more warnings`.
    pub(super) fn fold_words(&self) -> String {
        let folded = self.folded();
        let warnings = folded.iter().all(|notice| notice.class == "warning");
        count(
            folded.len() as u64,
            if warnings { "more warning" } else { "more notice" },
        )
    }
}

fn guard_class(effect: Enforcement) -> &'static str {
    match effect {
        Enforcement::Refused => "refused",
        Enforcement::Withheld => "withheld",
        Enforcement::Lifted => "lifted",
    }
}

/// The way to allow the change, or the flag that lifted the guard.
fn advice(verdict: &GuardVerdict) -> String {
    guard_advice(verdict, str::to_owned).unwrap_or_else(|| verdict.flag().unwrap_or_default())
}
