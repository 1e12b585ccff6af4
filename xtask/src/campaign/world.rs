//! A random small world: a shop as it stands, and an inventory that wants it otherwise.

use std::path::Path;

use commerce_sandbox::{Options, Seed};
use fastrand::Rng;

use crate::campaign::draw::{allowances, inventory, live, options, seed, stock_allowances};
use crate::campaign::sandbox_state::Table;
use crate::campaign::wanted::{Owned, Wanted};

/// A shop and what is wanted of it.
pub struct World {
    /// What the shop holds at first.
    pub seed: Seed,
    /// How it is served.
    pub options: Options,
    /// True if there are many links to write, two in a call, so that calls go beside one another.
    pub is_wide: bool,
    /// What the inventory owns.
    pub owned: Vec<Owned>,
    /// The inventory as a file.
    pub inventory: String,
    /// How stocktake signs in.
    pub auth: Auth,
    /// True if the target has reindex steps, or relies on cron.
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

impl World {
    /// Makes the world of a generator; one in four is wide.
    pub fn new(rng: &mut Rng) -> Self {
        let is_wide = rng.u8(0..4) == 0;
        let (most_sources, most_stocks) = if is_wide {
            (12, 5)
        } else {
            (rng.usize(1..=12), rng.i64(1..=5))
        };
        let sources: Vec<String> = (1..=most_sources).map(|n| format!("s{n:02}")).collect();
        let stocks: Vec<(i64, String)> = (0..most_stocks).map(|n| (n + 2, format!("Stock {n}"))).collect();
        let mut owned = Vec::new();
        let mut links = Vec::new();
        for (at, (id, name)) in stocks.iter().enumerate() {
            let is_last = at + 1 == stocks.len();
            let is_owned = rng.u8(0..10) < 8 || (owned.is_empty() && is_last);
            let wanted = Wanted::new(rng, &sources);
            if !is_wide || rng.u8(0..3) == 0 {
                links.extend(live(rng, *id, &sources, is_owned.then_some(&wanted)));
            }
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
            options: options(rng, is_wide),
            is_wide,
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
             connection: {{ retry_pause: 1ms, request_timeout: 2s, consistency_wait: 100ms }}\n    \
             guard: {{ max_deletes: {deletes}, max_delete_percent: {percent} }}\n    prove_timeout: 2s\n    reindex:{reindex}\n"
        )
    }

    /// True if every owned stock is as wanted.
    pub fn is_converged(&self, table: &Table) -> bool {
        self.owned.iter().all(|stock| stock.is_converged(table))
    }

    /// The ids of the owned stocks.
    pub fn stocks(&self) -> impl Iterator<Item = i64> {
        self.owned.iter().map(|stock| stock.id)
    }

    /// The stocks that a pre-image brings back.
    pub fn pre_image(&self, file: &Path) -> Vec<Owned> {
        let id = |name: &str| {
            let mut owned = self.owned.iter();
            owned.find(|stock| stock.name == name).map(|stock| stock.id)
        };
        Owned::of_file(&std::fs::read_to_string(file).unwrap_or_default(), id)
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
