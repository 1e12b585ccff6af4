//! Reading: stocks, sources, links and the index, complete or with the issues that speak against it.

mod collection;
mod completeness;
pub mod default_pair;
mod filter;
pub mod index;
mod page_bounds;
pub mod reader;
mod wire;
