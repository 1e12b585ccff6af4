//! Reading: stocks, sources, links and the index, with the signs that a list may be incomplete.

mod collection;
mod completeness;
pub mod decode;
pub mod default_pair;
mod filter;
pub mod index;
mod join;
mod page_bounds;
pub mod partial;
pub mod reader;
mod some_stocks;
mod wire;
