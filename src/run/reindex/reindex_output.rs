//! Reads the output of `bin/magento indexer:reindex`: its exit code alone does not prove success (commerce.md A9). Pure.

use super::index_command::requested_indexes;

/// The result of an index run by its output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexerResult {
    /// Every requested index was rebuilt, or the command was not an index run.
    Rebuilt,
    /// Another index run holds an index; the same command may succeed later.
    Locked,
    /// An index was not rebuilt; the reason is from the output.
    NotRebuilt(String),
}

/// The titles of the indexes in the output (recording 07, `indexer:status`).
const TITLES: [(&str, &str); 11] = [
    ("catalog_category_product", "Category Products"),
    ("catalog_product_attribute", "Product EAV"),
    ("catalog_product_category", "Product Categories"),
    ("catalog_product_price", "Product Price"),
    ("cataloginventory_stock", "Stock"),
    ("catalogrule_product", "Catalog Product Rule"),
    ("catalogrule_rule", "Catalog Rule Product"),
    ("catalogsearch_fulltext", "Catalog Search"),
    ("customer_grid", "Customer Grid"),
    ("design_config_grid", "Design Config Grid"),
    ("inventory", "Inventory"),
];

const SUCCESS: &str = " index has been rebuilt successfully in ";
const LOCKED: &str = "locked by another reindex process";

/// The result of a command that ended with exit code 0, by its output.
///
/// `words` is the command: the arguments of a program, each of which may itself be a line for a remote shell.
pub fn indexer_result<'a>(words: impl IntoIterator<Item = &'a str>, output: &str) -> IndexerResult {
    combined_result([words.into_iter().collect()], output)
}

/// The result of several commands with one output. A command that is not an index run requests no index.
pub(super) fn combined_result<'a>(
    commands: impl IntoIterator<Item = Vec<&'a str>>,
    output: &str,
) -> IndexerResult {
    let mut requested: Vec<&str> = commands
        .into_iter()
        .filter_map(requested_indexes)
        .flatten()
        .collect();
    requested.sort_unstable();
    requested.dedup();
    if requested.is_empty() {
        return IndexerResult::Rebuilt;
    }
    if output.lines().any(|line| line.contains(LOCKED)) {
        return IndexerResult::Locked;
    }
    let reindexed: Vec<&str> = output
        .lines()
        .filter_map(|line| line.split_once(SUCCESS))
        .map(|(title, _)| title.trim())
        .collect();
    let title = |index: &str| {
        TITLES
            .iter()
            .find(|(id, _)| *id == index)
            .map(|(_, title)| *title)
    };
    let missing: Vec<&str> = requested
        .iter()
        .filter_map(|index| title(index))
        .filter(|title| !reindexed.contains(title))
        .collect();
    if missing.is_empty() && reindexed.len() >= requested.len() {
        return IndexerResult::Rebuilt;
    }
    IndexerResult::NotRebuilt(reason(&missing, output))
}

fn reason(missing: &[&str], output: &str) -> String {
    let cause = output
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.contains(SUCCESS));
    let missing = if missing.is_empty() {
        "an index".to_owned()
    } else {
        format!("the index {}", missing.join(", "))
    };
    match cause {
        Some(line) => format!("{missing} was not rebuilt: {line}"),
        None => format!("nothing says that {missing} was rebuilt"),
    }
}

#[cfg(test)]
mod tests {
    use super::{IndexerResult, combined_result, indexer_result};

    const ALL_THREE: &str = "Inventory index has been rebuilt successfully in 00:00:01\n\
         Product Price index has been rebuilt successfully in 00:00:00\n\
         Catalog Search index has been rebuilt successfully in 00:00:02\n";

    #[test]
    fn a_full_run_counts_however_it_is_called() {
        let remote = "bin/magento indexer:reindex inventory catalog_product_price catalogsearch_fulltext";
        assert_eq!(
            indexer_result(["ssh", "app@shop", remote], ALL_THREE),
            IndexerResult::Rebuilt
        );
        assert_eq!(
            indexer_result(["bin/magento", "indexer:reindex"], ALL_THREE),
            IndexerResult::Rebuilt
        );
        let chain = "cd /srv && php bin/magento indexer:reindex inventory; bin/magento cache:flush";
        assert_eq!(
            indexer_result(["sh", "-c", chain], ALL_THREE),
            IndexerResult::Rebuilt
        );
    }

    #[test]
    fn another_command_is_judged_by_its_exit_code_alone() {
        assert_eq!(
            indexer_result(["bin/magento", "cache:clean", "full_page"], ""),
            IndexerResult::Rebuilt
        );
        for command in [
            "indexer:reset",
            "indexer:status",
            "indexer:set-mode",
            "i:re",
            ":reindex",
        ] {
            assert_eq!(
                indexer_result(["bin/magento", command], ""),
                IndexerResult::Rebuilt,
                "{command}"
            );
        }
    }

