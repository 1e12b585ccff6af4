//! The inventory as types, valid by construction: keys, ids, priorities, quantities, limits and the live state.

mod code;
mod count;
mod guard_limits;
mod item;
mod key;
mod live;
mod name;
mod priority;
mod quantity;
mod sku;

pub use code::{CodeError, SourceCode};
pub use count::count;
pub use guard_limits::GuardLimits;
pub use item::{IndexRow, SourceItem};
pub use live::{Link, LiveState, ReadIssue, SalesChannel, Source, Stock, StockId};
pub use name::{MAX_NAME_CHARS, NameError, StockName};
pub use priority::{Priority, PriorityError};
pub use quantity::Quantity;
pub use sku::Sku;

/// The code of the source that belongs to the Default Stock alone.
pub const DEFAULT_SOURCE: &str = "default";

/// The name of the Default Stock in a fresh shop.
pub const DEFAULT_STOCK_NAME: &str = "Default Stock";

/// The id of the Default Stock in every shop.
pub const DEFAULT_STOCK: StockId = StockId(1);
