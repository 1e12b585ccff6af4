//! Properties of the pure core, on random topologies and against an executable model of the server.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by it; clippy takes only marked functions for tests"
)]

mod guards;
mod order;
mod plans;
mod server;
mod world;
