//! The likely spelling: which of the known words a person probably meant.

use super::lookalike::look_alike;

/// The likeness of words that look the same: more than of any others.
const ALIKE: f64 = 2.0;

/// The known word nearest to an unknown one, if any is near enough to be worth asking.
pub fn closest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = word.to_lowercase();
    let likeness = |candidate: &str| {
        if look_alike(word, candidate) {
            return ALIKE;
        }
        strsim::jaro_winkler(&wanted, &candidate.to_lowercase())
    };
    known
        .into_iter()
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(a, left), (b, right)| a.total_cmp(b).then_with(|| right.cmp(left)))
        .map(|(_, candidate)| candidate)
}

/// Upper bound on spelling comparisons per run; beyond it, no "did you mean" is offered.
const MOST_COMPARISONS: usize = 200_000;

/// Suggests likely spellings within a budget, since each mistake is compared with every known word.
#[derive(Debug)]
pub struct Spelling {
    comparisons_left: usize,
}

impl Default for Spelling {
    fn default() -> Self {
        Self {
            comparisons_left: MOST_COMPARISONS,
        }
    }
}

impl Spelling {
    /// The known word nearest to an unknown one, if any is near enough, and as long as comparisons are left.
    pub fn closest<'a>(&mut self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        if self.comparisons_left == 0 {
            return None;
        }
        closest(
            word,
            known.into_iter().inspect(|_| {
                self.comparisons_left = self.comparisons_left.saturating_sub(1);
            }),
        )
    }
}
