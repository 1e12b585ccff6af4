//! The embedded Commerce: real HTTP on loopback, held to the recorded server by `tests/contract`.

pub mod collation;
pub mod json;
pub mod source;
pub mod store;
