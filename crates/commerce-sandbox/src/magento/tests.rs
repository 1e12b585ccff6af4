//! The commands, one by one, against a shop with one custom stock.

use super::run;
use crate::database::store::{IndexState, Stock, Store};
use crate::index::indexer::{self, INVENTORY};
use crate::index::{self};

fn shop() -> Store {
    let stock = Stock {
        stock_id: 2,
        name: "North America Stock".to_owned(),
    };
    let mut store = Store {
        stocks: vec![stock],
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
    let mut store = shop();
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
    assert_eq!(magento(&mut store, "indexer:reindex").1.lines().count(), 11);
}

#[test]
fn a_locked_index_is_skipped_with_exit_code_0_and_freed_by_reset() {
    let mut store = shop();
    index::begin(&mut store).unwrap();
    let (exit_code, stdout) = magento(&mut store, "indexer:reindex inventory");
    assert_eq!(exit_code, 0);
    assert!(
        stdout.starts_with(
            "exception: Inventory index is locked by another reindex process. Skipping.\nProduct"
        )
    );
    let (_, stdout) = magento(&mut store, "indexer:reset inventory");
    assert_eq!(stdout, "Inventory indexer has been invalidated.\n");
    assert_eq!(indexer::state(&store, INVENTORY), IndexState::Invalid);
}

#[test]
fn a_missing_table_is_reported_on_stdout_with_exit_code_0() {
    let mut store = shop();
    store.index.tables.clear();
    let (exit_code, stdout) = magento(&mut store, "indexer:reindex inventory");
    assert_eq!(exit_code, 0);
    assert!(stdout.starts_with("Inventory index process unknown error:\nSQLSTATE[42S02]"));
    assert!(stdout.contains("\n INNER JOIN `catalog_product_entity`"));
    assert_eq!(indexer::state(&store, INVENTORY), IndexState::Invalid);
}

#[test]
fn cron_rebuilds_what_calls_itself_invalid_and_nothing_else() {
    let mut store = shop();
    index::begin(&mut store).unwrap();
    assert_eq!(
        magento(&mut store, "cron:run --group=index"),
        (0, "Ran jobs by schedule.\n".to_owned())
    );
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
    assert_eq!(magento(&mut store, "cache:flush").1.lines().count(), 15);
    assert_eq!(
        magento(&mut store, "maintenance:enable").1,
        "Enabled maintenance mode\n"
    );
    assert!(store.maintenance);
}
