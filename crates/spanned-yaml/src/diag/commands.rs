//! Finds text that a CI system obeys as a command when a program prints it.
//!
//! GitHub's runner takes `##[command]…` anywhere in a line, and `::command::…` at its start; Azure Pipelines takes
//! `##vso[…`, `TeamCity` `##teamcity[…`. A name of the shop or of a pull request can hold such a text. One character of it is
//! spelt out, so that the reader sees it and the system does not obey. A character without a width in between would not do:
//! the runner compares by the rules of a language, which pass over it.

use super::hidden_chars::is_hidden;

/// The bytes at which the characters begin that must be spelt out, in order, so that no part of the text is a command.
pub fn commands(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    if !may_command(text) {
        return found;
    }
    let mut line = Line::default();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if let Some(sequence) = colour(&text[at..]) {
            found.extend(line.begun().into_iter().chain(line.colour()));
            at += sequence.len();
            continue;
        }
        if c == '\n' {
            found.extend(std::mem::take(&mut line).begun());
        } else {
            found.extend(line.take(at, c));
        }
        at += c.len_utf8();
    }
    found.extend(line.begun());
    found
}

/// False for texts of which one look tells that they command nothing, as nearly all are: nothing in them can stand unseen between
/// two hashes or colons, and no two of these stand together.
fn may_command(text: &str) -> bool {
    let seen = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    !text.bytes().fold(true, |all, byte| all & seen(byte)) || text.contains("##") || text.contains("::")
}

/// The escape sequence of a colour with which the text begins: the one kind that we print ourselves.
pub(super) fn colour(text: &str) -> Option<&str> {
    let numbers = text.strip_prefix("\u{1b}[")?;
    let end = numbers.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    let sequence = "\u{1b}[".len() + end + 1;
    numbers[end..].starts_with('m').then(|| &text[..sequence])
}

/// The part of a command that a line has shown so far.
#[derive(Debug, Default)]
struct Line {
    start: Start,
    hashes: Hashes,
}

#[derive(Debug, Default, Clone, Copy)]
enum Start {
    /// Nothing yet but blanks.
    #[default]
    Blank,
    /// A colon, which begins at that byte.
    One(usize),
    /// Two, of which the first begins at that byte.
    Two(usize),
    /// Something else.
    Past,
}

#[derive(Debug, Default, Clone, Copy)]
enum Hashes {
    #[default]
    None,
    One,
    /// Two, of which the second begins at that byte.
    Two(usize),
    /// Two and a word.
    Word(usize),
}

impl Line {
    /// Takes the next character; gives the place of the one to spell out when a command is complete.
    fn take(&mut self, at: usize, c: char) -> Option<usize> {
        // No command's name begins with a colon; our findings begin lines with three.
        let begun = self.begun().filter(|_| c != ':');
        if may_be_ignored(c) {
            return begun;
        }
        let start = match (self.start, c) {
            (Start::Blank, _) if c.is_whitespace() => Start::Blank,
            (Start::Blank, ':') => Start::One(at),
            (Start::One(first), ':') => Start::Two(first),
            _ => Start::Past,
        };
        let (hashes, hash) = match (self.hashes, c) {
            (Hashes::None | Hashes::Word(_), '#') => (Hashes::One, None),
            (Hashes::One | Hashes::Two(_), '#') => (Hashes::Two(at), None),
            (Hashes::Two(second) | Hashes::Word(second), 'a'..='z' | 'A'..='Z') => {
                (Hashes::Word(second), None)
            }
            (Hashes::Two(second) | Hashes::Word(second), '[') => (Hashes::None, Some(second)),
            _ => (Hashes::None, None),
        };
        (self.start, self.hashes) = (start, hashes);
        begun.or(hash)
    }

    /// The first of two colons with which the line has begun, once: what follows them, or nothing yet, may be a command's name.
    fn begun(&mut self) -> Option<usize> {
        let Start::Two(first) = self.start else {
            return None;
        };
        self.start = Start::Past;
        Some(first)
    }

    /// Takes an escape sequence, which may be removed before the line is read; who passes over its first character alone sees a
    /// bracket.
    fn colour(&mut self) -> Option<usize> {
        match self.hashes {
            Hashes::Two(second) | Hashes::Word(second) => {
                self.hashes = Hashes::None;
                Some(second)
            }
            Hashes::None | Hashes::One => None,
        }
    }
}

/// True if a comparison by the rules of a language may ignore the character. The set depends on the system's tables, but
/// has no visible letter, digit or ASCII character.
fn may_be_ignored(c: char) -> bool {
    is_hidden(c) || (!c.is_ascii() && !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::commands;

    #[test]
    fn commands_are_found_where_they_would_be_obeyed() {
        for (text, found) in [
            ("x##[set-output name=a;]b", vec![2]),
            ("###[x]", vec![2]),
            ("a##vso[task.x]##TeamCity[y", vec![2, 15]),
            ("::error::x", vec![0]),
            ("a\n \t::error::x\n::", vec![4, 15]),
            ("#\u{200b}#\u{fe0f}[x", vec![4]),
            ("\u{200b}\u{a0}:\u{ad}:x", vec![5]),
            ("\u{1b}[1m::x #\u{1b}[31m#\u{1b}[0m]", vec![4, 14]),
            ("#\u{1b}[31m#[", vec![6]),
            ("##\u{1b}[31m x]", vec![1]),
            ("## [x] a::b #[x] # #[ ##1[", vec![]),
            ("é::x", vec![]),
            (" ::: x", vec![]),
        ] {
            assert_eq!(commands(text), found, "{text:?}");
        }
    }
}
