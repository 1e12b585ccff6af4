//! Groups: a file that uses them wants what the same file without them wants.

use std::fmt::Write as _;

use proptest::prelude::*;
use spanned_yaml::diag::InputFiles;
use stocktake::spec::{self, WantedLinks};

use super::inventory;

/// An item of a stock's list: a source of its own, or a group by its number.
#[derive(Debug, Clone, Copy)]
enum Item {
    Source,
    Group(usize),
}

/// The number of sources in each group.
const SIZES: [usize; 4] = [1, 2, 3, 7];

fn items() -> impl Strategy<Value = Vec<Item>> {
    let item = prop_oneof![Just(Item::Source), (0..SIZES.len()).prop_map(Item::Group)];
    prop::collection::vec(item, 0..12).prop_map(|mut items| {
        let mut used = [false; SIZES.len()];
        items.retain(|item| match item {
            Item::Source => true,
            Item::Group(group) => !std::mem::replace(&mut used[*group], true),
        });
        items
    })
}

/// The sources of a group.
fn members(group: usize) -> Vec<String> {
    (0..SIZES[group]).map(|at| format!("g{group}_{at}")).collect()
}

/// A file in which the stocks use the groups, and one in which their sources are written out.
fn texts(stocks: &[Vec<Item>]) -> (String, String) {
    let (mut grouped, mut plain) = ("stocks:\n".to_owned(), "version: 1\nstocks:\n".to_owned());
    for (at, items) in stocks.iter().enumerate() {
        let written = |usage: &dyn Fn(usize) -> Vec<String>| {
            let sources = items.iter().enumerate().flat_map(|(place, item)| match item {
                Item::Source => vec![format!("s{place}")],
                Item::Group(group) => usage(*group),
            });
            let sources: Vec<_> = sources.collect();
            format!("  - {{ name: Stock {at}, sources: [{}] }}\n", sources.join(", "))
        };
        grouped += &written(&|group| vec![format!("{{ group: group {group} }}")]);
        plain += &written(&members);
    }
    let mut head = "version: 1\ngroups:\n".to_owned();
    for group in 0..SIZES.len() {
        writeln!(head, "  group {group}: [{}]", members(group).join(", ")).expect("a String takes it");
    }
    (head + &grouped, plain)
}

/// The stocks with the codes of their links.
fn wanted(loaded: spec::Loaded) -> Vec<(String, Vec<String>)> {
    let spec = loaded.spec.expect("a good inventory");
    let stocks = spec.stocks.into_iter().map(|stock| {
        let WantedLinks::Ordered(links) = stock.links else {
            panic!("an ordered list")
        };
        let codes = links.iter().map(|link| link.code.to_string());
        (stock.name.to_string(), codes.collect())
    });
    stocks.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn a_group_stands_for_its_sources(stocks in prop::collection::vec(items(), 1..4)) {
        let (grouped, plain) = texts(&stocks);
        prop_assert_eq!(wanted(inventory(&grouped)), wanted(inventory(&plain)), "{}", grouped);
    }
}

#[test]
fn groups_of_another_file_are_used_and_a_link_stands_at_its_line_in_the_group() {
    let mut files = InputFiles::default();
    files.add(
        "stocks.yaml",
        "version: 1\nstocks:\n  - name: A\n    sources: [hq, { group: nyc stores }, ne_wh]\n",
    );
    files.add(
        "groups.yaml",
        "version: 1\ngroups:\n  nyc stores:\n    - brooklyn\n    - manhattan\n",
    );
    let loaded = spec::load(&files);
    assert_eq!(loaded.diagnostics, []);
    let spec = loaded.spec.expect("a spec");
    let links = spec.stocks[0].links.numbered();
    let links: Vec<_> = links
        .map(|(link, _)| format!("{} {}", link.code, files.place(link.span)))
        .collect();
    assert_eq!(
        links,
        [
            "hq stocks.yaml:4:15",
            "brooklyn groups.yaml:4:7",
            "manhattan groups.yaml:5:7",
            "ne_wh stocks.yaml:4:42",
        ]
    );
}

/// Keys of one's own hold anchors, notes, and what a later reader may want.
#[test]
fn keys_that_begin_with_x_are_free() {
    let text = "\
version: 1
x-lists:
  - &coast [west_wh, berkeley]
x-note: |
  Kept by the night desk.
stocks:
  - { name: A, sources: *coast }
";
    assert_eq!(
        wanted(inventory(text)),
        [("A".to_owned(), vec!["west_wh".to_owned(), "berkeley".to_owned()])]
    );
}
