//! Files brought in line with a shop: the plan is empty then, comments stay, and what is in line is not touched.

mod random;

use std::collections::BTreeSet;

use mysql_collation::fold;
use proptest::prelude::*;

use super::world::{CODES, NAMES, StockShape, WantedShape, World, spell};

/// How a file is written.
#[derive(Debug, Clone)]
struct Hand {
    /// Of each stock in turn: its list in one line, in brackets with a line each, in lines, in lines of block mappings.
    forms: Vec<u8>,
    /// Of each entry in turn: whether a comment stands behind it, whether one stands above it.
    comments: Vec<(bool, bool)>,
    /// Columns that lists are indented by.
    indent: usize,
    line_break: &'static str,
    byte_order_mark: &'static str,
    final_break: bool,
    /// Whether there is a closed list of sources: none, in lines, in brackets.
    closed: u8,
    /// Whether each stock has a file of its own.
    split: bool,
}

fn hand() -> impl Strategy<Value = Hand> {
    (
        prop::collection::vec(0..4_u8, 1..5),
        prop::collection::vec((any::<bool>(), any::<bool>()), 1..9),
        prop::sample::select(vec![0_usize, 2, 4]),
        (any::<bool>(), prop::bool::weighted(0.2), any::<bool>()),
        0..3_u8,
        prop::bool::weighted(0.3),
    )
        .prop_map(|(forms, comments, indent, breaks, closed, split)| Hand {
            forms,
            comments,
            indent,
            line_break: if breaks.0 { "\r\n" } else { "\n" },
            byte_order_mark: if breaks.1 { "\u{feff}" } else { "" },
            final_break: breaks.2,
            closed,
            split,
        })
}

/// Writes a file as people do.
struct Writer<'a> {
    hand: &'a Hand,
    entries: usize,
    comments: usize,
    out: Vec<String>,
}

impl Writer<'_> {
    fn comment(&mut self) -> String {
        self.comments += 1;
        format!("# note {}.", self.comments)
    }

    fn stock(&mut self, at: usize, shape: &StockShape) {
        let Some((wanted, way)) = &shape.wanted else {
            return;
        };
        let dash = " ".repeat(self.hand.indent);
        let about = self.comment();
        self.out.push(format!("{dash}{about}"));
        let name = spell(NAMES[at], *way);
        self.out.push(format!("{dash}- name: {name:?} # name {at}"));
        let form = self.hand.forms[at % self.hand.forms.len()];
        let entries: Vec<(String, Option<u16>)> = match wanted {
            WantedShape::Ordered(links) => links
                .iter()
                .map(|link| (spell(CODES[link.0], link.1), None))
                .collect(),
            WantedShape::Explicit(links) => links
                .iter()
                .map(|link| (spell(CODES[link.0], link.2), Some(link.1)))
                .collect(),
        };
        self.list(&entries, form, &format!("{dash}  "));
    }

    fn list(&mut self, entries: &[(String, Option<u16>)], form: u8, indent: &str) {
        let text = |(code, number): &(String, Option<u16>)| match number {
            Some(number) => format!("{{ code: {code}, priority: {number} }}"),
            None => code.clone(),
        };
        if entries.is_empty() || form == 0 {
            let all: Vec<_> = entries.iter().map(text).collect();
            self.out.push(format!("{indent}sources: [{}]", all.join(", ")));
            return;
        }
        self.out.push(format!(
            "{indent}sources:{} # list",
            if form == 1 { " [" } else { "" }
        ));
        for (place, entry) in entries.iter().enumerate() {
            self.entries += 1;
            let (behind, above) = self.hand.comments[self.entries % self.hand.comments.len()];
            if above {
                let comment = self.comment();
                self.out.push(format!("{indent}  {comment}"));
            }
            let comment = if behind {
                format!(" # about {}", fold(&entry.0))
            } else {
                String::new()
            };
            match (form, entry.1) {
                (1, _) => {
                    let comma = if place + 1 < entries.len() || self.hand.final_break {
                        ","
                    } else {
                        ""
                    };
                    self.out
                        .push(format!("{indent}  {}{comma}{comment}", text(entry)));
                }
                (3, Some(number)) => {
                    self.out.push(format!("{indent}  - code: {}{comment}", entry.0));
                    self.out.push(format!("{indent}    priority: {number}"));
                }
                _ => self.out.push(format!("{indent}  - {}{comment}", text(entry))),
            }
        }
        let comment = self.comment();
        self.out.push(format!("{indent}  {comment}"));
        if form == 1 {
            self.out.push(format!("{indent}]"));
        }
    }

    fn sources(&mut self, used: &BTreeSet<String>) {
        match self.hand.closed {
            1 => {
                self.out.push("sources:".to_owned());
                self.out.push("- code: spare".to_owned());
                self.out.push("  name: Spare".to_owned());
                self.out
                    .extend(used.iter().map(|code| format!("- code: {code}\n  name: {code}")));
            }
            2 => {
                let all: Vec<_> = used.iter().map(|code| format!("{{ code: {code} }}")).collect();
                self.out.push(format!("sources: [{}]", all.join(", ")));
            }
            _ => {}
        }
    }

    fn text(&mut self) -> String {
        let mut text = std::mem::take(&mut self.out).join("\n");
        if self.hand.final_break {
            text.push('\n');
        }
        self.hand.byte_order_mark.to_owned() + &text.replace('\n', self.hand.line_break)
    }
}

fn files(world: &World, hand: &Hand) -> Vec<String> {
    let mut writer = Writer {
        hand,
        entries: 0,
        comments: 0,
        out: Vec::new(),
    };
    let mut texts = Vec::new();
    let used = world.stocks.iter().filter_map(|shape| shape.wanted.as_ref());
    let used: BTreeSet<_> = used
        .flat_map(|(wanted, _)| wanted.sources())
        .map(|source| CODES[source].to_owned())
        .collect();
    writer.out.push("version: 1".to_owned());
    writer.sources(&used);
    let mut open = false;
    for (at, shape) in world
        .stocks
        .iter()
        .enumerate()
        .filter(|(_, shape)| shape.wanted.is_some())
    {
        if open && hand.split {
            texts.push(writer.text());
            writer.out.push("version: 1".to_owned());
            open = false;
        }
        if !open {
            writer.out.push("stocks:".to_owned());
            open = true;
        }
        writer.stock(at, shape);
    }
    if !open {
        writer.out.push("stocks: [] # none".to_owned());
    }
    texts.push(writer.text());
    texts
}
