//! Sign-in: credentials, tokens, signatures, and access gates in front of the shop.

pub mod access_gate;
pub mod credential;
pub mod oauth;
pub mod signer;
mod token;
