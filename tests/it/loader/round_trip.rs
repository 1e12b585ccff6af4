//! Any topology, written in any of YAML's ways, is read back as it was.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use mysql_collation::fold;
use proptest::prelude::*;
use stocktake::spec::{Spec, WantedLinks, WantedSource};

use super::{inventory, one, rendered};

/// A stock as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stock {
    name: String,
    links: Links,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Links {
    Ordered(Vec<String>),
    Explicit(Vec<(String, u16)>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Topology {
    sources: Option<Vec<(String, Option<String>)>>,
    stocks: Vec<Stock>,
}

/// How a text is written.
#[derive(Debug, Clone, Copy)]
enum Quotes {
    Plain,
    Single,
    Double,
}

fn code() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9_-]{0,6}|[0-9]{1,4}|[A-Z]{1,3}|true|null|no|~|[äöüß]{1,3}|[a-z:#&*!?|>'\"%@`{},\\[\\]-]{1,6}"
        .prop_filter("the default source is refused", |code| {
            fold(code) != fold("default")
        })
}

fn name() -> impl Strategy<Value = String> {
    "[A-Za-z0-9äöüß'\":#{},&*-][A-Za-z0-9 äöüß'\":#{},-]{0,12}[A-Za-z0-9äöüß'\":#{},]"
        .prop_filter("the Default Stock is refused", |name| {
            fold(name) != fold("Default Stock")
        })
}

/// The texts that no other before them equals.
fn distinct(texts: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.into_iter().filter(|text| seen.insert(fold(text))).collect()
}

fn links(codes: &[String]) -> impl Strategy<Value = Links> + use<> {
    let chosen = prop::sample::subsequence(codes.to_vec(), 0..=codes.len()).prop_shuffle();
    (
        chosen,
        prop::option::of(prop::collection::vec(1_u16.., codes.len())),
    )
        .prop_map(|(codes, numbers)| match numbers {
            Some(numbers) if !codes.is_empty() => Links::Explicit(codes.into_iter().zip(numbers).collect()),
            _ => Links::Ordered(codes),
        })
}

fn topology() -> impl Strategy<Value = Topology> {
    let codes = prop::collection::vec(code(), 1..8).prop_map(distinct);
    let names = prop::collection::vec(name(), 1..5).prop_map(distinct);
    (codes, names, any::<bool>())
        .prop_flat_map(|(codes, names, closed)| {
            let stocks: Vec<_> = names
                .into_iter()
                .map(|name| {
                    links(&codes).prop_map(move |links| Stock {
                        name: name.clone(),
                        links,
                    })
                })
                .collect();
            let labels = prop::collection::vec(prop::option::of(name()), codes.len());
            let sources = labels
                .prop_map(move |labels| closed.then(|| codes.clone().into_iter().zip(labels).collect()));
            (sources, stocks)
        })
        .prop_map(|(sources, stocks)| Topology { sources, stocks })
}

fn quotes() -> impl Strategy<Value = Quotes> {
    prop_oneof![Just(Quotes::Plain), Just(Quotes::Single), Just(Quotes::Double)]
}

/// Writes a topology; the ways of quoting and of writing lists take turns.
struct Writer {
    quotes: Vec<Quotes>,
    flow: Vec<bool>,
    texts: usize,
    lists: usize,
}

impl Writer {
    fn text(&mut self, text: &str) -> String {
        self.texts += 1;
        let safe = text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ' ')
            && !matches!(text.to_ascii_lowercase().as_str(), "true" | "false" | "null");
        match self.quotes[self.texts % self.quotes.len()] {
            Quotes::Plain if safe => text.to_owned(),
            Quotes::Single => format!("'{}'", text.replace('\'', "''")),
            Quotes::Plain | Quotes::Double => serde_json::to_string(text).expect("a text is JSON"),
        }
    }

    fn is_flow(&mut self) -> bool {
        self.lists += 1;
        self.flow[self.lists % self.flow.len()]
    }

    fn list(&mut self, items: &[String], indent: &str) -> String {
        if items.is_empty() || self.is_flow() {
            return format!(" [{}]\n", items.join(", "));
        }
        let start = "\n".to_owned();
        items
            .iter()
            .fold(start, |out, item| out + indent + "- " + item + "\n")
    }

    fn write(&mut self, topology: &Topology) -> String {
        let mut out = "version: 1\n".to_owned();
        if let Some(sources) = &topology.sources {
            let mut items = Vec::new();
            for (code, label) in sources {
                let code = self.text(code);
                items.push(match label {
                    Some(label) => format!("{{ code: {code}, name: {} }}", self.text(label)),
                    None => format!("{{ code: {code} }}"),
                });
            }
            write!(out, "sources:{}", self.list(&items, "  ")).expect("a String takes it");
        }
        out += "stocks:\n";
        for stock in &topology.stocks {
            let links: Vec<_> = match &stock.links {
                Links::Ordered(codes) => codes.iter().map(|code| self.text(code)).collect(),
                Links::Explicit(links) => links
                    .iter()
                    .map(|(code, priority)| format!("{{ code: {}, priority: {priority} }}", self.text(code)))
                    .collect(),
            };
            let name = self.text(&stock.name);
            write!(
                out,
                "  - name: {name}\n    sources:{}",
                self.list(&links, "      ")
            )
            .expect("a String takes it");
        }
        out
    }
}

