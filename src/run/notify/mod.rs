//! Notifies web hooks of drift: decides what is new to each, and delivers it.

mod deliver;
mod notifier;
pub(super) mod transition;

pub use notifier::{NotificationReport, Notifier};
pub use transition::{Cause, TargetState, Transition};
