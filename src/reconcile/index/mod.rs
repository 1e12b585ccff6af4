//! The inventory index as links and source items predict it, compared with the one that the shop shows. Pure.

mod compare;
mod evidence;
mod predict;
mod verdict;

pub use compare::{Comparison, Mismatch, compare};
pub use evidence::samples;
pub use predict::{counted_sources, predict};
pub use verdict::{IndexState, IndexVerdict, StockIndex};
