//! The options of a served shop: profile, limits, second factor, latency, state file.

use std::path::PathBuf;

use crate::database::store::Store;
use crate::generation::Generation;
use crate::latency_model::LatencyModel;
use crate::profile::Profile;

/// The options of a served shop.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The generation of Commerce.
    pub profile: Profile,
    /// True if limits on input are in force; in 2.4.3 they always are.
    pub input_limits: bool,
    /// Most items in a list, if limits are in force; `None` for the generation's default.
    pub item_limit: Option<usize>,
    /// Largest page, if limits are in force, however its size is spelt; `None` for the generation's default, which sees
    /// `searchCriteria[pageSize]` only.
    pub page_limit: Option<i64>,
    /// True if admins need a second factor.
    pub two_factor: bool,
    /// The time that requests take.
    pub latency_model: LatencyModel,
    /// File that keeps the state between two runs, written after every change.
    pub state_file: Option<PathBuf>,
}

impl Options {
    /// Gives the generation's row with these options applied.
    fn generation(&self) -> Generation {
        let mut generation = Generation::of(self.profile);
        let limits = &mut generation.limits;
        limits.enforced |= self.input_limits;
        limits.items = self.item_limit.unwrap_or(limits.items);
        limits.page = self.page_limit.unwrap_or(limits.page);
        limits.every_spelling = self.page_limit.is_some();
        generation
    }

    /// Applies the options to a shop.
    pub(super) fn set_up(&self, store: &mut Store) {
        store.generation = self.generation();
        store.two_factor.enabled |= self.two_factor;
    }
}
