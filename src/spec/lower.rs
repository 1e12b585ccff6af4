//! Turns decoded files into a draft: texts become codes and names, both forms of links become one.

use std::collections::HashMap;

use spanned_yaml::diag::{Rule, Span, code_point, is_hidden, is_odd_blank, shown};
use spanned_yaml::{DecodeContext, Field, StrLit};

use super::document::{
    Code, InventoryFile, LinkEntry, Links, Name, NumberedLink, SourceEntry, StockEntry, says_something,
};
use super::draft::{Draft, DraftLink, DraftStock};
use super::rules::{INVALID_CODE, INVALID_NAME, MIXED_LINKS, NOTHING_WANTED, TYPOGRAPHIC_QUOTES};
use super::wanted::{DeclaredSource, WantedSource};
use crate::model::{CodeError, SourceCode, StockName};

/// Adds one file to the draft.
pub fn lower(file: InventoryFile<'_>, draft: &mut Draft, context: &mut DecodeContext) {
    if !says_something(&file) {
        context.report(
            NOTHING_WANTED
                .at(file.head, "this inventory lists neither sources nor stocks")
                .help("list the stocks that it shall own under `stocks:`"),
        );
    }
    let mut lowering = Lowering {
        draft,
        context,
        codes: HashMap::new(),
    };
    lowering.sources(file.sources);
    lowering.stocks(file.stocks);
}

struct Lowering<'t, 'd> {
    draft: &'d mut Draft,
    context: &'d mut DecodeContext,
    /// The codes seen so far, so that a code that serves many stocks is kept once.
    codes: HashMap<&'t str, SourceCode>,
}

impl<'t> Lowering<'t, '_> {
    fn sources(&mut self, list: Field<spanned_yaml::List<'t, SourceEntry<'t>>>) {
        self.draft.closed |= list.is_present();
        self.draft.incomplete |= matches!(list, Field::Bad);
        let Some(list) = list.good() else { return };
        for node in list.nodes() {
            let Some(entry) = list.item(node, self.context) else {
                self.draft.incomplete = true;
                continue;
            };
            let name = entry.name.good().and_then(|label| self.label(label.0));
            match self.code(entry.code) {
                Some((code, span)) => self.draft.sources.push(DeclaredSource { code, span, name }),
                None => self.draft.incomplete = true,
            }
        }
    }

    fn stocks(&mut self, list: Field<spanned_yaml::List<'t, StockEntry<'t>>>) {
        self.draft.incomplete |= matches!(list, Field::Bad);
        let Some(list) = list.good() else { return };
        for node in list.nodes() {
            match list.item(node, self.context) {
                Some(entry) => self.stock(entry),
                None => self.draft.incomplete = true,
            }
        }
    }

    fn stock(&mut self, entry: StockEntry<'t>) {
        let span = entry.name.as_ref().good().map_or(entry.head, |name| name.0.span);
        let name = entry.name.good().and_then(|name| self.name(name));
        let mut stock = DraftStock {
            name,
            span,
            numbered: false,
            links: Vec::new(),
        };
        match entry.sources.good() {
            Some(links) => self.links(&links, &mut stock),
            None => self.draft.incomplete = true,
        }
        self.draft.stocks.push(stock);
    }

    fn links(&mut self, links: &Links<'t>, stock: &mut DraftStock) {
        let mut first: [Option<Span>; 2] = [None, None];
        for node in links.0.nodes() {
            let Some(entry) = links.0.item(node, self.context) else {
                continue;
            };
            if let Some((numbered, span)) = entry.is_numbered() {
                first[usize::from(numbered)].get_or_insert(span);
            }
            match self.link(&entry) {
                Some(link) => stock.links.push(link),
                None => self.draft.incomplete = true,
            }
        }
        stock.numbered = first[1].is_some();
        if let [Some(bare), Some(numbered)] = first {
            let name = stock.name.as_ref();
            let stock = name.map_or("a stock".to_owned(), |name| format!("`{name}`"));
            self.context.report(mixed(&stock, bare, numbered));
        }
    }

    fn link(&mut self, entry: &LinkEntry<'t>) -> Option<DraftLink> {
        let (code, priority) = match entry {
            LinkEntry::Bare(code) => (Field::Good(*code), None),
            LinkEntry::Numbered(NumberedLink { code, priority, .. }) => (*code, priority.good()),
            LinkEntry::Bad => return None,
        };
        let (code, span) = self.code(code)?;
        Some(DraftLink {
            source: WantedSource { code, span },
            priority: priority.map(|priority| priority.0),
        })
    }

    fn code(&mut self, code: Field<Code<'t>>) -> Option<(SourceCode, Span)> {
        let StrLit { value, span } = code.good()?.0;
        if let Some(known) = self.codes.get(value) {
            return Some((known.clone(), span));
        }
        self.all_visible(&INVALID_CODE, "a source code", value, span)?;
        match SourceCode::parse(value) {
            Ok(code) => {
                self.quoted("a source code", value, span);
                self.codes.insert(value, code.clone());
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
                self.context.report(found);
                None
            }
        }
    }

    fn name(&mut self, Name(text): Name<'t>) -> Option<StockName> {
        let StrLit { value, span } = text;
        self.all_visible(&INVALID_NAME, "a stock's name", value, span)?;
        match StockName::parse(value) {
            Ok(name) => {
                self.quoted("a stock's name", value, span);
                Some(name)
            }
            Err(error) => {
                let message = error.to_string() + &odd_blank(value);
                self.context.report(INVALID_NAME.at(span, message));
                None
            }
        }
    }

    /// Warns of typographic quotation marks, which are part of the text.
    fn quoted(&mut self, noun: &str, text: &str, span: Span) {
        let Some(mark) = text.chars().next().filter(|c| QUOTATION_MARKS.contains(*c)) else {
            return;
        };
        let message = format!("{noun} begins with the quotation mark {}", code_point(mark));
        let found = TYPOGRAPHIC_QUOTES.at(span, message);
        let help = "it belongs to the text; what YAML takes for quotation marks are `\"` and `'` alone";
        self.context.report(found.help(help));
    }

    fn label(&mut self, text: StrLit<'t>) -> Option<String> {
        self.all_visible(&INVALID_NAME, "a source's name", text.value, text.span)?;
        Some(text.value.to_owned())
    }

    /// Reports the first character that nobody would see.
    fn all_visible(&mut self, rule: &Rule, noun: &str, text: &str, span: Span) -> Option<()> {
        let Some((at, c)) = text.chars().enumerate().find(|(_, c)| is_hidden(*c)) else {
            return Some(());
        };
        let (character, at) = (code_point(c), at + 1);
        let message =
            format!("{noun} cannot contain the invisible character {character}, which is its character {at}");
        self.context.report(rule.at(span, message));
        None
    }
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

fn mixed(stock: &str, bare: Span, numbered: Span) -> spanned_yaml::diag::Diagnostic {
    let (later, first, text, other) = if bare > numbered {
        (bare, numbered, "no priority here", "a priority here")
    } else {
        (numbered, bare, "a priority here", "no priority here")
    };
    let message = format!("{} mixes links with and without a priority", shown(stock));
    MIXED_LINKS
        .found(message)
        .at(later, text)
        .related(first, other)
        .help("list codes alone to let their order count, or give every link a priority")
}
