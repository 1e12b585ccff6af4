//! The inventory's own words as types, valid by construction: codes, names, ids, priorities and the live state.

mod code;
mod item;
mod json;
mod live;
mod name;
mod priority;
mod quantity;
mod sku;

pub use code::{CodeError, SourceCode};
pub use item::{IndexRow, SourceItem};
pub use live::{Link, LiveState, ReadIssue, SalesChannel, Source, Stock, StockId};
pub use name::{NameError, StockName};
pub use priority::{Priority, PriorityError};
pub use quantity::Quantity;
pub use sku::Sku;

/// The code of the source that belongs to the Default Stock alone.
pub const DEFAULT_SOURCE: &str = "default";

/// The name a fresh shop gives to the Default Stock.
pub const DEFAULT_STOCK_NAME: &str = "Default Stock";

/// The id of the Default Stock in every shop.
pub const DEFAULT_STOCK: StockId = StockId(1);
