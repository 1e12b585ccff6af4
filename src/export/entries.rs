//! The entries of a list in a file: their sources, places and priorities.

use spanned_yaml::diag::Span;
use spanned_yaml::{Edit, Node, NodeKind, scalar};

use super::edit_error::EditError;
use crate::model::{Priority, SourceCode};

/// An entry of a list.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The source that it names.
    pub(super) code: SourceCode,
    /// All of it, without what stands behind it.
    pub(super) span: Span,
    /// Its number, with its place.
    pub(super) number: Option<(String, Span)>,
    /// True for a mapping of several lines.
    pub(super) is_block: bool,
}

/// The entries of a list of links or sources.
pub(super) fn read(list: Node<'_>) -> Result<Vec<Entry>, EditError> {
    if let Some(alias) = list.alias() {
        return Err(EditError::new(alias, "this list stands elsewhere"));
    }
    if let Some(alias) = list.aliased() {
        return Err(EditError::new(
            alias,
            "this stands for a part of the list that would change",
        ));
    }
    list.items().map(entry).collect()
}

fn entry(node: Node<'_>) -> Result<Entry, EditError> {
    let odd = || EditError::new(node.head(), "this entry is not understood");
    if let Some(alias) = node.alias() {
        return Err(EditError::new(alias, "this entry stands elsewhere"));
    }
    if let Some(group) = key(node, "group") {
        return Err(EditError::new(group.head(), "a group stands in this list"));
    }
    let (code, number) = if matches!(node.kind(), NodeKind::Mapping) {
        (field(node, "code")?.ok_or_else(odd)?, field(node, "priority")?)
    } else {
        (node, None)
    };
    let (NodeKind::Plain(text) | NodeKind::Text(text)) = code.kind() else {
        return Err(odd());
    };
    let number = number.and_then(|node| match node.kind() {
        NodeKind::Plain(text) => Some((text.to_owned(), node.head())),
        _ => None,
    });
    Ok(Entry {
        code: SourceCode::from_server(text),
        span: node.extent(),
        number,
        is_block: matches!(node.kind(), NodeKind::Mapping) && !node.is_bracketed(),
    })
}

/// A key of a mapping, and its value.
fn pair<'t>(mapping: Node<'t>, name: &str) -> Option<(Node<'t>, Node<'t>)> {
    let is_named =
        |key: Node<'_>| matches!(key.kind(), NodeKind::Plain(text) | NodeKind::Text(text) if text == name);
    mapping.pairs().find(|(key, _)| is_named(*key))
}

/// A key of a mapping.
pub(super) fn key<'t>(mapping: Node<'t>, name: &str) -> Option<Node<'t>> {
    pair(mapping, name).map(|(key, _)| key)
}

/// The value of a key, where it stands in its own place.
pub(super) fn field<'t>(mapping: Node<'t>, name: &str) -> Result<Option<Node<'t>>, EditError> {
    let value = pair(mapping, name).map(|(_, value)| value);
    match value.and_then(Node::alias) {
        Some(alias) => Err(EditError::new(alias, "this value stands elsewhere")),
        None => Ok(value),
    }
}

impl Entry {
    /// The edit that gives it that priority; `None` if it has it already. `text` is the file's.
    pub(super) fn numbered(&self, number: Priority, text: &str) -> Option<Edit> {
        let (span, text) = match &self.number {
            Some((old, _)) if *old == number.to_string() => return None,
            Some((_, span)) => (*span, number.to_string()),
            None => (
                self.span,
                format!("{{ code: {}, priority: {number} }}", self.text(text)),
            ),
        };
        Some(Edit { span, text })
    }

    /// Its own text, or its code written anew where its text cannot stand in brackets.
    fn text(&self, text: &str) -> String {
        match text.get(self.span.range()) {
            Some(written) if written.starts_with(['"', '\'']) => written.to_owned(),
            _ => scalar(self.code.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use spanned_yaml::diag::{FileId, Findings, InputFiles};

    use super::read;

    #[test]
    fn a_list_with_a_group_is_not_edited() {
        let files = InputFiles::one("file.yaml", "[hq, { group: nyc_stores }, leipzig]");
        let tree = spanned_yaml::read(&files, FileId(0), &mut Findings::default()).unwrap();
        let error = read(tree.root().unwrap()).unwrap_err().diagnostic();
        let at = error.at.unwrap();
        assert_eq!(at.text, "a group stands in this list");
        assert_eq!(files.place(at.span).to_string(), "file.yaml:1:8");
    }
}
