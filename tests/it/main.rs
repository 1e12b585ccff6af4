//! The library in this process: its pure parts alone, its client and its engine against sandboxes over real HTTP.

mod client;
mod diagnostics;
mod formats;
mod fuzz_seeds;
mod generations;
mod library;
mod loader;
mod oauth;
mod other_reader;
mod properties;
mod requests;
mod scenarios;
mod tls;
