//! The predicted index against the one that the sandbox's own index run writes, on random shops.

use std::collections::{BTreeMap, BTreeSet};

use commerce_sandbox::Seed;
use commerce_sandbox::backdoor::{self, Store, index};
use proptest::prelude::*;
use stocktake::model::{
    IndexRow, Link, LiveState, Quantity, Sku, Source, SourceCode, SourceItem, Stock, StockId, StockName,
};
use stocktake::reconcile::index::{
    Comparison, Evidence, Extent, IndexState, compare, counted_sources, predict,
};

const SOURCES: [&str; 4] = ["ne_wh", "Hq", "zürich", "berlin"];
const STOCKS: [i64; 2] = [2, 3];
const SKUS: [&str; 5] = ["P-1", "p-2", "P 3", "a,b", "Ü-5"];

/// What a shop has, each by its place in the lists above.
#[derive(Debug, Clone)]
struct World {
    enabled: [bool; 4],
    links: BTreeSet<(usize, usize)>,
    /// Source, product, ten-thousandths, whether in stock.
    items: Vec<(usize, usize, i32, bool)>,
}

fn worlds() -> impl Strategy<Value = World> {
    let links = prop::collection::btree_set((0..STOCKS.len(), 0..SOURCES.len()), 0..8);
    let item = (0..SOURCES.len(), 0..SKUS.len(), -50_000..5_000_000, any::<bool>());
    let items = prop::collection::vec(item, 0..20);
    (any::<[bool; 4]>(), links, items).prop_map(|(enabled, links, mut items)| {
        items.sort_by_key(|item| (item.0, item.1));
        items.dedup_by_key(|item| (item.0, item.1));
        World {
            enabled,
            links,
            items,
        }
    })
}

/// Another spelling of the same key.
fn respelt(text: &str) -> String {
    text.to_uppercase()
}

fn quantity(parts: i32) -> f64 {
    f64::from(parts) / 1e4
}

impl World {
    fn store(&self) -> Store {
        let mut store = Seed::empty().into_store();
        let template = store.sources[0].clone();
        for (code, enabled) in SOURCES.iter().zip(self.enabled) {
            let mut source = template.clone();
            (source.source_code, source.enabled) = ((*code).to_owned(), enabled);
            store.sources.push(source);
        }
        store.stocks.extend(STOCKS.map(|stock_id| backdoor::Stock {
            stock_id,
            name: format!("Stock {stock_id}"),
        }));
        let links = self.links.iter().zip(10..);
        store
            .links
            .extend(links.map(|((stock, source), link_id)| backdoor::Link {
                link_id,
                stock_id: STOCKS[*stock],
                source_code: respelt(SOURCES[*source]),
                priority: 1,
            }));
        let items = self.items.iter().zip(10..);
        store
            .source_items
            .extend(items.map(|(item, source_item_id)| backdoor::SourceItem {
                source_item_id,
                source_code: SOURCES[item.0].to_owned(),
                sku: if item.0 % 2 == 0 {
                    SKUS[item.1].to_owned()
                } else {
                    respelt(SKUS[item.1])
                },
                quantity: quantity(item.2),
                status: item.3.into(),
            }));
        index::build(&mut store);
        store
    }

    fn live(&self) -> LiveState {
        let stocks = STOCKS.map(|id| Stock {
            id: StockId(u32::try_from(id).expect("ids are small")),
            name: StockName::from_server(&format!("Stock {id}")),
            channels: Vec::new(),
        });
        let sources = SOURCES.iter().zip(self.enabled).map(|(code, enabled)| Source {
            code: SourceCode::from_server(code),
            name: String::new(),
            enabled,
        });
        let links = self.links.iter().map(|(stock, source)| Link {
            stock: stocks[*stock].id,
            source: SourceCode::from_server(&respelt(SOURCES[*source])),
            priority: 1,
        });
        LiveState {
            sources: sources.collect(),
            links: links.collect(),
            stocks: stocks.to_vec(),
            only: None,
            issues: Vec::new(),
        }
        .sorted()
    }

    fn items(&self) -> Vec<SourceItem> {
        let item = |item: &(usize, usize, i32, bool)| SourceItem {
            source: SourceCode::from_server(SOURCES[item.0]),
            sku: Sku::new(SKUS[item.1]),
            quantity: Quantity::from_units(quantity(item.2)),
            in_stock: item.3,
        };
        self.items.iter().map(item).collect()
    }

    /// Every product that any source has.
    fn known(&self) -> BTreeSet<Sku> {
        self.items().into_iter().map(|item| item.sku).collect()
    }
}

fn rows(store: &Store, stock: StockId) -> Vec<IndexRow> {
    let table = index::table(store, stock.0.into()).expect("each stock has a table");
    let row = |(sku, row): (&String, &backdoor::IndexRow)| IndexRow {
        sku: Sku::new(sku),
        quantity: Some(Quantity::from_units(row.quantity)),
        salable: Some(row.is_salable),
    };
    table.iter().map(row).collect()
}

fn compared(world: &World, shown: &World, stock: StockId) -> Comparison {
    compare(
        &predict(&world.live(), stock, &world.items()),
        &rows(&shown.store(), stock),
    )
}

