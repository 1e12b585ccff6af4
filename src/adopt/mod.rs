//! Taking a shop over: the live state as an inventory whose plan is empty, and files brought in line with it. Pure.

mod export;
mod links;
mod proof;

pub use export::{ExportOptions, Exported, Form, LeftOut, SourcesForm, export};
pub use proof::Unproven;
