//! Index proof: compares the index that links and source items predict with the index that the shop shows. No I/O.

mod compare;
mod evidence;
mod predict;
mod samples;
mod verdict;

pub use compare::{Comparison, Mismatch, compare};
pub use evidence::Evidence;
pub use predict::{counted_sources, predict};
pub use samples::samples;
pub use verdict::{Extent, IndexState, IndexVerdict, StockIndex};
