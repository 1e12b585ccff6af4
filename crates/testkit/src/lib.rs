//! Fixtures that the tests and benches of this repository share.
//!
//! Servers: [`shop`] and [`sandbox_process`] run the sandbox, [`proxy`] stands before it and breaks requests, [`tls_front`]
//! puts it behind TLS, [`hostile_server`] answers as no honest shop does, [`wire`] is a bare client.
//! Processes: [`workspace`] runs the binary in a folder of its own, [`killed_apply`] kills an apply while it writes,
//! [`terminal`] is a terminal for it, [`peak_memory`] measures it, [`ci_runner`] obeys its output as a CI system would.
//! Data: [`world`] draws large inventories; with the feature `stocktake` there are plans (`plan_fixtures`, `order_fixtures`), the engine in this
//! process (`engine_fixture`), and the properties of everything that is read from outside (`read_properties`).

// A fixture that panics fails the test that uses it, which is how a failure is told.
#![allow(
    clippy::missing_panics_doc,
    clippy::new_without_default,
    clippy::return_self_not_must_use
)]

mod binary;
pub mod ci_runner;
#[cfg(feature = "stocktake")]
pub mod engine_fixture;
pub mod hostile_server;
pub mod killed_apply;
#[cfg(feature = "stocktake")]
pub mod order_fixtures;
pub mod peak_memory;
#[cfg(feature = "stocktake")]
pub mod plan_fixtures;
pub mod proxy;
#[cfg(feature = "stocktake")]
pub mod read_properties;
pub mod sandbox_process;
pub mod shop;
#[cfg(unix)]
pub mod terminal;
pub mod tls_front;
pub mod wire;
pub mod workspace;
pub mod world;

pub use binary::binary;
