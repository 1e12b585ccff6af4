//! The embedded Commerce: real HTTP on loopback, held to the recorded server by `tests/contract`.
//!
//! A request goes from [`mod@serve`] through [`rest`] (path, sign-in, body) to the service its [`route`] names, which
//! works on the tables in [`store`]. What differs between versions of Commerce stands in [`generation`]. The sandbox
//! shares no type with the rest of the crate: with one wire format between client and server, a misspelt field would pass
//! every test. They agree through the recordings alone.

#![warn(clippy::unwrap_used, clippy::expect_used)] // in tests a panic tells of the failure

pub mod auth;
pub mod chaos;
pub mod control;
pub mod database;
pub mod generation;
pub mod http;
pub mod index;
pub mod latency_model;
pub mod log;
pub mod magento;
pub mod options;
pub mod profile;
pub mod rest;
pub mod seed;
pub mod serve;
pub mod services;
pub mod shop;
pub mod state_file;
pub mod webapi;

pub use database::{source, store};
pub use latency_model::{Cost, UnknownCost};
pub use log::{Actor, LinkSeen, Logged};
pub use options::Options;
pub use profile::{Profile, UnknownProfile};
pub use seed::{Seed, SeedError};
pub use serve::serve;
pub use shop::Shop;
