//! What a plan does to a stock, in numbers.

use super::rows::Act;
use crate::report::view::StockView;

/// How many sources of a stock a plan changes in one way.
pub(super) struct Tally {
    pub(super) class: &'static str,
    sign: &'static str,
    number: usize,
    word: &'static str,
}

/// What the plan does to a stock, in numbers.
pub(super) fn tallies(view: &StockView<'_>) -> Vec<Tally> {
    let counts = view.counts;
    let tally = |act: Act, sign, number, word| Tally {
        class: act.class(),
        sign,
        number,
        word,
    };
    let tallies = [
        tally(Act::Delete, "−", counts.deletes as usize, "to delete"),
        tally(Act::Create, "+", counts.creates as usize, "to create"),
        tally(Act::Reorder, "~", counts.reorders as usize, "to reorder"),
        tally(Act::Renumber, "", counts.renumbers as usize, "to renumber"),
        tally(Act::Blocked, "!", view.plan.blocked.len(), "blocked"),
    ];
    tallies.into_iter().filter(|tally| tally.number > 0).collect()
}

impl Tally {
    /// With a word, as at the head of a stock.
    pub(super) fn long(&self) -> String {
        let Self {
            sign, number, word, ..
        } = self;
        format!("{sign} {number} {word}").trim_start().to_owned()
    }
}

/// The same for a list of stocks: class, text, and what only a screen reader says. Renumbers count where nothing else
/// changes.
pub(super) fn in_short(view: &StockView<'_>) -> Vec<(&'static str, String, String)> {
    let (renumbers, acts): (Vec<_>, Vec<_>) = tallies(view)
        .into_iter()
        .partition(|tally| tally.class == Act::Renumber.class());
    let acts: Vec<_> = acts
        .iter()
        .map(|of| {
            (
                of.class,
                format!("{}{}", of.sign, of.number),
                format!(" {}", of.word),
            )
        })
        .collect();
    if !acts.is_empty() {
        return acts;
    }
    match renumbers.first() {
        Some(of) => vec![(of.class, of.long(), String::new())],
        None => vec![("in-sync", "✓".to_owned(), " in sync".to_owned())],
    }
}
