//! The embedded Commerce: real HTTP on loopback, held to the recorded server by `tests/contract`.
//!
//! A request goes from [`mod@serve`] through [`rest`] (path, sign-in, body) to the service its [`route`] names, which
//! works on the tables in [`store`]. What differs between versions of Commerce stands in [`generation`]. The sandbox
//! shares no type with the rest of the crate: with one wire format between client and server, a misspelt field would pass
//! every test. They agree through the recordings alone.

#![warn(clippy::unwrap_used, clippy::expect_used)] // in tests a panic tells of the failure

pub mod answer;
pub mod arguments;
pub mod caller;
pub mod cast;
pub mod chaos;
pub mod class;
pub mod clock;
pub mod cloud;
pub mod collation;
pub mod contract;
pub mod control;
pub mod cost;
pub mod criteria;
pub mod fault;
pub mod fields;
pub mod generation;
pub mod http;
pub mod index;
pub mod indexer;
pub mod json;
pub mod like;
pub mod limits;
pub mod links;
pub mod lock_out;
pub mod log;
pub mod magento;
pub mod oauth;
pub mod options;
pub mod principals;
pub mod products;
pub mod profile;
pub mod query;
pub mod request;
pub mod rest;
pub mod route;
pub mod salable;
pub mod sales;
pub mod seed;
pub mod selection;
pub mod serve;
pub mod sessions;
pub mod shipping;
pub mod shop;
pub mod sign_in;
pub mod sort;
pub mod source;
pub mod source_items;
pub mod sources;
pub mod state_file;
pub mod stocks;
pub mod store;
pub mod token;
pub mod two_factor;
pub mod websites;

pub use cost::{Cost, UnknownCost};
pub use log::{Actor, LinkSeen, Logged};
pub use options::Options;
pub use profile::{Profile, UnknownProfile};
pub use seed::{Seed, SeedError};
pub use serve::serve;
pub use shop::Shop;
