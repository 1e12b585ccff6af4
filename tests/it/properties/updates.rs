//! Files brought in line with a shop: the plan is empty then, comments stay, and what is in line is not touched.

use std::collections::BTreeSet;

use crate::other_reader::second_opinion;
use mysql_collation::fold;
use proptest::prelude::*;
use spanned_yaml::diag::{InputFile, InputFiles};
use stocktake::export::{UpdateError, UpdateOptions, Updated, update};
use stocktake::model::LiveState;
use stocktake::spec::{WantedLinks, load};

use super::exports::plan_of;
use super::world::{CODES, NAMES, StockShape, WantedShape, World, spell, world};

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

fn input(texts: &[String]) -> InputFiles {
    let mut files = InputFiles::default();
    for text in texts {
        files.add(InputFile {
            path: "inventory.yaml".to_owned(),
            text: text.clone(),
        });
    }
    files
}

fn after(texts: &[String], updated: &Updated) -> Vec<String> {
    let mut texts = texts.to_vec();
    for (id, text) in &updated.files {
        texts[id.0 as usize].clone_from(text);
    }
    texts
}

/// The comments of their own line.
fn own_lines(texts: &[String]) -> Vec<String> {
    let lines = texts.iter().flat_map(|text| text.lines());
    let own = lines.map(str::trim).filter(|line| line.starts_with("# note"));
    own.map(str::to_owned).collect()
}

/// The comments that say which code they are about, but not behind it.
fn strayed(texts: &[String]) -> Vec<String> {
    let lines = texts.iter().flat_map(|text| text.lines());
    let about = lines.filter_map(|line| line.split_once("# about "));
    let strayed = about.filter(|(before, code)| {
        let words = before.split(|c: char| !c.is_alphanumeric() && c != '_');
        !words.into_iter().any(|word| fold(word) == *code)
    });
    strayed
        .map(|(before, code)| format!("{before} | {code}"))
        .collect()
}

/// The codes that are behind a comment of theirs.
fn noted(texts: &[String]) -> BTreeSet<(usize, String)> {
    let mut stock = 0;
    let mut noted = BTreeSet::new();
    for line in texts.iter().flat_map(|text| text.lines()) {
        if let Some((_, name)) = line.split_once("# name ") {
            stock = name.trim().parse().unwrap();
        }
        if let Some((_, code)) = line.split_once("# about ") {
            noted.insert((stock, code.to_owned()));
        }
    }
    noted
}

/// Whether the live links of an owned stock can be written down.
fn is_writable(world: &World, live: &LiveState, at: usize) -> bool {
    live.links_of(World::id(at)).iter().all(|link| {
        let code = link.source.as_str();
        world.stocks[at].wanted.is_none()
            || code == "default"
            || (link.priority > 0 && !code.eq_ignore_ascii_case("default"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn files_are_brought_in_line(world in world(), hand in hand(), add_all in any::<bool>()) {
        let live = world.live();
        let texts = files(&world, &hand);
        let options = UpdateOptions { stocks: None, add_all };
        let first = update(&input(&texts), &live, &options);
        let updated = match first {
            Ok(updated) => updated,
            Err(UpdateError::Findings(found)) => {
                prop_assert!(found.iter().all(|found| found.rule == "not-writable"), "{:?}\n{}", found, texts.join("\n~~~\n"));
                prop_assert!((0..world.stocks.len()).any(|at| !is_writable(&world, &live, at)));
                return Ok(());
            }
            Err(error) => return Err(TestCaseError::fail(format!("{error}\n{}", texts.join("\n~~~\n")))),
        };
        let new = after(&texts, &updated);
        let shown = format!("{}\n=====\n{}", texts.join("\n~~~\n"), new.join("\n~~~\n"));
        let plan = plan_of(&new.iter().map(String::as_str).collect::<Vec<_>>(), &live);
        let plan = plan.map_err(|error| TestCaseError::fail(format!("{error}\n{shown}")))?;
        prop_assert!(plan.in_sync(), "{}", shown);
        if add_all {
            prop_assert_eq!(plan.unmanaged.len(), updated.left_out.len());
        }
        for text in &new {
            second_opinion(text).map_err(TestCaseError::fail)?;
        }
        prop_assert_eq!(own_lines(&texts), own_lines(&new), "{}", shown);
        prop_assert_eq!(strayed(&new), Vec::<String>::new(), "{}", shown);
        let still_linked = |(stock, code): &(usize, String)| {
            live.links_of(World::id(*stock)).iter().any(|link| link.source.folded() == code)
        };
        let kept: BTreeSet<_> = noted(&texts).into_iter().filter(still_linked).collect();
        prop_assert_eq!(noted(&new), kept, "{}", shown);

        let again = update(&input(&new), &live, &options).map_err(|error| TestCaseError::fail(format!("{error}")))?;
        prop_assert_eq!(again.files, Vec::new(), "{}", shown);
    }

    #[test]
    fn what_is_not_chosen_stays(world in world(), hand in hand(), chosen in 0..4_usize) {
        let live = world.live();
        let texts = files(&world, &hand);
        let at = chosen % world.stocks.len();
        let options = UpdateOptions { stocks: Some([World::id(at)].into()), add_all: false };
        let Ok(updated) = update(&input(&texts), &live, &options) else {
            prop_assert!(live.links_of(World::id(at)).iter().any(|link| link.source.folded() == "DEFAULT" || link.priority == 0));
            return Ok(());
        };
        let new = after(&texts, &updated);
        let said = |texts: &[String]| {
            let spec = load(&input(texts)).spec.unwrap();
            let said = spec.stocks.into_iter().filter(|stock| fold(stock.name.as_str()) != fold(NAMES[at]));
            let said = said.map(|stock| match stock.links {
                WantedLinks::Ordered(links) => links.iter().map(|link| (link.code.clone(), None)).collect::<Vec<_>>(),
                WantedLinks::Explicit(links) => links.iter().map(|(link, number)| (link.code.clone(), Some(*number))).collect(),
            });
            said.collect::<Vec<_>>()
        };
        prop_assert_eq!(said(&texts), said(&new));
        let plan = plan_of(&new.iter().map(String::as_str).collect::<Vec<_>>(), &live).map_err(TestCaseError::fail)?;
        prop_assert!(plan.stocks.iter().any(|stock| stock.stock_id == World::id(at) && stock.in_sync()));
    }
}
