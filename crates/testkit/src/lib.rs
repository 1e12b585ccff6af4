//! What the tests of this repository share: sandboxes in this process and a client that sends what it is told.

pub mod shop;
pub mod wire;
