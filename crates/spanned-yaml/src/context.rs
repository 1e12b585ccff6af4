//! State of one decoding run: findings so far, and the spans to conceal.

use super::node::{Node, NodeKind};
use super::rules::{READ_DIFFERENTLY, WRONG_TYPE};
use super::scalar::{Core, resolve};
use super::yaml11::yaml11;
use crate::diag::{Diagnostic, Findings, Span, shown};

/// State of one decoding run.
#[derive(Debug, Default)]
pub struct DecodeContext {
    /// Errors and warnings so far.
    pub findings: Findings,
    /// Spans that may hold a secret and are never shown.
    pub concealed: Vec<Span>,
    confidential: bool,
    sensitive: bool,
}

impl DecodeContext {
    /// For files that may hold secrets in the wrong place: values that cannot be decoded are not shown.
    pub fn confidential() -> Self {
        Self {
            confidential: true,
            ..Self::default()
        }
    }

    /// Decodes a value that is, or leads to, a secret; errors neither quote nor show it.
    pub fn sensitive<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.sensitive, self.confidential);
        let value = read(self);
        self.sensitive = outer;
        value
    }

    /// True while values must not be quoted.
    pub fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    /// Adds a finding.
    pub fn report(&mut self, found: Diagnostic) {
        self.findings.push(found);
    }

    /// Keeps a node's text from being shown, if the files are confidential.
    pub fn conceal(&mut self, node: Node<'_>) {
        if self.confidential {
            self.concealed.push(node.extent());
        }
    }

    /// Reports that a node is not what it should be.
    pub fn wrong_type(&mut self, node: Node<'_>, expected: &str, help: Option<String>) {
        if matches!(node.kind(), NodeKind::Broken) {
            return;
        }
        if self.sensitive {
            self.conceal(node);
        }
        let message = format!("expected {expected}, found {}", self.describe(node));
        let found = WRONG_TYPE.at(node.head(), message);
        self.findings.push(match help {
            Some(help) => found.help(help),
            None => found,
        });
    }

    /// Warns of a plain text that YAML 1.1 readers take for another value. An aliased text is reported where it stands.
    pub fn warn_of_yaml11(&mut self, node: Node<'_>, text: &str) {
        let Some(value) = yaml11(text).filter(|_| node.alias().is_none()) else {
            return;
        };
        let other = value.describe(!self.sensitive);
        let (text, help) = if self.sensitive {
            self.conceal(node);
            ("this text".to_owned(), "write it in quotes".to_owned())
        } else {
            (
                format!("the text `{text}`"),
                format!("write it in quotes: \"{text}\""),
            )
        };
        let message = format!("YAML 1.1 tools read {text} as {other}");
        self.findings
            .push(READ_DIFFERENTLY.at(node.head(), message).help(help));
    }

    fn describe(&self, node: Node<'_>) -> String {
        let (kind, value) = match node.kind() {
            NodeKind::Plain(text) => match resolve(text) {
                Core::Null => return "nothing".to_owned(),
                Core::Bool(_) => ("the boolean", text),
                Core::Int(_) | Core::Float => ("the number", text),
                Core::Text => ("the text", text),
            },
            NodeKind::Text(text) => ("the text", text),
            NodeKind::Sequence => return "a list".to_owned(),
            NodeKind::Mapping | NodeKind::Broken => return "a mapping".to_owned(),
        };
        if self.sensitive {
            return kind.replacen("the", "a", 1);
        }
        format!("{kind} `{}`", shown(value))
    }
}
