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
    /// For each file the bytes at which its lines begin, so that a place is found without reading the file again: a
    /// plan names one for each change.
    lines: Vec<Vec<usize>>,
}

impl InputFiles {
    /// Takes a file in and gives it its number.
    pub fn add(&mut self, file: InputFile) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let breaks = file.text.match_indices('\n').map(|(at, _)| at + 1);
        self.lines.push(std::iter::once(0).chain(breaks).collect());
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
        let found = self.file(span.file).zip(self.lines.get(span.file.0 as usize));
        let Some((file, lines)) = found else {
            return Place {
                file: "?".to_owned(),
                line: 1,
                column: 1,
            };
        };
        let at = file.text.len().min(span.start as usize);
        // The first line begins at 0, so that at least one begins at or before any place.
        let line = lines.partition_point(|start| *start <= at);
        let before = &file.text.as_bytes()[lines[line - 1]..at];
        let column = String::from_utf8_lossy(before).chars().count() + 1;
        Place {
            file: file.path.clone(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FileId, InputFile, InputFiles, Span};

    fn place(text: &str, start: u32) -> String {
        let mut files = InputFiles::default();
        let file = files.add(InputFile {
            path: "a.yaml".to_owned(),
            text: text.to_owned(),
        });
        files
            .place(Span {
                file,
                start,
                end: start,
            })
            .to_string()
    }

    #[test]
    fn a_place_is_the_line_and_the_character() {
        assert_eq!(place("", 0), "a.yaml:1:1");
        assert_eq!(place("ab\ncd\n", 1), "a.yaml:1:2");
        assert_eq!(place("ab\ncd\n", 2), "a.yaml:1:3");
        assert_eq!(place("ab\ncd\n", 3), "a.yaml:2:1");
        assert_eq!(place("ab\ncd\n", 6), "a.yaml:3:1");
        assert_eq!(place("zü: x\nü: y\n", 10), "a.yaml:2:3");
    }

    #[test]
    fn a_place_outside_of_all_files_does_no_harm() {
        assert_eq!(place("ab\ncd", 99), "a.yaml:2:3");
        let nowhere = Span {
            file: FileId(7),
            start: 3,
            end: 3,
        };
        assert_eq!(InputFiles::default().place(nowhere).to_string(), "?:1:1");
    }
}
