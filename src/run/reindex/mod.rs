//! Reindexes a target by its steps, and checks the index.

mod index;
mod index_command;
mod index_look;
mod outcome;
mod process;
mod process_group;
mod reindex_output;
mod reindex_run;
mod steps;
mod wait;
mod webhook;

pub use index::{IndexProof, IndexProver, Products, Scope};
pub use outcome::{ReindexOutcome, StepFailure, StepReport};
pub use reindex_output::{IndexerResult, indexer_result};
pub use reindex_run::{ReindexRun, ReindexRunResult};
pub use steps::{Readiness, Reindexer};
