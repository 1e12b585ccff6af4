//! Hands the arguments to the command line and its exit code to the operating system.
fn main() {}
