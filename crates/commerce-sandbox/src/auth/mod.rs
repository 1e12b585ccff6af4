//! Sign-in, tokens, signatures and permissions.

pub mod authn;
pub mod cloud;
pub mod holder;
pub mod lockout;
pub mod oauth;
pub mod sessions;
pub mod sign_in;
pub mod token;
pub mod two_factor;
