//! Reads YAML with the place of every value, reports all errors of a run at once, and edits texts without touching the rest.
//!
//! [`read`] parses a file into a [`Tree`]; [`Decode`] and [`record!`] decode its nodes and report errors in a [`DecodeContext`];
//! [`diag::render`] draws the findings; [`edited`] replaces parts of the text.
//!
//! ```
//! use spanned_yaml::diag::{InputFiles, Style, render};
//! use spanned_yaml::{DecodeContext, Edit, IntLit, Key, StrLit, edited, fields, read};
//!
//! let mut files = InputFiles::default();
//! let text = "host: a.example # ours\nport: http\n".to_owned();
//! let id = files.add("server.yaml", text.clone());
//!
//! // Read.
//! let mut context = DecodeContext::default();
//! let tree = read(&files, id, &mut context.findings).ok_or("not YAML")?;
//! let root = tree.root().ok_or("empty")?;
//!
//! // Decode; an error does not stop it.
//! let keys = [Key { name: "host", required: true }, Key { name: "port", required: true }];
//! let [host, port] = fields(root, "a server", &keys, &mut context).ok_or("no mapping")?;
//! let host = host.and_then(|node| StrLit::read(node, "a host", &mut context)).ok_or("no host")?;
//! let port = port.and_then(|node| IntLit::read(node, "a port", &mut context));
//! assert_eq!((host.value, port), ("a.example", None));
//!
//! // Render.
//! let shown = render(&context.findings.sorted(), &files, Style::Plain);
//! assert!(shown.contains("expected a port (a whole number), found the text `http`"));
//! assert!(shown.contains("server.yaml:2:7"));
//!
//! // Edit.
//! let edit = Edit { span: host.span, text: "b.example".to_owned() };
//! assert_eq!(edited(&text, vec![edit]).ok_or("overlap")?, "host: b.example # ours\nport: http\n");
//! # Ok::<(), &str>(())
//! ```

#![warn(clippy::unwrap_used, clippy::expect_used)] // tests may panic

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
pub use edit::{Edit, edited, line_break};
pub use field::Field;
pub use layout::{FormatStyle, laid_out};
pub use leaf::{IntLit, StrLit};
pub use limits::MAX_BYTES;
pub use mapping::{Key, fields, fields_beside};
pub use node::{Node, NodeKind};
pub use one_of::exactly_one;
pub use read::read;
pub use rules::RULES;
pub use schema::{Property, document_schema, object_schema};
pub use tree::Tree;
pub use version::Version;
pub use write::{comment, scalar};
