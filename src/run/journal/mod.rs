//! The memory between runs: JSON lines, synced to disk before and after each write and reindex step.
//!
//! A journal only grows. The time to read it is proportional to its length, and a run adds some lines of about 300 bytes,
//! and 60 bytes for each link that it writes.

mod actor;
mod applied;
mod delivery_log;
mod entry;
mod error;
mod file;
mod folder;
mod lock;
mod owed;
mod pre_image;
mod probe;
mod replay;
mod run_id;
mod run_summary;
mod state;
#[cfg(test)]
mod tests;

pub use self::delivery_log::DeliveryLog;
pub(super) use self::entry::Effect;
pub use self::entry::{WrittenLink, journal_schema};
pub use self::error::JournalError;
pub use self::file::{Journal, Opening};
pub use self::folder::{STATE_FILES, StateFile};
pub use self::owed::OwedReindex;
pub use self::pre_image::PreImage;
pub use self::replay::{ReplayError, replay};
pub use self::run_summary::RunSummary;
pub use self::state::{OpenWrite, State};
