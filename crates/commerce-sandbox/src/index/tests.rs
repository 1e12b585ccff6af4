//! A shop with one custom stock whose index goes stale in every way it can.

use super::*;
use crate::database::catalogue::Product;
use crate::database::source::{Pickup, Source};
use crate::database::store::{Link, Reservation, SourceItem, Stock};
use crate::generation::Generation;
use crate::profile::Profile;

/// Makes a shop with stock 2 linked to two sources that hold 10 and 20 of one SKU, its index valid.
fn shop() -> Store {
    let mut store = Store {
        sources: ["default", "ne_wh", "west_wh"].map(source).to_vec(),
        stocks: [(1, "Default Stock"), (2, "North America Stock")]
            .map(|(stock_id, name)| Stock {
                stock_id,
                name: name.to_owned(),
            })
            .to_vec(),
        links: vec![link(1, 1, "default"), link(2, 2, "NE_WH"), link(3, 2, "west_wh")],
        source_items: vec![item("ne_wh", "A", 10.0, 1), item("west_wh", "a", 20.0, 1)],
        catalogue: vec![product("A")].into_iter().collect(),
        ..Store::default()
    };
    build(&mut store);
    store
}

fn product(sku: &str) -> Product {
    Product {
        sku: sku.to_owned(),
        ..Product::default()
    }
}

fn source(code: &str) -> Source {
    Source {
        source_code: code.to_owned(),
        name: code.to_owned(),
        email: None,
        contact_name: None,
        enabled: true,
        description: None,
        latitude: None,
        longitude: None,
        country_id: "US".to_owned(),
        region_id: None,
        region: None,
        city: None,
        street: None,
        postcode: "00000".to_owned(),
        phone: None,
        fax: None,
        use_default_carrier_config: true,
        carrier_links: Vec::new(),
        extension_attributes: Pickup::default(),
    }
}

fn link(link_id: i64, stock_id: i64, source_code: &str) -> Link {
    Link {
        link_id,
        stock_id,
        source_code: source_code.to_owned(),
        priority: 1,
    }
}

fn item(source_code: &str, sku: &str, quantity: f64, status: i64) -> SourceItem {
    SourceItem {
        source_item_id: 1,
        source_code: source_code.to_owned(),
        sku: sku.to_owned(),
        quantity,
        status,
    }
}

fn quantity(store: &Store, stock_id: i64) -> Option<f64> {
    row(store, stock_id, "A").unwrap().map(|row| row.quantity)
}

fn unlink(store: &mut Store, code: &str) {
    store.links.retain(|link| link.source_code != code);
    invalidate(store);
}

#[test]
fn a_write_leaves_the_rows_stale_until_a_run() {
    let mut store = shop();
    unlink(&mut store, "west_wh");
    assert_eq!(indexer::state(&store, INVENTORY), IndexState::Invalid);
    assert_eq!(quantity(&store, 2), Some(30.0));
    rebuild(&mut store).unwrap();
    assert_eq!(indexer::state(&store, INVENTORY), IndexState::Valid);
    assert_eq!(quantity(&store, 2), Some(10.0));
}

#[test]
fn a_write_during_a_run_is_forgotten() {
    let mut store = shop();
    begin(&mut store).unwrap();
    assert_eq!(rebuild(&mut store), Err(RunError::Locked));
    unlink(&mut store, "west_wh");
    assert_eq!(indexer::state(&store, INVENTORY), IndexState::Working);
    finish(&mut store).unwrap();
    assert_eq!(indexer::state(&store, INVENTORY), IndexState::Valid);
    assert_eq!(quantity(&store, 2), Some(30.0));
    rebuild(&mut store).unwrap();
    assert_eq!(quantity(&store, 2), Some(10.0));
    assert_eq!(finish(&mut store), Err(RunError::NoRun));
}

#[test]
fn a_run_skips_disabled_sources_and_items_out_of_stock() {
    let mut store = shop();
    store.sources[1].enabled = false;
    store.source_items.push(item("west_wh", "B", 5.0, 0));
    rebuild(&mut store).unwrap();
    assert_eq!(quantity(&store, 2), Some(20.0));
    assert_eq!(
        row(&store, 2, "B").unwrap(),
        Some(IndexRow {
            quantity: 0.0,
            is_salable: false
        })
    );
}

#[test]
fn saving_an_item_refreshes_its_sku_alone_and_not_the_state() {
    let mut store = shop();
    store.source_items.push(item("ne_wh", "B", 5.0, 1));
    build(&mut store);
    store.source_items[2].quantity = 6.0;
    unlink(&mut store, "west_wh");
    store.source_items[0].quantity = 11.0;
    refresh(&mut store, [("ne_wh", "A")]);
    assert_eq!(quantity(&store, 2), Some(11.0));
    assert_eq!(row(&store, 2, "B").unwrap().map(|row| row.quantity), Some(5.0));
    assert_eq!(indexer::state(&store, INVENTORY), IndexState::Invalid);
}

