//! A fake Adobe Commerce / Magento with Multi-Source Inventory, for tests. This file names its public API.
//!
#![doc = include_str!("../README.md")]
// The way of a request: `serve` decides its faults, `chaos` injects them, `rest` finds the service and checks sign-in and
// arguments, and a service in `services` works on the tables of `database`. `generation` has the differences between releases.
//
// The sandbox shares no wire type with stocktake's client: otherwise a misspelt field would pass every test. The two agree
// through the recordings only.
#![warn(clippy::unwrap_used, clippy::expect_used)] // a panic reports the failure of a test

mod auth;
pub mod backdoor;
pub mod chaos;
mod control;
mod database;
mod generation;
mod http;
mod index;
mod json;
mod latency_model;
mod log;
mod magento;
mod options;
mod profile;
mod rest;
mod salability;
pub mod seed;
mod serve;
mod services;
mod shop;
mod state;
mod state_file;
mod webapi;

pub use latency_model::{LatencyModel, UnknownLatencyModel};
pub use log::{Actor, LinkSeen, Logged};
pub use options::Options;
pub use profile::{Profile, UnknownProfile};
pub use seed::{Seed, SeedError};
pub use serve::serve;
pub use shop::Shop;
