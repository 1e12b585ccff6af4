//! Findings as text for people: the sentence, the line it is about, and what to do.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::diagnostic::{Diagnostic, Label, Severity};
use super::files::InputFiles;
use super::joined::joined;
use super::shown::visible;
use super::snippet::{Piece, pieces};

/// The style of rendered text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without colours.
    Plain,
    /// With the escape sequences of a terminal.
    Coloured,
}

/// Draws the findings one after the other, with a blank line between two and a line break at the end.
pub fn render(diagnostics: &[Diagnostic], files: &InputFiles, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let texts = diagnostics
        .iter()
        .map(|found| renderer.render(&[group(found, files)]) + "\n");
    joined(texts, "\n")
}

fn group<'a>(found: &'a Diagnostic, files: &'a InputFiles) -> Group<'a> {
    let level = match found.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(visible(&found.message)).id(found.rule);
    let mut group = Group::with_title(title);
    for piece in pieces(found.at.iter().chain(&found.related), files) {
        let Some((_, label)) = piece.marks.first() else {
            continue;
        };
        let place = files.place(label.span);
        let path = visible(&place.file).into_owned();
        let clipped = piece.clipped;
        let snippet = snippet(piece, found.at.as_ref());
        // The renderer counts columns in the text that it is given.
        group = if clipped {
            let origin = Origin::path(path).line(place.line as usize);
            group
                .element(origin.char_column(place.column as usize))
                .element(snippet)
        } else {
            group.element(snippet.path(path))
        };
    }
    for sentence in &found.help {
        group = group.element(Level::HELP.message(visible(sentence)));
    }
    group
}

fn snippet<'a>(piece: Piece<'a>, primary: Option<&Label>) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let annotations = piece.marks.into_iter().map(|(range, label)| {
        let kind = if primary.is_some_and(|primary| std::ptr::eq(primary, label)) {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let annotation = kind.span(range);
        if label.text.is_empty() {
            annotation
        } else {
            annotation.label(visible(&label.text))
        }
    });
    Snippet::source(piece.text)
        .line_start(piece.first_line as usize)
        .fold(false)
        .annotations(annotations)
}
