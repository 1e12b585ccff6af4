//! A fake Adobe Commerce / Magento with Multi-Source Inventory: real HTTP on loopback, held to recordings of real servers.
//!
//! A request goes from [`mod@serve`] through [`rest`] (path, sign-in, body) to the service its [`route`] names, which
//! works on the tables in [`store`]. What differs between versions of Commerce stands in [`generation`]. The sandbox
//! shares no type with the rest of the crate: with one wire format between client and server, a misspelt field would pass
//! every test. They agree through the recordings alone.

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
