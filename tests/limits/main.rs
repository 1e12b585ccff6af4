//! Bounds of memory and time: endless answers of a server, and files longer than any could be.
//!
//! These tests have a process of their own, which stays small: a child counts the memory of its parent as its own until it
//! becomes another program.

#[cfg(unix)]
mod answers;
#[cfg(unix)]
mod bounded_run;
#[cfg(unix)]
mod lists;
mod too_much;
