//! The embedded Commerce: real HTTP on loopback, held to the recorded server by `tests/contract`.
//!
//! A request goes from [`mod@serve`] through [`rest`] (path, sign-in, body) to the service its [`route`] names, which
//! works on the tables in [`store`]. The sandbox shares no type with the rest of the crate: with one wire format between
//! client and server, a misspelt field would pass every test. They agree through the recordings alone.

pub mod answer;
pub mod arguments;
pub mod cast;
pub mod class;
pub mod collation;
pub mod contract;
pub mod control;
pub mod criteria;
pub mod fault;
pub mod fields;
pub mod index;
pub mod indexer;
pub mod json;
pub mod like;
pub mod links;
pub mod magento;
pub mod principals;
pub mod products;
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
pub mod websites;

pub use seed::{Seed, SeedError};
pub use serve::{Options, serve};
pub use shop::{Logged, Shop};
pub use state_file::load as load_state;
