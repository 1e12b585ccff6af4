//! Writing: the links of an approved plan.

pub mod writer;
