//! Loads `inventory.yaml` into a [`Spec`], or reports everything that is wrong with it.

mod checks;
mod document;
mod draft;
mod duplicates;
pub mod emit;
mod format;
mod groups;
mod load;
mod lower;
pub mod rules;
mod texts;
mod wanted;

pub use format::{FormatError, format};
pub use load::{Loaded, load};
pub use rules::RULES;
pub use wanted::{DeclaredSource, Links, Spec, WantedLinks, WantedSource, WantedStock};

/// The JSON Schema of `inventory.yaml`, made from the types that the loader decodes.
pub fn schema() -> schemars::Schema {
    spanned_yaml::document_schema::<document::InventoryFile<'static>>("stocktake inventory")
}
