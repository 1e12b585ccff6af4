//! What the client makes of answers: the recorded ones, odd ones, and arbitrary bytes.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]
#![allow(clippy::result_large_err, reason = "the errors are what is looked at")]

mod client;
#[path = "../proxy/mod.rs"]
#[allow(dead_code, reason = "other tests need more of it")]
mod proxy;
mod recorded;

mod arbitrary;
mod errors;
mod lists;
