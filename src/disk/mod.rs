//! The files of this machine: read with a bound, written whole, and never through a link that leads elsewhere.

mod place;
mod read;
mod write;

pub use place::{keeps_inside, refuse_link, refuse_stream};
pub use read::{LARGEST_DOCUMENT, LARGEST_TEXT, lost_link, read, read_if_there, read_stream, size};
pub use write::{edited, remove_old, replace, write_new};
