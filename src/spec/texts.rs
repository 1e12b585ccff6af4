//! Reads the texts of an inventory: codes and names, with what is wrong in their characters.

use std::collections::HashMap;

use spanned_yaml::diag::{Rule, Span, code_point, is_hidden, is_odd_blank};
use spanned_yaml::{DecodeContext, Field, StrLit};

use super::document::Code;
use super::rules::{INVALID_CODE, INVALID_NAME, TYPOGRAPHIC_QUOTES};
use crate::model::{CodeError, MAX_NAME_CHARS, SourceCode, StockName};

/// The codes of a file. A code that serves many stocks is stored once.
#[derive(Debug, Default)]
pub(super) struct Codes<'t> {
    known: HashMap<&'t str, SourceCode>,
}

impl<'t> Codes<'t> {
    /// The code and its place; `None` when it is wrong, which has then been reported.
    pub(super) fn read(
        &mut self,
        code: Field<Code<'t>>,
        context: &mut DecodeContext,
    ) -> Option<(SourceCode, Span)> {
        let StrLit { value, span } = code.good()?.0;
        if let Some(known) = self.known.get(value) {
            return Some((known.clone(), span));
        }
        all_visible(&INVALID_CODE, "a source code", value, span, context)?;
        match SourceCode::parse(value) {
            Ok(code) => {
                quoted("a source code", value, span, context);
                self.known.insert(value, code.clone());
                Some((code, span))
            }
            Err(error) => {
                let found = INVALID_CODE.at(span, error.to_string() + &odd_blank(value));
                let found = match error {
                    CodeError::Whitespace if !value.trim().is_empty() => {
                        found.help("codes are listed under Stores > Inventory > Sources in Admin")
                    }
                    _ => found,
                };
                context.report(found);
                None
            }
        }
    }
}

/// A stock's name; `None` when it is wrong, which has then been reported.
pub(super) fn stock_name(text: StrLit<'_>, context: &mut DecodeContext) -> Option<StockName> {
    let StrLit { value, span } = text;
    all_visible(&INVALID_NAME, "a stock's name", value, span, context)?;
    match StockName::parse(value) {
        Ok(name) => {
            quoted("a stock's name", value, span, context);
            Some(name)
        }
        Err(error) => {
            let message = error.to_string() + &odd_blank(value);
            context.report(INVALID_NAME.at(span, message));
            None
        }
    }
}

/// Checks a group's name.
pub(super) fn group_name(name: &str, span: Span, context: &mut DecodeContext) {
    let noun = "a group's name";
    if all_visible(&INVALID_NAME, noun, name, span, context).is_none() {
        return;
    }
    let message = if name.trim().is_empty() {
        "cannot be empty".to_owned()
    } else if name.trim() != name {
        format!("cannot begin or end with whitespace{}", odd_blank(name))
    } else if name.chars().count() > MAX_NAME_CHARS {
        format!("has at most {MAX_NAME_CHARS} characters")
    } else {
        quoted(noun, name, span, context);
        return;
    };
    context.report(INVALID_NAME.at(span, format!("{noun} {message}")));
}

/// A name that only people read; `None` when it is wrong, which has then been reported.
pub(super) fn label(text: StrLit<'_>, context: &mut DecodeContext) -> Option<String> {
    all_visible(&INVALID_NAME, "a source's name", text.value, text.span, context)?;
    Some(text.value.to_owned())
}

/// Warns of typographic quotation marks, which are part of the text.
fn quoted(noun: &str, text: &str, span: Span, context: &mut DecodeContext) {
    let Some(mark) = text.chars().next().filter(|c| QUOTATION_MARKS.contains(*c)) else {
        return;
    };
    let message = format!("{noun} begins with the quotation mark {}", code_point(mark));
    let found = TYPOGRAPHIC_QUOTES.at(span, message);
    let help = "it belongs to the text; what YAML takes for quotation marks are `\"` and `'` alone";
    context.report(found.help(help));
}

/// Reports the first character that nobody would see.
fn all_visible(rule: &Rule, noun: &str, text: &str, span: Span, context: &mut DecodeContext) -> Option<()> {
    let Some((at, c)) = text.chars().enumerate().find(|(_, c)| is_hidden(*c)) else {
        return Some(());
    };
    let (character, at) = (code_point(c), at + 1);
    let message =
        format!("{noun} cannot contain the invisible character {character}, which is its character {at}");
    context.report(rule.at(span, message));
    None
}

/// Typographic quotation marks, as text editors insert them.
const QUOTATION_MARKS: &str = "“”„‟«»‹›‘’‚‛＂＇「」";

/// Names the first unusual blank, for the end of a message about blanks.
fn odd_blank(text: &str) -> String {
    let odd = text.chars().enumerate().find(|(_, c)| is_odd_blank(*c));
    odd.map_or_else(String::new, |(at, c)| {
        format!(": character {} is {}", at + 1, code_point(c))
    })
}
