//! The commands, one by one, against a shop with one custom stock.

use super::run;
use crate::database::store::{IndexState, Link, Reservation, SalabilityUpdate, SourceItem, Stock, Store};
use crate::generation::Generation;
use crate::index::indexer::{self, INVENTORY};
use crate::index::{self};
use crate::profile::Profile;
use crate::seed::Seed;

fn shop() -> Store {
    shop_of(Profile::V2_4_8)
}

fn shop_of(profile: Profile) -> Store {
    let stock = Stock {
        stock_id: 2,
        name: "North America Stock".to_owned(),
    };
    let mut store = Store {
        stocks: vec![stock],
        generation: Generation::of(profile),
        ..Store::default()
    };
    index::build(&mut store);
    store
}

fn magento(store: &mut Store, command: &str) -> (i32, String) {
    let argv: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
    let output = run(store, &argv);
    (output.exit_code, output.stdout)
}

#[test]
fn a_reindex_runs_the_dependents_along() {
    let mut store = shop_of(Profile::V2_4_7);
    index::invalidate(&mut store);
    let (exit_code, stdout) = magento(&mut store, "indexer:reindex inventory");
    let titles: Vec<&str> = stdout
        .lines()
        .filter_map(|line| line.strip_suffix(" index has been rebuilt successfully in 00:00:00"))
        .collect();
    assert_eq!(
        (exit_code, titles),
        (0, vec!["Inventory", "Product Price", "Catalog Search"])
    );
    assert_eq!(
        indexer::state(&store, "catalogsearch_fulltext"),
        IndexState::Valid
    );
    assert_eq!(magento(&mut store, "indexer:reindex").1.lines().count(), 14);
}

#[test]
fn a_locked_index_is_skipped_and_freed_by_reset() {
    let held = "Inventory index is locked by another reindex process. Skipping.\n";
    let mut store = shop_of(Profile::V2_4_1);
    index::begin(&mut store).unwrap();
    let (exit_code, stdout) = magento(&mut store, "indexer:reindex inventory");
    assert_eq!(exit_code, 0);
    assert!(stdout.starts_with(&format!("exception: {held}Product")));
    let mut store = shop();
    index::begin(&mut store).unwrap();
    let two_lines = format!("process error during indexation process:\n{held}");
    assert_eq!(magento(&mut store, "indexer:reindex inventory"), (1, two_lines));
    let (_, stdout) = magento(&mut store, "indexer:reset inventory");
    assert_eq!(stdout, "Inventory indexer has been invalidated.\n");
    assert_eq!(indexer::state(&store, INVENTORY), IndexState::Invalid);
}

#[test]
fn a_missing_table_is_reported_on_stdout() {
    for (profile, code, fault) in [
        (Profile::V2_4_1, 0, "unknown error"),
        (Profile::V2_4_8, 1, "error during indexation process"),
    ] {
        let mut store = shop_of(profile);
        store.index.tables.clear();
        let (exit_code, stdout) = magento(&mut store, "indexer:reindex inventory");
        assert_eq!(exit_code, code);
        assert!(stdout.starts_with(&format!("Inventory index process {fault}:\nSQLSTATE[42S02]")));
        assert!(stdout.contains("\n INNER JOIN `catalog_product_entity`"));
        assert_eq!(indexer::state(&store, INVENTORY), IndexState::Invalid);
    }
}

#[test]
fn cron_rebuilds_what_calls_itself_invalid_and_nothing_else() {
    let mut store = shop();
    index::begin(&mut store).unwrap();
    assert_eq!(magento(&mut store, "cron:run --group=index"), (0, String::new()));
    assert_eq!(indexer::state(&store, INVENTORY), IndexState::Working);
    index::finish(&mut store).unwrap();
    index::invalidate(&mut store);
    magento(&mut store, "cron:run --group=default");
    assert_eq!(indexer::state(&store, INVENTORY), IndexState::Invalid);
    magento(&mut store, "cron:run");
    assert_eq!(indexer::state(&store, INVENTORY), IndexState::Valid);
}

#[test]
fn the_status_table_is_drawn_as_the_shop_draws_it() {
    let mut store = shop();
    index::invalidate(&mut store);
    let (_, stdout) = magento(&mut store, "indexer:status inventory");
    assert_eq!(
        stdout,
        "\
+-----------+-----------+------------------+-----------+-----------------+------------------+
| ID        | Title     | Status           | Update On | Schedule Status | Schedule Updated |
+-----------+-----------+------------------+-----------+-----------------+------------------+
| inventory | Inventory | Reindex required | Save      |                 |                  |
+-----------+-----------+------------------+-----------+-----------------+------------------+
"
    );
}

