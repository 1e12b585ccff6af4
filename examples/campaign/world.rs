//! A random small world: a shop as it stands, and an inventory that wants it otherwise.

use std::fmt::Write as _;

use fastrand::Rng;
use stocktake::sandbox::{Options, Profile, Seed};
use stocktake::sandbox::{seed as seeds, source};

use crate::truth::{Key, Table, fold};

/// The sales channels of the demo shop, one for each stock.
const CHANNELS: [&str; 5] = ["us_site", "ca_site", "eu_site", "uk_site", "spare_site"];

/// A shop and what is wanted of it.
pub struct World {
    /// What the shop holds at first.
    pub seed: Seed,
    /// How it is served.
    pub options: Options,
    /// What the inventory owns.
    pub owned: Vec<Owned>,
    /// The inventory as a file.
    pub inventory: String,
    /// How stocktake signs in.
    pub auth: Auth,
    /// Whether the target has reindex steps, or relies on cron.
    pub steps: bool,
    /// The guards: most deletes, most percent.
    guard: (u32, u8),
    /// Flags that lift the guards, where a run has them.
    pub allowances: Vec<String>,
}

/// A way to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// The token of an integration, which does not end.
    Bearer,
    /// A user and a password for a token that may end.
    Admin,
}

/// A stock as the inventory wants it.
#[derive(Debug, Clone)]
pub struct Owned {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its sources.
    pub wanted: Wanted,
}

/// What is wanted of a stock.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// These sources in this order.
    Ordered(Vec<String>),
    /// These sources with these numbers.
    Explicit(Vec<(String, i64)>),
}

impl World {
    /// Makes the world of a generator.
    pub fn new(rng: &mut Rng) -> Self {
        let sources: Vec<String> = (1..=rng.usize(1..=12)).map(|n| format!("s{n:02}")).collect();
        let stocks: Vec<(i64, String)> = (0..rng.i64(1..=5))
            .map(|n| (n + 2, format!("Stock {n}")))
            .collect();
        let mut owned = Vec::new();
        let mut links = Vec::new();
        for (at, (id, name)) in stocks.iter().enumerate() {
            let is_last = at + 1 == stocks.len();
            let is_owned = rng.u8(0..10) < 8 || (owned.is_empty() && is_last);
            let wanted = Wanted::new(rng, &sources);
            links.extend(live(rng, *id, &sources, is_owned.then_some(&wanted)));
            if is_owned {
                owned.push(Owned {
                    id: *id,
                    name: name.clone(),
                    wanted,
                });
            }
        }
        let allowances = allowances(rng, &owned);
        Self {
            seed: seed(rng, &sources, &stocks, links),
            options: options(rng),
            inventory: inventory(rng, &owned),
            owned,
            auth: if rng.u8(0..3) == 0 {
                Auth::Admin
            } else {
                Auth::Bearer
            },
            steps: rng.u8(0..5) > 0,
            guard: (rng.u32(0..12), rng.choice([10, 30, 60, 100]).unwrap_or(30)),
            allowances,
        }
    }

    /// The targets.yaml for a shop that listens there.
    pub fn targets(&self, url: &str) -> String {
        let auth = match self.auth {
            Auth::Bearer => "bearer: { env: SHOP_TOKEN }",
            Auth::Admin => "admin: { user: admin, password: { env: SHOP_PASSWORD } }",
        };
        let reindex = if self.steps {
            let body = r#"{"argv": ["indexer:reindex", "inventory"]}"#;
            format!(
                "\n      - http: {{ url: '{url}/_sandbox/magento', body: '{body}' }}\n        timeout: 20s"
            )
        } else {
            " cron".to_owned()
        };
        let (deletes, percent) = self.guard;
        format!(
            "version: 1\ntargets:\n  shop:\n    url: {url}\n    auth: {{ {auth} }}\n    \
             connection: {{ retry_pause: 1ms, request_timeout: 2s }}\n    \
             guard: {{ max_deletes: {deletes}, max_delete_percent: {percent} }}\n    prove_timeout: 2s\n    reindex:{reindex}\n"
        )
    }

    /// Whether every owned stock is as wanted.
    pub fn is_converged(&self, table: &Table) -> bool {
        self.owned.iter().all(|stock| stock.is_converged(table))
    }

    /// The ids of the owned stocks.
    pub fn stocks(&self) -> impl Iterator<Item = i64> {
        self.owned.iter().map(|stock| stock.id)
    }

