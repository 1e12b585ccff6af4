//! What the client makes of answers: the recorded ones, odd ones, and arbitrary bytes.

mod client;
#[path = "../proxy/mod.rs"]
#[allow(dead_code, reason = "other tests need more of it")]
mod proxy;
mod recorded;

mod arbitrary;
mod errors;
mod lists;
