//! The reindex: its steps, what they print, and the look at the index.

mod group;
mod index;
mod process;
mod rebuilt;
mod refresh;
mod steps;
mod wait;
mod webhook;

pub use index::{IndexProof, IndexProver, Products, Scope};
pub use rebuilt::{Verdict, judge};
pub use refresh::{Refresh, Refreshed};
pub use steps::{Readiness, Reindexer};
