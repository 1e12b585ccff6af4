//! The texts of one run, with an index of their lines, and what in them must not be shown.

use super::lines::Lines;
use super::place::{FileId, Place, Span, small};

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
    entries: Vec<Entry>,
    concealed: Vec<Span>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    file: InputFile,
    lines: Lines,
    broken_at: Option<usize>,
}

/// Bytes kept after the first byte that is not UTF-8; replacing them triples their length.
const SHOWN_BROKEN: usize = 4096;

impl InputFiles {
    /// A single file.
    pub fn one(path: impl Into<String>, text: impl Into<String>) -> Self {
        let mut files = Self::default();
        files.add(path, text);
        files
    }

    /// Takes a file in and gives it its number.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        self.insert(path.into(), text.into(), None)
    }

    /// Takes a file in as it was read; the loader then says where it is no UTF-8, should it not be.
    pub fn add_bytes(&mut self, path: impl Into<String>, bytes: Vec<u8>) -> FileId {
        match String::from_utf8(bytes) {
            Ok(text) => self.add(path, text),
            Err(error) => {
                let broken_at = error.utf8_error().valid_up_to();
                let mut bytes = error.into_bytes();
                // Nothing behind that is ever read; a little of it is shown.
                bytes.truncate(broken_at.saturating_add(SHOWN_BROKEN));
                let broken = bytes.split_off(broken_at);
                let mut text = String::from_utf8(bytes).unwrap_or_default();
                text.push_str(&String::from_utf8_lossy(&broken));
                self.insert(path.into(), text, Some(broken_at))
            }
        }
    }

    fn insert(&mut self, path: String, text: String, broken_at: Option<usize>) -> FileId {
        let id = FileId(small(self.entries.len()));
        self.entries.push(Entry {
            lines: Lines::of(&text),
            file: InputFile { path, text },
            broken_at,
        });
        id
    }

    /// The file of that number.
    pub fn file(&self, id: FileId) -> Option<&InputFile> {
        self.entry(id).map(|entry| &entry.file)
    }

    /// The place of the first byte that is not UTF-8.
    pub fn broken_at(&self, id: FileId) -> Option<Span> {
        let start = self.entry(id)?.broken_at?;
        Some(Span::new(id, start, start))
    }

    /// All files with their numbers, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &InputFile)> {
        self.entries
            .iter()
            .zip(0..)
            .map(|(entry, number)| (FileId(number), &entry.file))
    }

    /// Conceals a part of a file, such as a possible secret in the wrong place.
    pub fn conceal(&mut self, span: Span) {
        self.concealed.push(span);
    }

    /// The parts of a file that must not be shown.
    pub fn concealed(&self, id: FileId) -> impl Iterator<Item = &Span> {
        self.concealed.iter().filter(move |span| span.file == id)
    }

    /// Line and column of the start of a span; 1:1 of `?` for an unknown file.
    pub fn place(&self, span: Span) -> Place {
        self.place_of(span.file, span.start)
    }

    /// Line and column of the end of a span.
    pub fn end_place(&self, span: Span) -> Place {
        self.place_of(span.file, span.end)
    }

    /// The bytes of a line (from 1) of a file, without its line break.
    pub fn line(&self, id: FileId, line: u32) -> Option<(&str, u32)> {
        let entry = self.entry(id)?;
        let range = entry.lines.range(&entry.file.text, line)?;
        let start = small(range.start);
        Some((entry.file.text.get(range)?, start))
    }

    fn place_of(&self, file: FileId, offset: u32) -> Place {
        let Some(entry) = self.entry(file) else {
            return Place {
                file: "?".to_owned(),
                line: 1,
                column: 1,
            };
        };
        let (line, column) = entry.lines.position(&entry.file.text, offset);
        Place {
            file: entry.file.path.clone(),
            line,
            column,
        }
    }

    fn entry(&self, id: FileId) -> Option<&Entry> {
        self.entries.get(id.0 as usize)
    }
}
