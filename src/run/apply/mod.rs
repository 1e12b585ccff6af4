//! Applies an approved plan: compares, keeps the pre-image, writes, verifies, reindexes.

mod fate;
mod foreign;
mod pre_image;
mod queue;
mod recover;
mod run;
mod tries;
mod write;

pub use pre_image::left_out;
pub use run::{Applier, Stop};
