//! Servers that answer without end or without measure: every command ends, and takes little memory.

mod answers;
mod bounded_run;
mod lists;
