//! What the client makes of answers: the recorded ones, odd ones, and arbitrary bytes.

mod recorded;
mod session;

mod arbitrary;
mod errors;
mod lists;
