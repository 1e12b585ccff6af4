//! The services behind the routes: one file or folder for each kind of object.

pub mod links;
pub mod products;
pub mod salable_quantity;
pub mod sales;
pub mod shipping;
pub mod source_items;
pub mod source_selection;
pub mod sources;
pub mod stocks;
pub mod websites;
