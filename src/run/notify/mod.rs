//! Web hooks that are told of drift: what is news to one of them, and telling it.

mod deliver;
mod news;

pub use deliver::{Undelivered, deliver};
pub use news::{Condition, News, Obstacle};