#[test]
fn the_mode_is_changed_once() {
    let mut store = shop();
    assert_eq!(
        magento(&mut store, "indexer:set-mode schedule inventory").1,
        "Index mode for Indexer Inventory was changed from 'Update on Save' to 'Update by Schedule'\n"
    );
    assert_eq!(
        magento(&mut store, "indexer:set-mode schedule inventory").1,
        "Index mode for Indexer Inventory has not been changed\n"
    );
    assert!(
        magento(&mut store, "indexer:status inventory")
            .1
            .contains("| Schedule  | idle (0 in backlog) |")
    );
}

#[test]
fn names_the_shop_does_not_have_are_refused() {
    let mut store = shop();
    for command in [
        "indexer:reindex nope",
        "indexer:status nope",
        "cache:flush nope",
        "config:set nope 1",
        "config:set cataloginventory/item_options/nope 1",
        "config:set cataloginventory/item_options/min_qty x",
        "queue:consumers:start nope",
        "nope",
        "",
    ] {
        let (exit_code, stdout) = magento(&mut store, command);
        assert_eq!((exit_code, stdout.as_str()), (1, ""), "{command}");
    }
}

#[test]
fn caches_and_maintenance_say_what_they_did() {
    let mut store = shop();
    assert_eq!(
        magento(&mut store, "cache:clean full_page block_html").1,
        "Cleaned cache types:\nfull_page\nblock_html\n"
    );
    assert_eq!(magento(&mut store, "cache:flush").1.lines().count(), 16);
    assert_eq!(
        magento(&mut store, "maintenance:enable").1,
        "Enabled maintenance mode\n"
    );
    assert!(store.maintenance);
}

#[test]
fn a_stock_setting_acts_at_once_and_its_change_invalidates_the_index() {
    let mut store = shop();
    let state = |store: &Store| indexer::state(store, INVENTORY);
    let saved = (0, "Value was saved.\n".to_owned());
    let set = |store: &mut Store, setting: &str| {
        magento(
            store,
            &format!("config:set cataloginventory/item_options/{setting}"),
        )
    };
    assert_eq!(set(&mut store, "min_qty 0"), saved);
    assert_eq!(state(&store), IndexState::Valid, "nothing changes");
    for setting in ["min_qty 3", "backorders 2", "manage_stock 0"] {
        index::build(&mut store);
        assert_eq!(set(&mut store, setting), saved);
        assert_eq!(state(&store), IndexState::Invalid, "{setting}");
    }
    let options = store.item_options;
    assert!((options.min_qty - 3.0).abs() < f64::EPSILON && options.backorders && !options.manage_stock);
}

#[test]
fn the_consumer_corrects_the_flags_of_the_skus_in_its_messages() {
    const CONSUMER: &str =
        "queue:consumers:start inventory.reservations.updateSalabilityStatus --single-thread";
    let mut store = sold_out();
    let flags = |store: &Store| ["a", "b"].map(|sku| index::row(store, 2, sku).unwrap().unwrap().is_salable);
    assert_eq!(flags(&store), [true, true], "no consumer, no flag");
    assert_eq!(
        magento(&mut store, &format!("{CONSUMER} --max-messages=1")),
        (0, String::new())
    );
    assert_eq!(flags(&store), [false, true]);
    magento(&mut store, CONSUMER);
    assert_eq!(flags(&store), [false, false]);
    assert_eq!(store.salability_queue, []);
    assert_eq!(indexer::state(&store, INVENTORY), IndexState::Valid);
}

/// Makes a shop whose stock 2 has one unit of each of two products, reserved since the index was built.
fn sold_out() -> Store {
    let mut store = Seed::empty().into_store();
    store.stocks.push(Stock {
        stock_id: 2,
        name: "North America Stock".to_owned(),
    });
    store.links.push(Link {
        link_id: 2,
        stock_id: 2,
        source_code: "default".to_owned(),
        priority: 1,
    });
    for (source_item_id, sku) in [(1, "a"), (2, "b")] {
        store.catalogue.add(sku);
        store.source_items.push(SourceItem {
            source_item_id,
            source_code: "default".to_owned(),
            sku: sku.to_owned(),
            quantity: 1.0,
            status: 1,
        });
    }
    index::build(&mut store);
    for sku in ["a", "b"] {
        store.reservations.push(Reservation {
            sku: sku.to_owned(),
            stock_id: 2,
            quantity: -1.0,
        });
        store.salability_queue.push(SalabilityUpdate {
            stock_id: 2,
            skus: vec![sku.to_owned()],
        });
    }
    store
}
