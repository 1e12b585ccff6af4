//! Places in the input files: spans of bytes, and the line and column a person looks for.

use serde::{Deserialize, Serialize};

/// The number of an input file within one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

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

/// A file that was read, with its path as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// The path as it was given.
    pub path: String,
    /// The content.
    pub text: String,
}

/// The files of one run; spans point into them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputFiles {
    files: Vec<InputFile>,
}

impl InputFiles {
    /// Takes a file in and gives it its number.
    pub fn add(&mut self, file: InputFile) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(file);
        id
    }

    /// The file of that number.
    pub fn file(&self, id: FileId) -> Option<&InputFile> {
        self.files.get(id.0 as usize)
    }

    /// All files with their numbers, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &InputFile)> {
        self.files
            .iter()
            .zip(0..)
            .map(|(file, number)| (FileId(number), file))
    }

    /// Where a span begins, for a person; a span of no known file is placed at 1:1 of `?`.
    pub fn place(&self, span: Span) -> Place {
        let Some(file) = self.file(span.file) else {
            return Place {
                file: "?".to_owned(),
                line: 1,
                column: 1,
            };
        };
        let before = file
            .text
            .as_bytes()
            .get(..span.start as usize)
            .unwrap_or(file.text.as_bytes());
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let line = before.split(|byte| *byte == b'\n').count();
        let column = String::from_utf8_lossy(&before[line_start..]).chars().count() + 1;
        Place {
            file: file.path.clone(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}
