//! Texts and whole numbers, with their places.

use super::context::DecodeContext;
use super::node::{Node, NodeKind};
use super::scalar::{Core, resolve};
use crate::diag::{Span, shown};

/// A text and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StrLit<'t> {
    /// The text, without quotes and escapes.
    pub value: &'t str,
    /// Its place.
    pub span: Span,
}

impl<'t> StrLit<'t> {
    /// Reads a text that could as well be a number; `noun` says of what kind, such as `a source code`.
    ///
    /// Without quotes, what YAML reads as a number, a boolean or nothing is refused rather than taken by its spelling:
    /// so the file means the same to every tool that reads it, the JSON Schema's validators among them.
    pub fn read(node: Node<'t>, noun: &str, context: &mut DecodeContext) -> Option<Self> {
        Self::read_or(node, noun, quotes, context)
    }

    /// Reads a text that no number can be, such as `a URL`.
    pub fn word(node: Node<'t>, noun: &str, context: &mut DecodeContext) -> Option<Self> {
        Self::read_or(node, noun, |_, _| None, context)
    }

    fn read_or(
        node: Node<'t>,
        noun: &str,
        help: fn(NodeKind<'t>, &DecodeContext) -> Option<String>,
        context: &mut DecodeContext,
    ) -> Option<Self> {
        let value = match node.kind() {
            NodeKind::Text(text) => text,
            NodeKind::Plain(text) if resolve(text) == Core::Text => {
                context.warn_of_yaml11(node, text);
                text
            }
            other => {
                let help = help(other, context);
                context.wrong_type(node, noun, help);
                return None;
            }
        };
        Some(Self {
            value,
            span: node.head(),
        })
    }
}

/// The help for a text that YAML reads as another type.
fn quotes(kind: NodeKind<'_>, context: &DecodeContext) -> Option<String> {
    match kind {
        NodeKind::Plain("" | "~") => None,
        NodeKind::Plain(_) if context.is_sensitive() => Some("if it is meant, write it in quotes".to_owned()),
        NodeKind::Plain(text) => Some(format!("if it is meant, write it in quotes: \"{}\"", shown(text))),
        _ => None,
    }
}

/// A whole number and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntLit {
    /// The number; one beyond 64 bits is the greatest or smallest there is.
    pub value: i64,
    /// Its place.
    pub span: Span,
}

impl IntLit {
    /// Reads a whole number in decimal; `noun` says of what kind, such as `a priority`.
    pub fn read(node: Node<'_>, noun: &str, context: &mut DecodeContext) -> Option<Self> {
        let help = match node.kind() {
            NodeKind::Plain(text) => match resolve(text) {
                Core::Int(number) if is_decimal(text) => {
                    let beyond = if text.starts_with('-') { i64::MIN } else { i64::MAX };
                    return Some(Self {
                        value: number.unwrap_or(beyond),
                        span: node.head(),
                    });
                }
                Core::Int(_) => Some("write it in decimal, without zeros before it"),
                _ => None,
            },
            NodeKind::Text(text) if matches!(resolve(text), Core::Int(Some(_))) => {
                Some("write it without quotes")
            }
            _ => None,
        };
        context.wrong_type(node, &format!("{noun} (a whole number)"), help.map(str::to_owned));
        None
    }
}

/// True for a number without zeros before it, and with nothing but digits and a sign.
fn is_decimal(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    let padded = digits.starts_with('0') && text.len() > 1;
    !padded && digits.bytes().all(|byte| byte.is_ascii_digit())
}
