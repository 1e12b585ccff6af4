//! YAML texts as trees with places, and decoding that goes on after a mistake: what `spec` and `target` read with.

#![warn(clippy::unwrap_used, clippy::expect_used)] // in tests a panic tells of the failure

mod build;
mod conflict;
mod context;
mod decode;
pub mod diag;
mod edit;
mod explain;
mod field;
mod hidden;
mod layout;
mod leaf;
mod limits;
mod mapping;
mod node;
mod one_of;
mod portable;
mod read;
mod record;
pub mod rules;
mod scalar;
mod schema;
mod tree;
mod version;
mod write;
mod yaml11;

pub use context::DecodeContext;
pub use decode::{Decode, Entries, List, Sensitive};
pub use edit::{Edit, edited};
pub use field::Field;
pub use layout::{FormatStyle, laid_out};
pub use leaf::{IntLit, StrLit};
pub use limits::MAX_BYTES;
pub use mapping::{Key, fields};
pub use node::{Node, NodeKind};
pub use one_of::exactly_one;
pub use read::read;
pub use rules::RULES;
pub use schema::{Property, document_schema, object_schema};
pub use tree::Tree;
pub use version::Version;
pub use write::{comment, scalar};
