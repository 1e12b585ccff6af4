//! HTTP: one request is signed and sent, and its response is read or its error explained.

pub mod auth;
pub mod cache;
pub mod client;
pub mod connection;
pub mod deadline;
pub mod error;
pub mod limits;
pub mod masks;
pub mod percent;
pub mod proxy;
pub mod receive;
pub mod response;
pub mod retry;
pub mod tls;
pub mod transport;
