//! `doctor`: each step of the way to a shop by itself, and how far a target gets.

mod clock;
mod credentials;
mod steps;
