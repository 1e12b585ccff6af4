//! Taking a shop over: the live state as an inventory whose plan is empty, and files brought in line with it. Pure.

mod additions;
mod arrange;
mod edit_error;
mod entries;
mod export;
mod lines;
mod links;
mod list;
mod proof;
mod update;
mod updater;

pub use export::{ExportOptions, Exported, Form, LEFT_OUT, LeftOut, SourcesForm, export};
pub use proof::Unproven;
pub use update::{UpdateError, UpdateOptions, Updated, update};
