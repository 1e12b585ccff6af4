//! Draws the parts of a world: what its shop holds, how it is served, how its inventory is written.

use std::fmt::Write as _;

use commerce_sandbox::seed as seeds;
use commerce_sandbox::{Options, Profile, Seed};
use fastrand::Rng;

use crate::campaign::wanted::{Owned, Wanted};

/// The sales channels of the demo shop, one for each stock.
const CHANNELS: [&str; 5] = ["us_site", "ca_site", "eu_site", "uk_site", "spare_site"];

/// The links of a stock as they stand: what is wanted with some drift, or whatever.
pub fn live(
    rng: &mut Rng,
    stock_id: i64,
    sources: &[String],
    wanted: Option<&Wanted>,
) -> Vec<seeds::SeedLink> {
    let mut links = match wanted {
        Some(wanted) if rng.u8(0..10) < 7 => wanted.links(rng),
        Some(_) if rng.bool() => Vec::new(),
        _ => {
            let mut codes = sources.to_vec();
            rng.shuffle(&mut codes);
            codes.truncate(rng.usize(0..=sources.len()));
            codes.into_iter().map(|code| (code, rng.i64(1..=12))).collect()
        }
    };
    for _ in 0..rng.usize(0..=4) {
        drift(rng, sources, &mut links);
    }
    let spelt = |(code, priority): (String, i64)| seeds::SeedLink {
        stock_id,
        source_code: if rng.u8(0..20) == 0 {
            code.to_uppercase()
        } else {
            code
        },
        priority,
    };
    links.into_iter().map(spelt).collect()
}

fn drift(rng: &mut Rng, sources: &[String], links: &mut Vec<(String, i64)>) {
    match rng.u8(0..3) {
        0 if !links.is_empty() => {
            links.remove(rng.usize(0..links.len()));
        }
        1 if !links.is_empty() => {
            let at = rng.usize(0..links.len());
            links[at].1 = rng.i64(1..=20);
        }
        _ => {
            let free: Vec<&String> = sources
                .iter()
                .filter(|code| links.iter().all(|(taken, _)| taken != *code))
                .collect();
            if let Some(code) = rng.choice(free) {
                links.push((code.clone(), rng.i64(1..=20)));
            }
        }
    }
}

pub fn seed(
    rng: &mut Rng,
    sources: &[String],
    stocks: &[(i64, String)],
    links: Vec<seeds::SeedLink>,
) -> Seed {
    let demo = Seed::demo();
    let base = demo.sources.iter().find(|source| source.source_code == "default");
    let base = base.expect("every shop has the default source").clone();
    let source = |code: &String| seeds::Source {
        source_code: code.clone(),
        name: code.clone(),
        enabled: rng.u8(0..10) > 0,
        ..base.clone()
    };
    let custom: Vec<seeds::Source> = sources.iter().map(source).collect();
    let stock = |(at, (stock_id, name)): (usize, &(i64, String))| seeds::SeedStock {
        stock_id: *stock_id,
        name: name.clone(),
        extension_attributes: seeds::SeedChannels {
            sales_channels: vec![seeds::SeedChannel {
                kind: "website".to_owned(),
                code: CHANNELS[at].to_owned(),
            }],
        },
    };
    // Each source has a quantity of its own, so that an index that lacks one shows.
    let item = |(at, code): (usize, &String)| seeds::SeedItem {
        sku: "thing".to_owned(),
        source_code: code.clone(),
        quantity: f64::from(1_u32 << at),
        status: 1,
    };
    let default_stock = demo.stocks.iter().find(|stock| stock.stock_id == 1);
    let default_link = demo.links.iter().find(|link| link.stock_id == 1);
    Seed {
        sources: [vec![base.clone()], custom].concat(),
        stocks: default_stock
            .cloned()
            .into_iter()
            .chain(stocks.iter().enumerate().map(stock))
            .collect(),
        links: default_link.cloned().into_iter().chain(links).collect(),
        source_items: sources.iter().enumerate().map(item).collect(),
        reservations: Vec::new(),
        index: None,
        ..demo
    }
}

pub fn options(rng: &mut Rng, is_wide: bool) -> Options {
    let limited = is_wide || rng.u8(0..3) == 0;
    Options {
        profile: if limited { Profile::V2_4_3 } else { Profile::V2_4_8 },
        // The two fields that lists are sorted by count as items too.
        item_limit: limited.then(|| if is_wide { 2 } else { rng.usize(2..=20) }),
        page_limit: limited.then(|| rng.i64(2..=10)),
        ..Options::default()
    }
}

pub fn inventory(rng: &mut Rng, owned: &[Owned]) -> String {
    let mut text = "version: 1\nstocks:\n".to_owned();
    // A String takes every write.
    for stock in owned {
        let _ = writeln!(text, "  - name: {}", stock.name);
        let listed: Vec<String> = match &stock.wanted {
            Wanted::Ordered(codes) => codes.clone(),
            Wanted::Explicit(links) => links
                .iter()
                .map(|(code, priority)| format!("{{ code: {code}, priority: {priority} }}"))
                .collect(),
        };
        if rng.bool() || listed.is_empty() {
            let _ = writeln!(text, "    sources: [{}]", listed.join(", "));
        } else {
            let _ = writeln!(text, "    sources:\n      - {}", listed.join("\n      - "));
        }
    }
    text
}

pub fn allowances(rng: &mut Rng, owned: &[Owned]) -> Vec<String> {
    let mut all = Vec::new();
    if rng.u8(0..3) > 0 {
        all.push("deletes".to_owned());
        all.extend(owned.iter().flat_map(stock_allowances));
    }
    if rng.u8(0..4) == 0 {
        all.push("doubtful-deletes".to_owned());
    }
    all
}

pub fn stock_allowances(stock: &Owned) -> impl Iterator<Item = String> {
    let guards = ["delete-percent", "empty-stock", "disabled-only"];
    guards.map(|guard| format!("{guard}={}", stock.name)).into_iter()
}
