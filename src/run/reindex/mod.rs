//! Reindexes a target by its steps, and checks the index.

mod index;
mod index_command;
mod index_look;
mod index_titles;
mod outcome;
mod printed;
mod process;
mod process_group;
mod reindex_output;
mod reindex_run;
mod step_run;
mod steps;
mod wait;
mod webhook;

pub use index::{IndexProof, IndexProver, Products, Scope};
pub use outcome::{ReindexBy, ReindexOutcome, StepFailure, StepReport};
pub use reindex_run::{ReindexRun, ReindexRunResult};
pub use steps::{Readiness, Reindexer};
