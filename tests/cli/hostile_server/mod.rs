//! Shops that answer without end or without measure: every command comes to its end, in little memory.
#![cfg(unix)]

mod answers;
mod lists;
mod peak;
mod shop;
mod spent;
