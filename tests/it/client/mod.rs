//! What the client makes of answers: the recorded ones, odd ones, and arbitrary bytes.

mod client;
mod recorded;

mod arbitrary;
mod errors;
mod lists;
