//! Appends new stocks, and newly used sources, to the lists of a file.

use std::collections::BTreeSet;

use spanned_yaml::diag::{FileId, InputFiles, Span};
use spanned_yaml::{Edit, Node, Tree, line_break, scalar};

use super::arrange::Placement;
use super::edit_error::EditError;
use super::entries::{self, Entry, field, key};
use super::from_live::source_text;
use super::lines::{line_end, line_start, unfinished};
use super::list::Rewrite;
use crate::model::{LiveState, SourceCode};
use crate::spec::emit::StockText;

/// Lists stocks in the last file that has any, or at the end of the last file.
pub(super) fn list(
    files: &InputFiles,
    trees: &[Tree<'_>],
    stocks: &[StockText],
) -> Result<Vec<Edit>, EditError> {
    let Some((file, _, list)) = last_list(files, trees, "stocks")? else {
        return Ok(at_the_end(files, stocks).into_iter().collect());
    };
    let text = text_of(files, file);
    if list.is_bracketed() {
        return into_brackets(text, list, stocks);
    }
    let items: Vec<Span> = list.items().map(Node::extent).collect();
    let error = || EditError::new(list.head(), "stocks cannot be added to a list of this form");
    let (first, last) = items.first().zip(items.last()).ok_or_else(error)?;
    let start = line_start(text, first.start as usize);
    let before = &text[start..first.start as usize];
    let indent = before
        .strip_suffix(before.trim_start_matches(' '))
        .unwrap_or_default();
    if before.trim_matches(' ') != "-" {
        return Err(error());
    }
    let end = behind_comments(text, line_end(text, last.end as usize), indent.len());
    let apart = match items.as_slice() {
        [.., one, two] => is_apart(&text[one.end as usize..two.start as usize]),
        _ => true,
    };
    let line_break = line_break(text);
    let mut out = unfinished(&text[..end], line_break).to_owned();
    for stock in stocks {
        if apart {
            out.push_str(line_break);
        }
        push(&mut out, indent, stock, line_break);
    }
    Ok(vec![Edit::insertion(file, end, out)])
}

/// Declares sources in the last file that declares any.
pub(super) fn declare(
    files: &InputFiles,
    trees: &[Tree<'_>],
    codes: BTreeSet<SourceCode>,
    live: &LiveState,
) -> Result<Vec<Edit>, EditError> {
    let Some((file, key, list)) = last_list(files, trees, "sources")? else {
        return Ok(Vec::new());
    };
    let entries = entries::read(list)?;
    let text = text_of(files, file);
    let new: Vec<_> = codes
        .into_iter()
        .map(|code| declaration(code, live, entries.last(), text))
        .collect();
    let old = (0..entries.len()).map(Placement::Keep);
    let placed: Vec<_> = old.chain((0..new.len()).map(Placement::Insert)).collect();
    let rewrite = Rewrite {
        text,
        key,
        list,
        entries: &entries,
        placed: &placed,
        new: &new,
        within: &vec![None; entries.len()],
    };
    rewrite.edits()
}

/// A declaration in the form of the last one.
fn declaration(code: SourceCode, live: &LiveState, last: Option<&Entry>, text: &str) -> String {
    let source = source_text(code, live);
    let (Some(entry), Some(name)) = (last.filter(|entry| entry.is_block), &source.name) else {
        return source.text();
    };
    let start = entry.span.start as usize;
    let indent = " ".repeat(start - line_start(text, start));
    let line_break = line_break(text);
    format!(
        "code: {}{line_break}{indent}name: {}",
        scalar(source.code.as_str()),
        scalar(name)
    )
}

pub(super) fn text_of(files: &InputFiles, file: FileId) -> &str {
    files.file(file).map_or("", |file| &file.text)
}

fn last_list<'t>(
    files: &InputFiles,
    trees: &'t [Tree<'t>],
    name: &str,
) -> Result<Option<(FileId, Node<'t>, Node<'t>)>, EditError> {
    let mut last = None;
    for ((id, _), tree) in files.iter().zip(trees) {
        if let Some(root) = tree.root()
            && let Some((key, list)) = key(root, name).zip(field(root, name)?)
        {
            last = Some((id, key, list));
        }
    }
    Ok(last)
}

fn at_the_end(files: &InputFiles, stocks: &[StockText]) -> Option<Edit> {
    let (id, file) = files.iter().last()?;
    let line_break = line_break(&file.text);
    let mut out = [
        unfinished(&file.text, line_break),
        line_break,
        "stocks:",
        line_break,
    ]
    .concat();
    push_all(&mut out, stocks, line_break);
    Some(Edit::insertion(id, file.text.len(), out))
}

/// An empty `[]` becomes lines; one with stocks in it stays as it is.
fn into_brackets(text: &str, list: Node<'_>, stocks: &[StockText]) -> Result<Vec<Edit>, EditError> {
    let span = list.extent();
    let inner = text
        .get(span.start as usize + 1..span.end as usize - 1)
        .unwrap_or_default();
    let start = line_start(text, span.start as usize);
    let end = line_end(text, span.end as usize);
    let before = text[start..span.start as usize].trim_end();
    let behind = text[span.end as usize..end].trim();
    let alone = before == "stocks:" && (behind.is_empty() || behind.starts_with('#'));
    if !inner.trim().is_empty() || !alone {
        return Err(EditError::new(
            span,
            "stocks cannot be added to a list in brackets",
        ));
    }
    let line_break = line_break(text);
    let mut out = unfinished(&text[..end], line_break).to_owned();
    push_all(&mut out, stocks, line_break);
    let brackets = Span::new(span.file, start + before.len(), span.end as usize);
    Ok(vec![
        Edit::removal(brackets),
        Edit::insertion(span.file, end, out),
    ])
}

fn push_all(out: &mut String, stocks: &[StockText], line_break: &str) {
    for (at, stock) in stocks.iter().enumerate() {
        if at > 0 {
            out.push_str(line_break);
        }
        push(out, "  ", stock, line_break);
    }
}

fn push(out: &mut String, indent: &str, stock: &StockText, line_break: &str) {
    for line in stock.lines() {
        out.extend([indent, &line, line_break]);
    }
}

/// The end of the comments that belong to the entry before, by their indentation.
fn behind_comments(text: &str, mut end: usize, indent: usize) -> usize {
    let mut at = end;
    for line in text[end..].split_inclusive('\n') {
        at += line.len();
        let bare = line.trim_start_matches(' ');
        match bare.trim().is_empty() {
            true => {}
            false if bare.starts_with('#') && line.len() - bare.len() > indent => end = at,
            false => break,
        }
    }
    end
}

/// True with a blank line between two stocks.
fn is_apart(gap: &str) -> bool {
    gap.lines().skip(1).any(|line| line.trim().is_empty())
}