#[test]
fn a_missing_table_fails_the_run_for_every_stock() {
    let mut store = shop();
    store.stocks.push(Stock {
        stock_id: 3,
        name: "Europe Stock".to_owned(),
    });
    unlink(&mut store, "west_wh");
    assert_eq!(rebuild(&mut store), Err(RunError::MissingTable(3)));
    assert_eq!(quantity(&store, 2), Some(30.0));
    assert_eq!(row(&store, 3, "A"), Err(RunError::MissingTable(3)));
    make_table(&mut store, 3);
    assert_eq!(quantity(&store, 3), None);
    rebuild(&mut store).unwrap();
    assert_eq!(quantity(&store, 2), Some(10.0));
}

#[test]
fn the_default_stock_is_read_live() {
    let mut store = shop();
    assert_eq!(quantity(&store, 1), Some(0.0));
    store.source_items.push(item("default", "A", 3.0, 1));
    assert_eq!(quantity(&store, 1), Some(3.0));
    assert_eq!(table(&store, 1).unwrap().len(), 1);
}

/// Adds a composite product of the SKUs, which become products too.
fn compose(store: &mut Store, children: &[&str]) {
    for sku in children {
        store.catalogue.add(sku);
    }
    let ids = children
        .iter()
        .filter_map(|sku| store.catalogue.get(sku))
        .map(|child| child.id);
    let set = Product {
        is_composite: true,
        children: ids.collect(),
        ..product("SET")
    };
    store.catalogue.save(set);
}

fn reserve(store: &mut Store, stock_id: i64, sku: &str, quantity: f64) {
    store.reservations.push(Reservation {
        sku: sku.to_owned(),
        stock_id,
        quantity,
    });
}

fn flag(store: &Store, stock_id: i64, sku: &str) -> Option<bool> {
    row(store, stock_id, sku).unwrap().map(|row| row.is_salable)
}

#[test]
fn before_2_4_4_a_full_run_counts_no_reservations() {
    for (profile, flagged) in [
        (Profile::V2_4_1, Some(true)),
        (Profile::V2_4_3, Some(true)),
        (Profile::V2_4_4, Some(false)),
    ] {
        let mut store = shop();
        store.generation = Generation::of(profile);
        reserve(&mut store, 2, "a", -30.0);
        rebuild(&mut store).unwrap();
        assert_eq!(flag(&store, 2, "A"), flagged, "{profile}");
    }
}

#[test]
fn a_run_flags_what_reservations_of_its_stock_and_the_threshold_leave() {
    let mut store = shop();
    reserve(&mut store, 2, "a", -25.0);
    reserve(&mut store, 3, "A", -25.0);
    assert_eq!(flag(&store, 2, "A"), Some(true));
    rebuild(&mut store).unwrap();
    assert_eq!(
        (quantity(&store, 2), flag(&store, 2, "A")),
        (Some(30.0), Some(true))
    );
    store.item_options.min_qty = 5.0;
    assert_eq!(flag(&store, 2, "A"), Some(true), "as of the last run");
    rebuild(&mut store).unwrap();
    assert_eq!(
        (quantity(&store, 2), flag(&store, 2, "A")),
        (Some(30.0), Some(false))
    );
}

#[test]
fn a_composite_product_has_a_row_while_a_child_has_one_and_for_one_run_more() {
    let mut store = shop();
    store.source_items.push(item("ne_wh", "B", 5.0, 1));
    compose(&mut store, &["A", "B"]);
    rebuild(&mut store).unwrap();
    let set = |store: &Store| row(store, 2, "SET").unwrap();
    let of = |quantity| {
        Some(IndexRow {
            quantity,
            is_salable: true,
        })
    };
    assert_eq!(set(&store), of(35.0));
    unlink(&mut store, "west_wh");
    rebuild(&mut store).unwrap();
    assert_eq!(set(&store), of(15.0));
    unlink(&mut store, "NE_WH");
    rebuild(&mut store).unwrap();
    assert_eq!((quantity(&store, 2), set(&store)), (None, of(15.0)));
    rebuild(&mut store).unwrap();
    assert_eq!(set(&store), None);
}

#[test]
fn saving_an_item_refreshes_the_products_that_its_sku_makes_up() {
    let mut store = shop();
    compose(&mut store, &["A"]);
    store.source_items[0].quantity = 11.0;
    refresh(&mut store, [("ne_wh", "A")]);
    assert_eq!(row(&store, 2, "SET").unwrap().map(|row| row.quantity), Some(31.0));
}

#[test]
fn the_default_stock_shows_the_products_own_word_and_none_that_is_switched_off() {
    let mut store = shop();
    store.item_options.min_qty = 5.0;
    store.catalogue.stock_mut("A").unwrap().is_in_stock = Some(true);
    compose(&mut store, &["A"]);
    let salable = IndexRow {
        quantity: 0.0,
        is_salable: true,
    };
    assert_eq!(row(&store, 1, "A"), Ok(Some(salable)));
    assert_eq!(row(&store, 1, "SET"), Ok(Some(salable)));
    store.catalogue.save(Product {
        is_disabled: true,
        ..product("A")
    });
    assert_eq!(row(&store, 1, "A"), Ok(None));
    assert_eq!(table(&store, 1).unwrap().len(), 1);
}
