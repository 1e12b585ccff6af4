//! What the files want: the texts of `inventory.yaml` become a [`Spec`], or the list of all that is wrong with them.

mod checks;
mod document;
mod draft;
mod duplicates;
pub mod emit;
mod format;
mod load;
mod lower;
pub mod rules;
mod wanted;

pub use format::{FormatError, format};
pub use load::{Loaded, load};
pub use rules::RULES;
pub use wanted::{DeclaredSource, Spec, WantedLinks, WantedSource, WantedStock};

/// The JSON Schema of `inventory.yaml`, made from the types that the loader decodes.
pub fn schema() -> schemars::Schema {
    spanned_yaml::document_schema::<document::InventoryFile<'static>>("stocktake inventory")
}
