//! Web hooks that are told of drift: what is news to one of them, and telling it.

mod deliver;
mod transition;

pub use deliver::{Undelivered, deliver};
pub use transition::{Condition, News, Obstacle};
