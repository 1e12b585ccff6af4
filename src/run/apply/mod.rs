//! Applies an approved plan: compares, keeps the pre-image, writes, proves, reindexes.

mod apply_error;
mod attempts;
mod changed_stocks;
mod decision;
mod external_change;
mod outcome;
mod pre_image;
mod queue;
mod renamed;
mod retry;
mod run;
mod write;
mod write_result;

pub use apply_error::ApplyError;
pub use outcome::{Applied, ExternalChange, LinksOutcome, Proof, StopCause};
pub use pre_image::left_out;
pub use renamed::RenamedStock;
pub use run::Applier;
pub use write_result::{ChangeResult, LinkResult, LinkResults};
