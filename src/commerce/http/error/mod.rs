//! Errors: what a request failed with, and the hints for the person who must act.

pub mod api_error;
pub mod body;
pub mod excerpt;
pub mod hint;
pub mod interpolate;