/// The text of any topology.
pub fn written() -> impl Strategy<Value = String> {
    (
        topology(),
        prop::collection::vec(quotes(), 1..5),
        prop::collection::vec(any::<bool>(), 1..5),
    )
        .prop_map(|(topology, quotes, flow)| {
            let mut writer = Writer {
                quotes,
                flow,
                texts: 0,
                lists: 0,
            };
            writer.write(&topology)
        })
}

/// What was read, in the form of what was written.
fn as_written(spec: &Spec) -> Topology {
    let code = |source: &WantedSource| source.code.as_str().to_owned();
    Topology {
        sources: spec.sources.as_ref().map(|sources| {
            let written = sources
                .iter()
                .map(|source| (source.code.as_str().to_owned(), source.name.clone()));
            written.collect()
        }),
        stocks: spec
            .stocks
            .iter()
            .map(|stock| Stock {
                name: stock.name.as_str().to_owned(),
                links: match &stock.links {
                    WantedLinks::Ordered(sources) => Links::Ordered(sources.iter().map(code).collect()),
                    WantedLinks::Explicit(links) => Links::Explicit(
                        links
                            .iter()
                            .map(|(source, priority)| (code(source), priority.number()))
                            .collect(),
                    ),
                },
            })
            .collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn what_is_written_is_read(
        topology in topology(),
        quotes in prop::collection::vec(quotes(), 1..5),
        flow in prop::collection::vec(any::<bool>(), 1..5),
    ) {
        let text = Writer { quotes, flow, texts: 0, lists: 0 }.write(&topology);
        let loaded = inventory(&text);
        let Some(spec) = loaded.spec else {
            return Err(TestCaseError::fail(format!("{text}\n{}", rendered(&loaded.diagnostics, &text))));
        };
        prop_assert_eq!(as_written(&spec), topology, "{}", text);
    }

    #[test]
    fn places_hold_what_they_are_said_to_hold(
        topology in topology(),
        quotes in prop::collection::vec(quotes(), 1..5),
        flow in prop::collection::vec(any::<bool>(), 1..5),
    ) {
        let text = Writer { quotes, flow, texts: 0, lists: 0 }.write(&topology);
        let files = one(&text);
        let spec = inventory(&text).spec.expect("a written topology is good");
        for stock in &spec.stocks {
            let WantedLinks::Ordered(sources) = &stock.links else { continue };
            for source in sources {
                let written = &text[source.span.start as usize..source.span.end as usize];
                let read: String = serde_saphyr::from_str(&format!("\"\": {written}")).map_or_else(
                    |_| written.to_owned(),
                    |map: std::collections::BTreeMap<String, String>| map[""].clone(),
                );
                prop_assert_eq!(&read, source.code.as_str());
                let place = files.place(source.span);
                let line = text.lines().nth(place.line as usize - 1).expect("the line is there");
                let rest: String = line.chars().skip(place.column as usize - 1).collect();
                prop_assert!(rest.starts_with(written));
            }
        }
    }
}
