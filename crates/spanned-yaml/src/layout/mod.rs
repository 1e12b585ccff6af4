//! Formats a good file in canonical layout and keeps its comments.

mod attach;
mod normalize;
mod page;
mod print;
mod style;

use granit_parser::Parser;

use crate::edit::line_break;
pub use style::FormatStyle;

/// The text in canonical layout: two blanks a level, lists in one line where they fit and have no comments, keys in
/// order, quotes where they are needed, a blank line between the parts.
///
/// `None` if the text is not one well-formed document.
pub fn laid_out(text: &str, style: FormatStyle) -> Option<String> {
    let options = granit_parser::options! {
        emit_comments: true,
        emit_anchor_events: true,
        max_buffered_comment_events: usize::MAX,
    };
    let events = Parser::new_from_str_with_options(text, options);
    let mut page = page::read(text, events.collect::<Result<Vec<_>, _>>().ok()?)?;
    attach::comments(&mut page);
    normalize::normalize(&mut page, style);
    let line_break = line_break(text);
    Some(print::lines(&page, style).join(line_break) + line_break)
}
