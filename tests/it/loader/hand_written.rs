//! Inventories as people write them: any indentation, brackets or lines, blank lines and comments anywhere.

use proptest::prelude::*;

/// The keys and values of an item of a list; a mere text has an empty key.
type Item = Vec<(&'static str, String)>;

/// A place where something may stand that means nothing: comments of their own line, blank lines.
#[derive(Debug, Clone)]
struct Gap(Vec<Option<usize>>);

fn gap() -> impl Strategy<Value = Gap> {
    prop_oneof![
        3 => Just(Vec::new()),
        1 => prop::collection::vec(prop::option::of(0..12_usize), 1..4),
    ]
    .prop_map(Gap)
}

fn entry() -> impl Strategy<Value = (u8, bool, Gap)> {
    (0..4_u8, prop::bool::weighted(0.3), gap())
}

/// What a writer decides by turns.
#[derive(Debug, Clone)]
struct Turns {
    entries: Vec<(u8, bool, Gap)>,
    next: usize,
    notes: usize,
    out: String,
}

impl Turns {
    fn turn(&mut self) -> (u8, bool, Gap) {
        self.next += 1;
        self.entries[self.next % self.entries.len()].clone()
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn note(&mut self) -> String {
        self.notes += 1;
        format!("# note {}", self.notes)
    }

    fn gap(&mut self, gap: &Gap) {
        for line in &gap.0 {
            if let Some(indent) = line {
                let note = self.note();
                self.put(&format!("{}{note}\n", " ".repeat(*indent)));
            } else {
                self.out.push('\n');
            }
        }
    }

    /// Ends a line, perhaps with a comment.
    fn end(&mut self, comment: bool) {
        if comment {
            let note = self.note();
            self.put(&format!(" {note}"));
        }
        self.out.push('\n');
    }

    /// A list under a key; each item is a mapping's keys and values, or a mere text.
    fn list(&mut self, key: &str, items: &[Vec<(&str, String)>], indent: usize) {
        let (form, comment, gap) = self.turn();
        self.put(&format!("{key}:"));
        if items.is_empty() || form == 0 {
            self.out += " [";
            if comment {
                self.end(true);
                self.gap(&gap);
            }
            for item in items {
                let (_, comment, gap) = self.turn();
                self.put(&format!(" {},", braces(item)));
                if comment {
                    self.end(true);
                    self.gap(&gap);
                }
            }
            self.out += " ]";
            self.end(comment);
            return;
        }
        self.end(comment);
        for item in items {
            let (form, comment, gap) = self.turn();
            self.gap(&gap);
            self.put(&format!("{}-", " ".repeat(indent)));
            if item.len() == 1 || form < 2 {
                self.put(&format!(" {}", braces(item)));
                self.end(comment);
                continue;
            }
            for (place, (key, value)) in item.iter().enumerate() {
                let (_, comment, gap) = self.turn();
                if place > 0 {
                    self.gap(&gap);
                    self.out += &" ".repeat(indent + 1);
                }
                self.put(&format!(" {key}:  {value}"));
                self.end(comment);
            }
        }
    }
}

fn quoted(text: &str, way: u8) -> String {
    match way {
        0 => format!("'{text}'"),
        1 => format!("\"{text}\""),
        2 => format!("!!str {text}"),
        _ => text.to_owned(),
    }
}

fn braces(item: &[(&str, String)]) -> String {
    match item {
        [("", text)] => text.clone(),
        pairs => {
            let pairs: Vec<_> = pairs
                .iter()
                .map(|(key, value)| format!("{key}: {value}"))
                .collect();
            format!("{{{}}}", pairs.join(" , "))
        }
    }
}

/// Texts of good inventories.
pub fn hand_written() -> impl Strategy<Value = String> {
    let stocks = prop::collection::vec((any::<bool>(), 0..7_usize, any::<bool>()), 0..4);
    (
        prop::collection::vec(entry(), 3..30),
        stocks,
        any::<bool>(),
        prop::sample::select(vec![0_usize, 1, 2, 4]),
        (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()),
    )
        .prop_map(
            |(entries, stocks, declares, indent, (sources_first, crlf, named_first, grouped))| {
                let mut turns = Turns {
                    entries,
                    next: 0,
                    notes: 0,
                    out: String::new(),
                };
                let (_, comment, gap) = turns.turn();
                turns.gap(&gap);
                turns.out += "version: 1";
                turns.end(comment);
                if sources_first && declares {
                    declare(&mut turns, indent);
                }
                if grouped {
                    groups(&mut turns, indent);
                }
                let (_, comment, gap) = turns.turn();
                turns.gap(&gap);
                turns.out += if stocks.is_empty() {
                    "stocks: []"
                } else {
                    "stocks:"
                };
                turns.end(comment);
                for (at, (explicit, count, blank)) in stocks.into_iter().enumerate() {
                    let links = links(count, explicit, grouped);
                    stock(&mut turns, at, &links, indent, named_first);
                    if blank {
                        turns.out.push('\n');
                    }
                }
                if !sources_first && declares {
                    declare(&mut turns, indent);
                }
                let (_, _, gap) = turns.turn();
                turns.gap(&gap);
                if crlf {
                    turns.out.replace('\n', "\r\n")
                } else {
                    turns.out
                }
            },
        )
}

fn declare(turns: &mut Turns, indent: usize) {
    let (way, _, gap) = turns.turn();
    turns.gap(&gap);
    let items: Vec<_> = (0..9)
        .map(|at| {
            let code = ("code", quoted(&format!("source_{at}"), way));
            if at % 2 == 0 {
                vec![code]
            } else {
                vec![("name", format!("Name {at}")), code]
            }
        })
        .collect();
    turns.list("sources", &items, indent);
}

/// A key of the file's own, and two groups.
fn groups(turns: &mut Turns, indent: usize) {
    let (way, comment, gap) = turns.turn();
    turns.gap(&gap);
    turns.put(&format!("x-owner: {}", quoted("the night desk", way)));
    turns.end(comment);
    let (_, comment, gap) = turns.turn();
    turns.gap(&gap);
    turns.out += "groups:";
    turns.end(comment);
    for (name, code) in [("stores", "source_7"), ("other stores", "source_8")] {
        let (_, _, gap) = turns.turn();
        turns.gap(&gap);
        turns.list(&format!("  {name}"), &[vec![("", code.to_owned())]], indent + 2);
    }
}

/// The links of a stock, with a group among them where there are any.
fn links(count: usize, explicit: bool, grouped: bool) -> Vec<Item> {
    let link = |at: usize| {
        let code = format!("source_{at}");
        if explicit {
            vec![("priority", (at + 1).to_string()), ("code", code)]
        } else {
            vec![("", code)]
        }
    };
    let mut links: Vec<_> = (0..count).map(link).collect();
    if grouped && !explicit {
        links.insert(count / 2, vec![("group", "other stores".to_owned())]);
    }
    links
}

fn stock(turns: &mut Turns, at: usize, links: &[Item], indent: usize, named_first: bool) {
    let (way, comment, gap) = turns.turn();
    turns.gap(&gap);
    let name = quoted(&format!("Stock {at}"), way);
    let inner = " ".repeat(indent + 2);
    turns.put(&format!("{}- ", " ".repeat(indent)));
    if named_first {
        turns.put(&format!("name: {name}"));
        turns.end(comment);
        let (_, _, gap) = turns.turn();
        turns.gap(&gap);
        turns.out += &inner;
    }
    turns.list("sources", links, indent + 4);
    if !named_first {
        turns.put(&format!("{inner}name: {name}"));
        turns.end(comment);
    }
}
