//! Turns decoded files into a draft: texts become codes and names, both forms of links become one.

use spanned_yaml::diag::{Span, shown};
use spanned_yaml::{DecodeContext, Field};

use super::document::{
    InventoryFile, LinkEntry, Links, NumberedLink, SourceEntry, StockEntry, says_something,
};
use super::draft::{Draft, DraftLink, DraftStock};
use super::rules::{MIXED_LINKS, NOTHING_WANTED};
use super::texts::{Codes, label, stock_name};
use super::wanted::{DeclaredSource, WantedSource};

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
        codes: Codes::default(),
    };
    lowering.sources(file.sources);
    lowering.stocks(file.stocks);
}

struct Lowering<'t, 'd> {
    draft: &'d mut Draft,
    context: &'d mut DecodeContext,
    codes: Codes<'t>,
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
            let name = entry.name.good().and_then(|text| label(text.0, self.context));
            match self.codes.read(entry.code, self.context) {
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
        let name = entry
            .name
            .good()
            .and_then(|name| stock_name(name.0, self.context));
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
        let (code, span) = self.codes.read(code, self.context)?;
        Some(DraftLink {
            source: WantedSource { code, span },
            priority: priority.map(|priority| priority.0),
        })
    }
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
