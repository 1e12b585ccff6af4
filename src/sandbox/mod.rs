//! The embedded Commerce: real HTTP on loopback, held to the recorded server by `tests/contract`.

pub mod collation;
pub mod index;
pub mod indexer;
pub mod json;
pub mod magento;
pub mod salable;
pub mod selection;
pub mod source;
pub mod store;
