//! The predicted index against the rows that a real shop showed, moment by moment (recordings 07 and 14).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use stocktake::model::{
    IndexRow, Link, LiveState, Quantity, Sku, Source, SourceCode, SourceItem, Stock, StockId, StockName,
};
use stocktake::reconcile::index::{Evidence, Extent, IndexState, compare, counted_sources, predict};

fn file(name: &str) -> Value {
    let path = format!(
        "{}/crates/commerce-sandbox/contract/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(path).expect("the file can be read");
    serde_json::from_str(&text).expect("the file is JSON")
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().expect("a text")
}

/// What the shop holds, as the recording's own calls made it.
#[derive(Default)]
struct Shop {
    enabled: BTreeMap<String, bool>,
    links: BTreeSet<(u32, String)>,
    items: BTreeMap<(String, String), (f64, bool)>,
}

impl Shop {
    fn of(seed: &Value) -> Self {
        let mut shop = Self::default();
        for source in seed["sources"].as_array().expect("a list") {
            let enabled = source["enabled"].as_bool().expect("a flag");
            shop.enabled
                .insert(text(source, "source_code").to_owned(), enabled);
        }
        shop.link(&seed["links"]);
        shop.stock(&seed["source_items"]);
        shop
    }

    fn link(&mut self, links: &Value) {
        for link in links.as_array().expect("a list") {
            self.links.insert(key(link));
        }
    }

    fn stock(&mut self, items: &Value) {
        for item in items.as_array().expect("a list") {
            let quantity = item["quantity"].as_f64().expect("a number");
            let key = (text(item, "source_code").to_owned(), text(item, "sku").to_owned());
            self.items.insert(key, (quantity, item["status"] == 1));
        }
    }

    /// Takes in what a call did to the shop.
    fn take(&mut self, request: &Value) {
        let path = text(request, "path");
        let body = &request["body"];
        match (
            text(request, "method"),
            path.rsplit("/inventory/").next().unwrap_or_default(),
        ) {
            ("POST", "stock-source-links") => self.link(&body["links"]),
            ("POST", "stock-source-links-delete") => {
                for link in body["links"].as_array().expect("a list") {
                    self.links.remove(&key(link));
                }
            }
            ("POST", "source-items") => self.stock(&body["sourceItems"]),
            ("PUT", source) if source.starts_with("sources/") => {
                let enabled = body["source"]["enabled"].as_bool().expect("a flag");
                self.enabled.insert(source.replace("sources/", ""), enabled);
            }
            _ => {}
        }
    }

    fn live(&self) -> LiveState {
        LiveState {
            stocks: vec![Stock {
                id: StockId(2),
                name: StockName::from_server("a stock"),
                channels: Vec::new(),
            }],
            sources: self
                .enabled
                .iter()
                .map(|(code, enabled)| Source {
                    code: SourceCode::from_server(code),
                    name: String::new(),
                    enabled: *enabled,
                })
                .collect(),
            links: self
                .links
                .iter()
                .map(|(stock, code)| Link {
                    stock: StockId(*stock),
                    source: SourceCode::from_server(code),
                    priority: 1,
                })
                .collect(),
            only: None,
            issues: Vec::new(),
        }
        .sorted()
    }

    fn items(&self) -> Vec<SourceItem> {
        let items = self
            .items
            .iter()
            .map(|((code, sku), (quantity, in_stock))| SourceItem {
                source: SourceCode::from_server(code),
                sku: Sku::new(sku),
                quantity: Quantity::from_units(*quantity),
                in_stock: *in_stock,
            });
        items.collect()
    }

    /// Judges what the shop showed of a stock.
    fn judge(&self, stock: u32, shown: &Value) -> IndexState {
        let rows: Vec<IndexRow> = shown
            .as_array()
            .expect("a list")
            .iter()
            .map(|row| IndexRow {
                sku: Sku::new(text(row, "sku")),
                quantity: row["qty"].as_f64().map(Quantity::from_units),
                salable: row["is_salable"].as_bool(),
            })
            .collect();
        let (items, live) = (self.items(), self.live());
        let comparison = compare(&predict(&live, StockId(stock), &items), &rows);
        let unseen = comparison.unseen.iter();
        let answers = unseen
            .map(|one| (one.sku.clone(), Some(Quantity::ZERO)))
            .collect();
        comparison.judged(Evidence {
            items: &items,
            counted: &counted_sources(&live, StockId(stock)),
            elsewhere: &items.iter().map(|item| item.sku.clone()).collect(),
            answers,
            unanswered: None,
        })
    }
}

fn key(link: &Value) -> (u32, String) {
    let stock = link["stock_id"].as_u64().expect("an id");
    (
        u32::try_from(stock).expect("ids are small"),
        text(link, "source_code").to_owned(),
    )
}

/// Judges every dump of a custom stock in a recording: its step, the stock, and how it is.
fn judged(recording: &str, stocks: &[(&str, u32)]) -> Vec<(String, u32, IndexState)> {
    let recording = file(&format!("2.4.1/recordings/{recording}"));
    let mut shop = Shop::of(&file(&format!("seeds/{}", text(&recording, "seed"))));
    let mut judged = Vec::new();
    for step in recording["steps"].as_array().expect("a list") {
        let (request, response) = (&step["request"], &step["response"]);
        if response["status"] != 200 {
            continue;
        }
        let path = text(request, "path");
        match path.split_once("dump-stock-index-data/website/") {
            None => shop.take(request),
            Some((_, website)) => {
                if let Some((_, stock)) = stocks.iter().find(|(code, _)| *code == website) {
                    let state = shop.judge(*stock, &response["body"]);
                    judged.push((text(step, "name").to_owned(), *stock, state));
                }
            }
        }
    }
    judged
}

#[test]
fn every_dump_after_a_reindex_is_as_predicted_and_each_stale_one_is_found() {
    let judged = judged(
        "14_index_rows_and_source_items",
        &[("us_site", 2), ("eu_site", 3)],
    );
    let output: Vec<String> = judged
        .iter()
        .map(|(name, stock, state)| {
            let moment = name.split(':').next().unwrap_or_default();
            match state {
                IndexState::Matches { extent } => {
                    let Extent { skus, predicted, .. } = extent;
                    format!("{moment}, stock {stock}: {skus} of {predicted} match")
                }
                IndexState::Stale { mismatches, .. } => {
                    let skus: Vec<&str> = mismatches.iter().map(|one| one.sku.as_str()).collect();
                    format!("{moment}, stock {stock}: stale, {}", skus.join(" "))
                }
                IndexState::Unsold | IndexState::Unknown { .. } => "?".to_owned(),
            }
        })
        .collect();
    insta::assert_snapshot!(output.join("\n"), @"
    no links, never reindexed, stock 3: 0 of 0 match
    linked, not reindexed, stock 2: stale, P-00 P-01 P-02 P-03 P-04 P-05 P-06 P-07 P-08 P-09 P-10
    linked, reindexed, stock 2: 12 of 12 match
    swapped, not reindexed, stock 2: 12 of 12 match
    swapped, not reindexed, stock 3: 12 of 12 match
    swapped, reindexed, stock 2: 12 of 12 match
    swapped, reindexed, stock 3: 12 of 12 match
    unlinked, not reindexed, stock 2: stale, P-01 P-04 P-06 P-09 P-11
    unlinked, not reindexed, stock 3: stale, P-00 P-02 P-05 P-07 P-10
    unlinked, reindexed, stock 2: 7 of 7 match
    unlinked, reindexed, stock 3: 9 of 9 match
    berlin disabled, reindexed, stock 2: 7 of 7 match
    berlin disabled, reindexed, stock 3: 5 of 5 match
    stock 3 empty, reindexed, stock 2: 7 of 7 match
    ");
}

#[test]
fn the_dump_of_recording_07_is_as_predicted() {
    let judged = judged("07_reindex", &[("us_site", 2)]);
    assert_eq!(judged.len(), 1);
    assert_eq!(
        judged[0].2,
        IndexState::Matches {
            extent: Extent {
                skus: 2,
                predicted: 2,
                not_predicted: 0,
                not_asked: 0
            }
        }
    );
}
