//! Places in the input files: spans of bytes, and the line and column a person looks for.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// The number of an input file within one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

impl FileId {
    /// The point at which the file begins.
    pub fn start(self) -> Span {
        Span::new(self, 0, 0)
    }
}

/// A range of bytes in one input file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one; equal to `start` for a mere point.
    pub end: u32,
}

impl Span {
    /// The bytes between two offsets.
    pub fn new(file: FileId, start: usize, end: usize) -> Self {
        let (start, end) = (small(start), small(end));
        Self { file, start, end }
    }

    /// The bytes as a part of the file's text.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// An offset or a count. A file beyond the loaders' limit, which is far lower, is refused before anything in it is looked at.
pub(crate) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A place as a person names it: `inventory.yaml:12:7`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Place {
    /// The file's path as it was given.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
