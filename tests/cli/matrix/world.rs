//! A generated shop: many stocks and sources, and the inventory that links them all.

use std::fmt::Write as _;

use serde_json::{Value, json};

use testkit::proxy::{Action, Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

/// The id of the first stock beside the Default Stock.
const FIRST: usize = 2;

/// A front before a shop that refuses pages of more than so many rows, in the spelling that stocktake sends. The limit of a real
/// shop looks for another spelling.
pub fn paged(shop: &SandboxProcess, most: usize) -> Proxy {
    let body = json!({ "message": "Maximum SearchCriteria pageSize is %max", "parameters": { "max": most } });
    Proxy::before(shop.address, move |asked| {
        let query = asked.query.replace("%5B", "[").replace("%5D", "]");
        let size = query
            .split('&')
            .find_map(|one| one.strip_prefix("searchCriteria[page_size]="))
            .and_then(|size| size.parse::<usize>().ok());
        match size {
            Some(size) if size > most => {
                Action::Answer(Canned::new(400, "application/json", body.to_string()))
            }
            _ => Action::Pass,
        }
    })
}

/// How many stocks and sources there are.
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// Stocks that the inventory owns; none of them has a link yet.
    pub empty: usize,
    /// Stocks that the inventory does not name; they are linked to every source.
    pub full: usize,
    /// Sources.
    pub sources: usize,
}

impl World {
    /// How many links there are before an apply, that of the Default Stock counted.
    pub fn before(self) -> usize {
        self.full * self.sources + 1
    }

    /// How many links the inventory wants to be created.
    pub fn wanted(self) -> usize {
        self.empty * self.sources
    }

    /// A folder with the inventory.
    pub fn workspace(self) -> Workspace {
        let codes: Vec<String> = (0..self.sources).map(code).collect();
        let mut inventory = String::from("version: 1\nstocks:\n");
        for stock in 0..self.empty {
            let codes = codes.join(", ");
            write!(inventory, "  - name: Stock {stock}\n    sources: [{codes}]\n")
                .expect("a String takes every write");
        }
        Workspace::with(&inventory)
    }

    /// A shop of that profile, started with its seed in that folder.
    pub fn start(self, workspace: &Workspace, profile: &str, more: &[&str]) -> SandboxProcess {
        workspace.write("seed.json", &self.seed().to_string());
        let path = workspace.path("seed.json");
        let seed = ["--seed", path.to_str().expect("the path is text")];
        SandboxProcess::of_generation(profile, &[&seed, more].concat())
    }

    /// The demo shop's users and websites, with other stocks and sources.
    fn seed(self) -> Value {
        let demo = testkit::shop::DEMO_SEED;
        let mut seed: Value = serde_json::from_str(demo).expect("a seed is JSON");
        let default = |list: &Value, key: &str, value: Value| {
            let rows = list.as_array().expect("a seed has lists").iter();
            let rows = rows.filter(|row| row[key] == value).cloned();
            rows.collect::<Vec<Value>>()
        };
        let mut sources = default(&seed["sources"], "source_code", json!("default"));
        sources.extend((0..self.sources).map(|at| {
            json!({
                "source_code": code(at), "name": code(at), "enabled": true, "country_id": "US", "postcode": "1",
                "use_default_carrier_config": true, "carrier_links": [],
                "extension_attributes": { "is_pickup_location_active": false, "frontend_name": code(at) }
            })
        }));
        let stocks = self.empty + self.full;
        let mut rows = default(&seed["stocks"], "stock_id", json!(1));
        rows.extend((0..stocks).map(|at| json!({ "stock_id": FIRST + at, "name": format!("Stock {at}") })));
        let mut links = default(&seed["links"], "stock_id", json!(1));
        for stock in self.empty..stocks {
            links.extend(
                (0..self.sources).map(
                    |at| json!({ "stock_id": FIRST + stock, "source_code": code(at), "priority": at + 1 }),
                ),
            );
        }
        seed["sources"] = sources.into();
        seed["stocks"] = rows.into();
        seed["links"] = links.into();
        seed["source_items"] = json!([]);
        seed
    }
}

/// The code of a source.
fn code(at: usize) -> String {
    format!("s{at:03}")
}
