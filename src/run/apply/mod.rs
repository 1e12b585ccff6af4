//! Applies an approved plan: compares, keeps the pre-image, writes, verifies, reindexes.

mod attempts;
mod external_change;
mod pre_image;
mod queue;
mod retry;
mod run;
mod write;
mod write_result;

pub use pre_image::left_out;
pub use run::{Applier, ApplyError};
