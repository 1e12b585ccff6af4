//! What is wrong with a file, as data: a code, a sentence, places in texts, and what to do; drawing comes after.

mod closest;
mod diagnostic;
mod place;

pub use closest::closest;
pub use diagnostic::{Diagnostic, Label, Severity};
pub use place::{FileId, InputFile, InputFiles, Place, Span};
