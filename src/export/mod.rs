//! Exports the live state as an inventory whose plan is empty, and brings files in line with it. Pure.

mod additions;
mod arrange;
mod edit_error;
mod entries;
mod from_live;
mod lines;
mod links;
mod list;
mod proof;
mod update;
mod updated;
mod updater;

pub use from_live::{ExportOptions, Exported, Form, LEFT_OUT, LeftOut, SourcesForm, export};
pub use proof::ExportError;
pub use update::update;
pub use updated::{UpdateError, UpdateOptions, Updated};