    /// The owned stock of that id.
    pub fn owned(&self, id: i64) -> Option<&Owned> {
        self.owned.iter().find(|stock| stock.id == id)
    }

    /// Every flag that lifts a guard.
    pub fn all_allowances(&self) -> Vec<String> {
        let mut all = vec!["deletes".to_owned(), "doubtful-deletes".to_owned()];
        for stock in &self.owned {
            all.extend(stock_allowances(stock));
        }
        all
    }
}

impl Owned {
    /// Whether the stock is as wanted: the same sources, in that order or with those numbers.
    pub fn is_converged(&self, table: &Table) -> bool {
        let live: Vec<(&Key, &i64)> = table.iter().filter(|((id, _), _)| *id == self.id).collect();
        let priority = |code: &String| table.get(&(self.id, fold(code))).copied();
        match &self.wanted {
            Wanted::Ordered(codes) => {
                let priorities: Option<Vec<i64>> = codes.iter().map(priority).collect();
                live.len() == codes.len()
                    && priorities.is_some_and(|priorities| priorities.windows(2).all(|two| two[0] < two[1]))
            }
            Wanted::Explicit(links) => {
                live.len() == links.len()
                    && links.iter().all(|(code, wanted)| priority(code) == Some(*wanted))
            }
        }
    }

    /// Whether a source is wanted in the stock.
    pub fn wants(&self, code: &str) -> bool {
        match &self.wanted {
            Wanted::Ordered(codes) => codes.iter().any(|wanted| fold(wanted) == fold(code)),
            Wanted::Explicit(links) => links.iter().any(|(wanted, _)| fold(wanted) == fold(code)),
        }
    }
}

impl Wanted {
    fn new(rng: &mut Rng, sources: &[String]) -> Self {
        let mut codes = sources.to_vec();
        rng.shuffle(&mut codes);
        let most = if rng.u8(0..30) == 0 {
            0
        } else {
            rng.usize(1..=codes.len())
        };
        codes.truncate(most);
        if rng.bool() {
            return Self::Ordered(codes);
        }
        let number = |(code, place): (String, i64)| {
            let free = if rng.u8(0..8) == 0 {
                1
            } else {
                place * 10 + rng.i64(0..10)
            };
            (code, free)
        };
        Self::Explicit(codes.into_iter().zip(1..).map(number).collect())
    }

    fn links(&self, rng: &mut Rng) -> Vec<(String, i64)> {
        match self {
            Self::Explicit(links) => links.clone(),
            Self::Ordered(codes) => {
                let mut last = 0;
                let mut next = |code: &String| {
                    last += rng.i64(1..=3);
                    (code.clone(), last)
                };
                codes.iter().map(&mut next).collect()
            }
        }
    }
}

/// The links of a stock as they stand: what is wanted with some drift, or whatever.
fn live(rng: &mut Rng, stock_id: i64, sources: &[String], wanted: Option<&Wanted>) -> Vec<seeds::SeedLink> {
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

fn seed(rng: &mut Rng, sources: &[String], stocks: &[(i64, String)], links: Vec<seeds::SeedLink>) -> Seed {
    let demo = Seed::demo();
    let base = demo.sources.iter().find(|source| source.source_code == "default");
    let base = base.expect("every shop has the default source").clone();
    let source = |code: &String| source::Source {
        source_code: code.clone(),
        name: code.clone(),
        enabled: rng.u8(0..10) > 0,
        ..base.clone()
    };
    let custom: Vec<source::Source> = sources.iter().map(source).collect();
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

fn options(rng: &mut Rng) -> Options {
    let limited = rng.u8(0..3) == 0;
    Options {
        profile: if limited { Profile::V2_4_3 } else { Profile::V2_4_1 },
        // The two fields that lists are sorted by count as items too.
        item_limit: limited.then(|| rng.usize(2..=20)),
        page_limit: limited.then(|| rng.i64(2..=10)),
        ..Options::default()
    }
}

fn inventory(rng: &mut Rng, owned: &[Owned]) -> String {
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

fn allowances(rng: &mut Rng, owned: &[Owned]) -> Vec<String> {
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

fn stock_allowances(stock: &Owned) -> impl Iterator<Item = String> {
    let guards = ["delete-percent", "empty-stock", "disabled-only"];
    guards.map(|guard| format!("{guard}={}", stock.name)).into_iter()
}
