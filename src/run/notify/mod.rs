//! Web hooks that are told of drift: what is news to one of them, and telling it.

mod deliver;
mod transition;

pub use deliver::{DeliveryError, deliver};
pub use transition::{Cause, TargetState, Transition};
