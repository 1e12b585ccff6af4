//! One request: signed, sent, and its response or error understood.

pub mod auth;
pub mod cache;
pub mod client;
pub mod connection;
pub mod deadline;
pub mod error;
pub mod masks;
pub mod proxy;
pub mod response;
pub mod retry;
pub mod transport;
