//! Direct access to a shop's tables, index and command line.
//!
//! For tests that need a state which no request can make, or look at one that no request shows.
//! [`Shop::state`](crate::Shop::state) gives the tables. What is done this way is not in the log.

pub use crate::auth::sessions::Sessions;
pub use crate::database::catalogue::{Catalogue, ItemOptions, Product, StockSettings};
pub use crate::database::clock::Clock;
pub use crate::database::source::{Pickup, Source};
pub use crate::database::store::{
    Increments, Index, IndexRow, IndexState, IndexTable, Indexer, Link, Reservation, SalabilityUpdate,
    SalesChannel, SourceItem, Stock, Store, StoreView, Website,
};
pub use crate::database::two_factor_settings::TwoFactorSettings;
pub use crate::magento::{Output, run as magento};
pub use crate::state::State;

/// The inventory index: build it, read it, or hold a run open.
pub mod index {
    pub use crate::index::{RunError, begin, build, finish, rebuild, table};
}
