//! Turns decoded files into a draft: texts become codes and names, both forms of links become one.

use std::collections::HashSet;

use spanned_yaml::diag::{Diagnostic, Span, shown};
use spanned_yaml::{DecodeContext, Field, StrLit};

use super::document::{
    Groups, InventoryFile, LinkEntry, Links, Member, NumberedLink, SourceEntry, StockEntry, says_something,
};
use super::draft::{Draft, DraftGroup, DraftLink, DraftStock, GroupUse};
use super::duplicates::{Mention, duplicates};
use super::rules::{DUPLICATE_LINK, EMPTY_GROUP, MIXED_LINKS, NOTHING_WANTED, NUMBERED_GROUP};
use super::texts::{Codes, group_name, label, stock_name};
use super::wanted::{DeclaredSource, WantedSource};

/// Adds one file to the draft.
pub fn lower(file: InventoryFile<'_>, draft: &mut Draft, context: &mut DecodeContext) {
    if !says_something(&file) {
        context.report(
            NOTHING_WANTED
                .at(file.head, "this inventory lists no sources, groups or stocks")
                .help("list the stocks that it shall own under `stocks:`"),
        );
    }
    let mut lowering = Lowering {
        draft,
        context,
        codes: Codes::default(),
    };
    lowering.sources(file.sources);
    lowering.groups(file.groups);
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
        self.draft.unread.sources |= matches!(list, Field::Bad);
        let Some(list) = list.good() else { return };
        for node in list.nodes() {
            let Some(entry) = list.item(node, self.context) else {
                self.draft.unread.sources = true;
                continue;
            };
            let name = entry.name.good().and_then(|text| label(text.0, self.context));
            match self.codes.read(entry.code, self.context) {
                Some((code, span)) => self.draft.sources.push(DeclaredSource { code, span, name }),
                None => self.draft.unread.sources = true,
            }
        }
    }

    fn groups(&mut self, groups: Field<Groups<'t>>) {
        self.draft.unread.groups |= matches!(groups, Field::Bad);
        let Some(groups) = groups.good() else { return };
        for (StrLit { value: name, span }, list) in groups.0.entries {
            group_name(name, span, self.context);
            self.draft.unread.links |= list.is_none();
            let members = list.map(|list| self.members(name, &list)).unwrap_or_default();
            self.draft.groups.push(DraftGroup {
                name: name.to_owned(),
                span,
                members,
            });
        }
    }

    fn members(&mut self, group: &str, list: &spanned_yaml::List<'t, Member<'t>>) -> Vec<WantedSource> {
        if list.is_empty() {
            let message = format!("the group `{}` has no source", shown(group));
            self.context.report(EMPTY_GROUP.at(list.head(), message));
        }
        let mut members: Vec<WantedSource> = Vec::new();
        for node in list.nodes() {
            let member = list.item(node, self.context).map(|member| Field::Good(member.0));
            match member.and_then(|code| self.codes.read(code, self.context)) {
                Some((code, span)) => members.push(WantedSource { code, span }),
                None => self.draft.unread.links = true,
            }
        }
        let findings = &mut self.context.findings;
        let named = members
            .iter()
            .map(|member| (&member.code, Mention::at(member.span)));
        duplicates(named, |duplicate| {
            let what = format!("stands twice in the group `{}`", shown(group));
            findings.push(duplicate.found(&DUPLICATE_LINK, "source", &what));
        });
        let mut seen = HashSet::new();
        members.retain(|member| seen.insert(member.code.clone()));
        members
    }

    fn stocks(&mut self, list: Field<spanned_yaml::List<'t, StockEntry<'t>>>) {
        self.draft.unread.links |= matches!(list, Field::Bad);
        let Some(list) = list.good() else { return };
        for node in list.nodes() {
            match list.item(node, self.context) {
                Some(entry) => self.stock(entry),
                None => self.draft.unread.links = true,
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
            uses: Vec::new(),
        };
        match entry.sources.good() {
            Some(links) => self.links(&links, &mut stock),
            None => self.draft.unread.links = true,
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
            if let LinkEntry::Group(entry) = &entry {
                let at = stock.links.len();
                let used = entry.group.good().map(|name| group_use(name.0, at));
                self.draft.unread.links |= used.is_none();
                stock.uses.extend(used);
                continue;
            }
            match self.link(&entry) {
                Some(link) => stock.links.push(link),
                None => self.draft.unread.links = true,
            }
        }
        stock.numbered = first[1].is_some();
        if let [_, Some(numbered)] = first {
            for used in stock.uses.drain(..) {
                self.draft.unread.links = true;
                self.context.report(numbered_group(&used, numbered));
            }
        }
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
            LinkEntry::Group(_) | LinkEntry::Bad => return None,
        };
        let (code, span) = self.codes.read(code, self.context)?;
        Some(DraftLink {
            source: WantedSource { code, span },
            priority: priority.map(|priority| priority.0),
        })
    }
}

fn group_use(StrLit { value, span }: StrLit<'_>, at: usize) -> GroupUse {
    GroupUse {
        name: value.to_owned(),
        span,
        links: at..at,
    }
}

fn numbered_group(used: &GroupUse, numbered: Span) -> Diagnostic {
    let message = format!(
        "the group `{}` stands in a list with priorities",
        shown(&used.name)
    );
    NUMBERED_GROUP
        .at(used.span, message)
        .related(numbered, "a priority here")
        .help("list its sources with a priority each, or take the priorities out")
}

fn mixed(stock: &str, bare: Span, numbered: Span) -> Diagnostic {
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