/// Judges with everything known that could be asked for: no product has a row that is not shown.
fn judged(world: &World, shown: &World, stock: StockId) -> IndexState {
    let (comparison, live) = (compared(world, shown, stock), world.live());
    let unseen = comparison.unseen.iter();
    let answers = unseen.map(|one| (one.sku.clone(), Some(Quantity::ZERO)));
    let evidence = Evidence {
        items: &world.items(),
        counted: &counted_sources(&live, stock),
        elsewhere: &world.known(),
        answers: answers.collect(),
        unanswered: None,
    };
    comparison.judged(evidence)
}

fn stocks() -> [StockId; 2] {
    [StockId(2), StockId(3)]
}

proptest! {
    #[test]
    fn a_full_run_writes_what_is_predicted(world in worlds()) {
        for stock in stocks() {
            let found = compared(&world, &world, stock);
            prop_assert!(found.different.is_empty(), "{:?}", found.different);
            prop_assert!(found.unseen.is_empty(), "{:?}", found.unseen);
            prop_assert!(found.surplus.is_empty(), "{:?}", found.surplus);
        }
    }

    #[test]
    fn links_that_the_index_has_not_seen_are_found_wherever_they_show(world in worlds(), seen in worlds()) {
        // The index was made of other links; everything else is the same.
        let before = World { links: seen.links, ..world.clone() };
        for stock in stocks() {
            let now = rows(&world.store(), stock);
            let then = rows(&before.store(), stock);
            let keyed = |rows: &[IndexRow]| -> BTreeMap<Sku, Quantity> {
                rows.iter().filter_map(|row| Some((row.sku.clone(), row.quantity?))).collect()
            };
            let salable = |rows: &[IndexRow]| -> BTreeMap<Sku, Quantity> {
                let rows = keyed(rows).into_iter();
                rows.filter(|(_, quantity)| quantity.is_positive()).collect()
            };
            let stale = matches!(judged(&world, &before, stock), IndexState::Stale { .. });
            if salable(&now) != salable(&then) {
                prop_assert!(stale, "{now:?} {then:?}");
            }
            if keyed(&now) == keyed(&then) {
                prop_assert!(!stale, "{now:?}");
            }
        }
    }

    #[test]
    fn rows_of_composite_products_raise_no_alarm(world in worlds(), quantity in prop::option::of(0..9_999)) {
        for stock in stocks() {
            let (live, items) = (world.live(), world.items());
            let predicted = predict(&live, stock, &items);
            let mut shown = rows(&world.store(), stock);
            shown.push(IndexRow {
                sku: Sku::new("a-set-of-them"),
                quantity: quantity.map(|quantity| Quantity::from_units(f64::from(quantity))),
                salable: None,
            });
            let state = compare(&predicted, &shown).judged(Evidence {
                items: &items,
                counted: &counted_sources(&live, stock),
                elsewhere: &world.known(),
                answers: BTreeMap::new(),
                unanswered: None,
            });
            let extent = Extent { skus: predicted.len(), predicted: predicted.len(), not_predicted: 1, not_asked: 0 };
            prop_assert_eq!(state, IndexState::Matches { extent });
        }
    }

    #[test]
    fn only_what_both_of_two_looks_show_counts(world in worlds(), before in worlds(), later in worlds()) {
        for stock in stocks() {
            let first = judged(&world, &before, stock);
            let second = judged(&world, &later, stock);
            let both = |state: &IndexState| match state {
                IndexState::Stale { mismatches, .. } => mismatches.iter().cloned().collect(),
                _ => BTreeSet::new(),
            };
            let expected: BTreeSet<_> = both(&first).intersection(&both(&second)).cloned().collect();
            prop_assert_eq!(both(&first.confirmed_by(second)), expected);
        }
    }
}

/// A shop that sells moves its items between two looks. A row that stands still meanwhile is no less stale for that.
#[test]
fn a_row_that_stands_still_is_stale_also_when_items_move() {
    let look = |quantity: f64, indexed: Option<f64>| {
        let sku = || Sku::new("P-1");
        let predicted = BTreeMap::from([(sku(), Quantity::from_units(quantity))]);
        let row = |quantity| IndexRow {
            sku: sku(),
            quantity: Some(Quantity::from_units(quantity)),
            salable: Some(true),
        };
        let shown: Vec<IndexRow> = indexed.map(row).into_iter().collect();
        compare(&predicted, &shown).judged(Evidence {
            items: &[],
            counted: &BTreeSet::new(),
            elsewhere: &BTreeSet::new(),
            answers: BTreeMap::from([(sku(), Some(Quantity::ZERO))]),
            unanswered: None,
        })
    };
    let is_stale = |state| matches!(state, IndexState::Stale { .. });
    assert!(is_stale(look(5.0, Some(9.0)).confirmed_by(look(4.0, Some(9.0)))));
    assert!(is_stale(look(5.0, None).confirmed_by(look(4.0, None))));
    // Both move: the second look came between a sale and its row.
    assert!(!is_stale(look(5.0, Some(9.0)).confirmed_by(look(4.0, Some(5.0)))));
}
