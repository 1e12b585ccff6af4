//! The client: how requests are signed.

pub mod oauth;
