//! What the client makes of answers: the recorded ones, odd ones, and arbitrary bytes.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod client;
#[path = "../proxy/mod.rs"]
#[allow(dead_code, reason = "the scenarios break more than these tests")]
mod proxy;
mod recorded;

mod arbitrary;
mod errors;
mod lists;
