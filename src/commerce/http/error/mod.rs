//! Errors of requests: their kinds, messages, and hints on what to do next.

pub mod api_error;
pub mod body;
pub mod challenge;
pub mod connection_error;
pub mod error_kind;
pub mod excerpt;
pub mod hint;
pub mod interpolate;
pub mod network_hint;
pub mod proxy_failure;