    #[test]
    fn an_index_run_is_known_in_every_line_for_a_shell() {
        for line in [
            "bin/magento indexer:reindex; bin/magento cache:flush",
            "bin/magento indexer:reindex;bin/magento cache:flush",
            "bin/magento indexer:reindex&&bin/magento cache:flush",
            "(cd /srv && bin/magento indexer:reindex)",
            "set -e\nbin/magento indexer:reindex inventory\nbin/magento cache:flush full_page",
            "out=$(bin/magento indexer:reindex inventory) && echo \"$out\"",
            "bin/magento indexer:reindex inventory 2>&1 | tee /var/log/reindex.log",
            "bin/magento indexer:reindex inventory 2> /dev/null",
            "su www-data -c \\\"bin/magento indexer:reindex inventory\\\"",
            "bin/magento indexer:reind inventory",
            "php -d memory_limit=-1 bin/magento i:rei inventory -q",
        ] {
            let silent = indexer_result(["sh", "-c", line], "");
            assert!(
                matches!(silent, IndexerResult::NotRebuilt(_)),
                "{line}: {silent:?}"
            );
            let reindexed = "Inventory index has been rebuilt successfully in 00:00:01\n";
            assert_eq!(
                indexer_result(["sh", "-c", line], reindexed),
                IndexerResult::Rebuilt,
                "{line}"
            );
        }
    }

    #[test]
    fn of_two_index_runs_in_a_line_both_count() {
        let line =
            "bin/magento indexer:reindex inventory; bin/magento indexer:reindex catalogsearch_fulltext";
        let one = "Inventory index has been rebuilt successfully in 00:00:01\n";
        assert!(matches!(
            indexer_result(["sh", "-c", line], one),
            IndexerResult::NotRebuilt(_)
        ));
        assert_eq!(
            indexer_result(["sh", "-c", line], ALL_THREE),
            IndexerResult::Rebuilt
        );
    }

    #[test]
    fn what_stands_beside_a_command_names_no_index() {
        let inventory = "Inventory index has been rebuilt successfully in 00:00:01\n";
        let beside = [
            vec!["indexer:reindex", "inventory"],
            vec!["main"],
            vec!["deploy bot"],
        ];
        assert_eq!(combined_result(beside.clone(), inventory), IndexerResult::Rebuilt);
        assert!(matches!(
            combined_result(beside, ""),
            IndexerResult::NotRebuilt(_)
        ));
        let two = [
            vec!["indexer:reindex inventory"],
            vec!["indexer:reindex", "catalogsearch_fulltext"],
        ];
        assert!(matches!(
            combined_result(two.clone(), inventory),
            IndexerResult::NotRebuilt(_)
        ));
        assert_eq!(combined_result(two, ALL_THREE), IndexerResult::Rebuilt);
    }

    #[test]
    fn a_skipped_index_is_locked() {
        let output = "Inventory index is locked by another reindex process. Skipping.\n\
             Product Price index has been rebuilt successfully in 00:00:00\n";
        assert_eq!(
            indexer_result(["bin/magento", "indexer:reindex", "inventory"], output),
            IndexerResult::Locked
        );
    }

    #[test]
    fn a_failed_index_is_named_with_its_reason() {
        let output =
            "Inventory index process unknown error:\nSQLSTATE[42S02]: Base table or view not found\n";
        let IndexerResult::NotRebuilt(reason) =
            indexer_result(["bin/magento", "indexer:reindex", "inventory"], output)
        else {
            panic!("judged as rebuilt");
        };
        assert_eq!(
            reason,
            "the index Inventory was not rebuilt: Inventory index process unknown error:"
        );
    }

    #[test]
    fn silence_is_no_success() {
        assert!(matches!(
            indexer_result(["magento", "indexer:reindex"], ""),
            IndexerResult::NotRebuilt(_)
        ));
    }

    #[test]
    fn an_index_of_unknown_title_is_counted() {
        let words = ["magento", "indexer:reindex", "inventory", "vendor_feed"];
        assert!(matches!(
            indexer_result(
                words,
                "Inventory index has been rebuilt successfully in 00:00:01\n"
            ),
            IndexerResult::NotRebuilt(_)
        ));
        let both = "Inventory index has been rebuilt successfully in 00:00:01\n\
             Vendor Feed index has been rebuilt successfully in 00:00:01\n";
        assert_eq!(indexer_result(words, both), IndexerResult::Rebuilt);
    }
}
