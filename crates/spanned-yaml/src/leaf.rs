//! Texts and whole numbers, with their places.

use super::context::Reading;
use super::node::{Node, Shape};
use super::scalar::{Core, resolve};
use crate::diag::{Span, shown};

/// A text and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'t> {
    /// The text, without quotes and escapes.
    pub value: &'t str,
    /// Where it stands.
    pub span: Span,
}

impl<'t> Text<'t> {
    /// Reads a text that could as well be a number; `noun` says of what kind, such as `a source code`.
    ///
    /// Without quotes, what YAML reads as a number, a boolean or nothing is refused rather than taken by its spelling:
    /// so the file means the same to every tool that reads it, the JSON Schema's validators among them.
    pub fn read(node: Node<'t>, noun: &str, reading: &mut Reading) -> Option<Self> {
        Self::read_or(node, noun, quotes, reading)
    }

    /// Reads a text that no number can be, such as `a URL`.
    pub fn word(node: Node<'t>, noun: &str, reading: &mut Reading) -> Option<Self> {
        Self::read_or(node, noun, |_, _| None, reading)
    }

    fn read_or(
        node: Node<'t>,
        noun: &str,
        help: fn(Shape<'t>, &Reading) -> Option<String>,
        reading: &mut Reading,
    ) -> Option<Self> {
        let value = match node.shape() {
            Shape::Text(text) => text,
            Shape::Plain(text) if resolve(text) == Core::Text => text,
            other => {
                let help = help(other, reading);
                reading.wrong_type(node, noun, help);
                return None;
            }
        };
        Some(Self {
            value,
            span: node.head(),
        })
    }
}

/// What to do about a text that YAML reads as something else.
fn quotes(shape: Shape<'_>, reading: &Reading) -> Option<String> {
    match shape {
        Shape::Plain("" | "~") => None,
        Shape::Plain(_) if reading.is_guarded() => Some("if it is meant, write it in quotes".to_owned()),
        Shape::Plain(text) => Some(format!("if it is meant, write it in quotes: \"{}\"", shown(text))),
        _ => None,
    }
}

/// A whole number and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    /// The number; one beyond 64 bits is the greatest or smallest there is.
    pub value: i64,
    /// Where it stands.
    pub span: Span,
}

impl Whole {
    /// Reads a whole number in decimal; `noun` says of what kind, such as `a priority`.
    pub fn read(node: Node<'_>, noun: &str, reading: &mut Reading) -> Option<Self> {
        let expected = || format!("{noun} (a whole number)");
        let text = match node.shape() {
            Shape::Plain(text) => text,
            Shape::Text(text) => {
                let help =
                    matches!(resolve(text), Core::Int(Some(_))).then(|| "write it without quotes".to_owned());
                reading.wrong_type(node, &expected(), help);
                return None;
            }
            Shape::Sequence | Shape::Mapping | Shape::Broken => {
                reading.wrong_type(node, &expected(), None);
                return None;
            }
        };
        let decimal = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-".contains(&byte));
        let padded = text.trim_start_matches(['+', '-']).starts_with('0') && text.len() > 1;
        match resolve(text) {
            Core::Int(_) if !decimal || padded => {
                let help = "write it in decimal, without zeros before it";
                reading.wrong_type(node, &expected(), Some(help.to_owned()));
                None
            }
            Core::Int(number) => Some(Self {
                value: number.unwrap_or(if text.starts_with('-') { i64::MIN } else { i64::MAX }),
                span: node.head(),
            }),
            _ => {
                reading.wrong_type(node, &expected(), None);
                None
            }
        }
    }
}
