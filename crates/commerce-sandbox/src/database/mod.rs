//! The shop's tables, and text and order as its database compares them.

pub mod catalogue;
pub mod clock;
pub mod collation;
pub mod principals;
pub mod product_form;
pub mod sort;
pub mod source;
pub mod sql_like;
pub mod store;
pub mod two_factor_settings;
