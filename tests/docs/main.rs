//! The documentation, held to the program: what is generated is current, every command runs as the page shows it, every
//! snippet is read, every link leads somewhere.

mod examples;
mod links;
mod messages;
mod page;
mod prose;
mod reference;
#[cfg(unix)] // the pages are written for a POSIX shell
mod session;
mod snippets;
mod words;
