//! A guard's verdict in the words that the formats share.

use crate::model::StockName;
use crate::reconcile::{Enforcement, GuardVerdict};

/// A guard that the plan meets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GuardView<'a>(pub(super) &'a GuardVerdict);

/// The words for what a guard does to a plan.
pub(crate) struct EnforcementWords {
    /// In a list of guards.
    pub(crate) label: &'static str,
    /// As the title of a finding.
    pub(crate) title: &'static str,
    /// As a sentence.
    pub(crate) sentence: &'static str,
}

/// The words for an effect.
pub(crate) fn enforcement_words(effect: Enforcement) -> EnforcementWords {
    let (label, title, sentence) = match effect {
        Enforcement::Refused => ("refused", "refused by a guard", "A guard refuses the plan"),
        Enforcement::Withheld => (
            "deletes withheld",
            "deletes withheld by a guard",
            "A guard withholds the deletes",
        ),
        Enforcement::Lifted => ("allowed", "guard lifted", "A guard was lifted by name"),
    };
    EnforcementWords {
        label,
        title,
        sentence,
    }
}

impl GuardView<'_> {
    pub(crate) fn effect(&self) -> Enforcement {
        self.0.effect
    }

    pub(crate) fn words(&self) -> EnforcementWords {
        enforcement_words(self.0.effect)
    }

    /// The guard's stable name.
    pub(crate) fn id(&self) -> &'static str {
        self.0.guard.id()
    }

    /// The stock that it guards; `None` for a guard of the whole run.
    pub(crate) fn stock(&self) -> Option<&StockName> {
        self.0.guard.stock()
    }

    /// Its finding as a sentence; `code` writes texts from outside.
    pub(crate) fn sentence(&self, code: impl Fn(&str) -> String) -> String {
        self.0.guard.sentence(&code, &code)
    }

    /// The same as plain text, with names in backticks.
    pub(crate) fn text(&self) -> String {
        self.0.guard.to_string()
    }

    /// The flag that lifts it; empty when none does.
    pub(crate) fn flag(&self) -> String {
        self.0.flag().unwrap_or_default()
    }

    /// Its effect in a word or two; once lifted, with the flag, which `code` writes.
    pub(crate) fn label(&self, code: impl Fn(&str) -> String) -> String {
        let label = self.words().label;
        match self.0.effect {
            Enforcement::Lifted => format!("{label} by {}", code(&self.flag())),
            Enforcement::Refused | Enforcement::Withheld => label.to_owned(),
        }
    }

    /// The way to allow the change; `None` once the guard is lifted. `code` writes the flag.
    pub(crate) fn advice(&self, code: impl Fn(&str) -> String) -> Option<String> {
        (self.0.effect != Enforcement::Lifted).then(|| self.0.advice_with(code))
    }
}
