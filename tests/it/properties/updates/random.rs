//! Random files brought in line with a random shop.

use std::collections::BTreeSet;

use mysql_collation::fold;
use proptest::prelude::*;
use spanned_yaml::diag::InputFiles;
use stocktake::export::{UpdateError, UpdateOptions, Updated, update};
use stocktake::model::LiveState;
use stocktake::spec::{WantedLinks, load};

use super::{files, hand};
use crate::other_reader::second_opinion;
use crate::properties::exports::plan_of;
use crate::properties::world::{NAMES, World, world};

fn input(texts: &[String]) -> InputFiles {
    let mut files = InputFiles::default();
    for text in texts {
        files.add("inventory.yaml", text);
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
        let retained: BTreeSet<_> = noted(&texts).into_iter().filter(still_linked).collect();
        prop_assert_eq!(noted(&new), retained, "{}", shown);

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
