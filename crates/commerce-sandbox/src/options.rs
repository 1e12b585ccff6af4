//! How a shop is served, and of which generation it is.

use std::path::PathBuf;

use crate::database::store::Store;
use crate::generation::Generation;
use crate::latency_model::LatencyModel;
use crate::profile::Profile;

/// How a shop is served.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The generation of Commerce that is played.
    pub profile: Profile,
    /// Whether limits on input are in force where they are a setting; in 2.4.3 they always are.
    pub input_limits: bool,
    /// Most items in a list, where limits are in force and the shop's setting differs from the generation's.
    pub item_limit: Option<usize>,
    /// Largest page, likewise.
    pub page_limit: Option<i64>,
    /// Whether admins need a second factor.
    pub two_factor: bool,
    /// What requests cost in time.
    pub latency_model: LatencyModel,
    /// Where the state is kept between two runs, if it is.
    pub state_file: Option<PathBuf>,
}

impl Options {
    /// Gives the properties of the generation with what is set.
    fn generation(&self) -> Generation {
        let mut generation = Generation::of(self.profile);
        let limits = &mut generation.limits;
        limits.enforced |= self.input_limits;
        limits.items = self.item_limit.unwrap_or(limits.items);
        limits.page = self.page_limit.unwrap_or(limits.page);
        generation
    }

    /// Sets a shop up.
    pub(super) fn set_up(&self, store: &mut Store) {
        store.generation = self.generation();
        store.two_factor.enabled |= self.two_factor;
    }
}
