//! A guard's verdict in the words that the formats share.

use crate::reconcile::{Enforcement, GuardVerdict};

/// The words for the effect of a guard on a plan.
pub(crate) struct GuardWords {
    /// In a list of guards.
    pub(crate) label: &'static str,
    /// As the title of a finding.
    pub(crate) title: &'static str,
    /// As a sentence.
    pub(crate) sentence: &'static str,
}

pub(crate) fn guard_words(effect: Enforcement) -> GuardWords {
    let (label, title, sentence) = match effect {
        Enforcement::Refused => ("refused", "refused by a guard", "A guard refuses the plan"),
        Enforcement::Withheld => (
            "deletes withheld",
            "deletes withheld by a guard",
            "A guard withholds the deletes",
        ),
        Enforcement::Lifted => ("allowed", "guard lifted", "A guard was lifted by name"),
    };
    GuardWords {
        label,
        title,
        sentence,
    }
}

/// The effect of a guard in a word or two; once lifted, with the flag, which `code` writes.
pub(crate) fn guard_label(verdict: &GuardVerdict, code: impl Fn(&str) -> String) -> String {
    let label = guard_words(verdict.effect).label;
    match verdict.effect {
        Enforcement::Lifted => format!("{label} by {}", code(&verdict.flag().unwrap_or_default())),
        Enforcement::Refused | Enforcement::Withheld => label.to_owned(),
    }
}

/// The way to allow the change; `None` once the guard is lifted. `code` writes the flag.
pub(crate) fn guard_advice(verdict: &GuardVerdict, code: impl Fn(&str) -> String) -> Option<String> {
    (verdict.effect != Enforcement::Lifted).then(|| verdict.advice_with(code))
}
