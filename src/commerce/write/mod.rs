//! Writing: the link writes of an approved plan.

mod wire;
pub mod writer;
