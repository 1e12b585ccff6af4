//! Explains syntax errors by the usual mistakes. Messages never quote the file, which may hold a secret; they name characters by
//! code point.

use granit_parser::ErrorKind;

use crate::diag::{code_point, is_hidden, is_odd_blank};

/// Number of lines searched before the parser's place: the parser notices a line that continues the text above it only at the
/// next key.
const BACK: usize = 20;

/// An explained mistake.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Explained {
    /// Byte range of the mistake.
    pub(super) at: (usize, usize),
    pub(super) message: String,
    pub(super) help: &'static str,
}

const QUOTES: &str = "write the value in quotes, such as `name: \"Outlet: EU\"`";

/// Explains the parser's complaint about a place of the text, where it is one of the usual mistakes.
pub(super) fn explained(
    text: &str,
    at: usize,
    bracket: Option<usize>,
    kind: &ErrorKind,
) -> Option<Explained> {
    let at = text.floor_char_boundary(at);
    match kind {
        ErrorKind::BomInsideDocument => return Some(byte_order_mark(text, at)),
        ErrorKind::UnexpectedCharacter { character } => return Some(unexpected(*character, at)),
        ErrorKind::MissingAnchorOrAliasName => {
            let message = "a value that begins with `&` or `*` is not a text in YAML: they begin an anchor and an alias";
            return Some(Explained::new(at, ':', message, QUOTES));
        }
        ErrorKind::UnclosedQuotedScalar => {
            let message = "the quotation mark here is never closed";
            return Some(Explained::new(at, '"', message, "close it with the same mark"));
        }
        _ => {}
    }
    odd_line(text, at)
        .or_else(|| colon(text, at, bracket, kind))
        .or_else(|| shape(at, kind))
}

impl Explained {
    /// A mistake of one character, by where it begins and by one of its length.
    fn new(at: usize, c: char, message: impl Into<String>, help: &'static str) -> Self {
        Self {
            at: (at, at + c.len_utf8()),
            message: message.into(),
            help,
        }
    }
}

fn byte_order_mark(text: &str, at: usize) -> Explained {
    const MARK: char = '\u{feff}';
    let start = text[at..].find(MARK).map_or(at, |mark| at + mark);
    let message = format!("{} stands within the file", code_point(MARK));
    let help = "remove it; files that were put together one behind the other have one in the middle";
    Explained::new(start, MARK, message, help)
}

fn unexpected(c: char, at: usize) -> Explained {
    let (message, help) = if c.is_ascii_graphic() {
        (format!("a value cannot begin with `{c}` in YAML"), QUOTES)
    } else {
        (
            format!("{} cannot stand in a file of YAML", code_point(c)),
            "remove it; between double quotes it can be written as an escape, such as \\x1b",
        )
    };
    Explained::new(at, c, message, help)
}

/// The nearest line that begins with something else than blanks, or has it behind a dash or a colon.
fn odd_line(text: &str, at: usize) -> Option<Explained> {
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    let next = text.get(end + 1..).unwrap_or_default();
    let next = (end + 1, next.split('\n').next().unwrap_or_default());
    let mut lines = Vec::new();
    let mut end = end;
    for _ in 0..BACK {
        let start = text[..end].rfind('\n').map_or(0, |line| line + 1);
        lines.push((start, &text[start..end]));
        if start == 0 {
            break;
        }
        end = start - 1;
    }
    let mut lines = lines
        .into_iter()
        .chain([next])
        .filter(|(_, line)| !line.trim().is_empty());
    lines.find_map(|(start, line)| {
        let (offset, c) = odd_blank(line)?;
        let message = if c == '\t' {
            "this line is indented by a tab, which YAML does not take".to_owned()
        } else {
            format!(
                "the blank here is {}, which YAML does not take for one",
                code_point(c)
            )
        };
        let help = "indent with the space bar's blank alone, two for each level";
        Some(Explained::new(start + offset, c, message, help))
    })
}

/// The first odd blank of a line: among those at its beginning, or behind its first dash or colon.
fn odd_blank(line: &str) -> Option<(usize, char)> {
    let is_odd = |c: char| is_odd_blank(c) || (is_hidden(c) && c != '\r' && c != '\t');
    let leading = line
        .find(|c: char| c != ' ' && c != '\t' && !is_odd(c))
        .unwrap_or(line.len());
    if let Some(found) = line[..leading].char_indices().find(|(_, c)| *c != ' ') {
        return Some(found);
    }
    let body = &line[leading..];
    if body.starts_with(['#', '"', '\'']) {
        return None;
    }
    let sign = if body.starts_with('-') {
        Some(0)
    } else {
        body.find(':')
    }?;
    let behind = leading + sign + 1;
    let c = line[behind..].chars().next().filter(|c| is_odd(*c))?;
    Some((behind, c))
}

/// A colon too much, or one without a blank behind it.
fn colon(text: &str, at: usize, bracket: Option<usize>, kind: &ErrorKind) -> Option<Explained> {
    let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let in_place = text[at..].starts_with(':');
    // A bracket of an earlier line was rather left open.
    let in_brackets = bracket.is_some_and(|bracket| !text[bracket..at].contains('\n'));
    let is_surplus = match kind {
        ErrorKind::MappingValueNotAllowed => text[start..at].contains(": "),
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::InvalidColonPlacement => in_brackets,
        _ => false,
    };
    match kind {
        _ if in_place && is_surplus => {
            let message = "a value that holds `: ` is another key to YAML";
            Some(Explained::new(at, ':', message, QUOTES))
        }
        ErrorKind::MappingValueNotAllowed => tight_colon(text, start),
        ErrorKind::SimpleKeyExpected => full_width_colon(text, start).or_else(|| tight_colon(text, at)),
        _ => None,
    }
}

/// The colon without a blank of the line that ends before a place, or begins there.
fn tight_colon(text: &str, line: usize) -> Option<Explained> {
    let before = text[..line].trim_end();
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let here = text[line..].split('\n').next().unwrap_or_default();
    for (start, line) in [(start, &text[start..before.len()]), (line, here)] {
        let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ');
        let colon = line
            .find(|c: char| !word(c))
            .filter(|at| line[*at..].starts_with(':'));
        if let Some(colon) = colon
            && line[colon + 1..].starts_with(|c: char| c.is_ascii_graphic())
        {
            let message = "no blank stands behind this colon";
            let help = "write `key: value`, with a blank behind the colon";
            return Some(Explained::new(start + colon, ':', message, help));
        }
    }
    None
}

fn full_width_colon(text: &str, start: usize) -> Option<Explained> {
    let line = text[start..].split('\n').next()?;
    let colon = line.find('\u{ff1a}')?;
    let message = "this colon is U+FF1A FULLWIDTH COLON, which YAML does not take for one";
    let help = "write `key: value` with the colon of ASCII";
    Some(Explained::new(start + colon, '\u{ff1a}', message, help))
}

fn shape(at: usize, kind: &ErrorKind) -> Option<Explained> {
    let (message, help) = match kind {
        ErrorKind::SimpleKeyExpected => (
            "this line is neither `key: value` nor an item that begins with `- `",
            "write it as one of the two, or take it out",
        ),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry => (
            "this line is not indented like the others of its list or mapping",
            "give all entries of a list, and all keys of a mapping, the same indentation",
        ),
        _ => return None,
    };
    Some(Explained::new(at, ' ', message, help))
}
