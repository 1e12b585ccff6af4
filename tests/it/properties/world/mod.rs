//! Random topologies: what is wanted, and what is live on a shop that people have worked on for years.

mod shape;
mod strategy;

pub use shape::{CODES, NAMES, NO_LIMITS, StockShape, WantedShape, World, spell};
pub use strategy::world;
