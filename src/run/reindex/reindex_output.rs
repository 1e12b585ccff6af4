//! Judges a step by its exit code and by what it printed: neither alone proves success (recordings 07, 11b). Pure.

use super::index_command::requested_indexes;
use super::index_titles::title;
use super::outcome::StepFailure;
use super::printed::Printed;

/// The most faults that a message quotes; the rest are counted.
const MOST_REASONS: usize = 5;

/// The result of a step that ran to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum IndexerResult {
    /// Every requested index was rebuilt, or none was requested, and nothing tells of an index that was not.
    Rebuilt,
    /// Another index run holds these indexes, by title; the same step may succeed later.
    Locked(Vec<String>),
    /// It failed.
    Failed(StepFailure),
}

/// The result of a program with one command line: its arguments, each of which may itself be a line for a remote shell.
pub(super) fn result_of<'a>(
    words: impl IntoIterator<Item = &'a str>,
    exit_code: i32,
    printed: &Printed,
) -> IndexerResult {
    combined_result([words.into_iter().collect()], exit_code, printed)
}

/// The result of several commands with one output. A command that is not an index run requests no index; what it prints
/// of indexes counts all the same, since it may be a script that runs them.
pub(super) fn combined_result<'a>(
    commands: impl IntoIterator<Item = Vec<&'a str>>,
    exit_code: i32,
    printed: &Printed,
) -> IndexerResult {
    let held = printed.faults().iter().filter(|fault| fault.is_held);
    let held: Vec<String> = held.filter_map(|fault| fault.title.clone()).collect();
    if !held.is_empty() {
        return IndexerResult::Locked(held);
    }
    if exit_code != 0 && printed.faults().is_empty() {
        return IndexerResult::Failed(StepFailure::ExitCode { code: exit_code });
    }
    let mut requested: Vec<&str> = commands
        .into_iter()
        .filter_map(requested_indexes)
        .flatten()
        .collect();
    requested.sort_unstable();
    requested.dedup();
    let titles = requested.iter().filter_map(|index| title(index));
    let missing: Vec<&str> = titles.filter(|title| !printed.is_rebuilt(title)).collect();
    if printed.faults().is_empty() && missing.is_empty() && printed.successes() >= requested.len() {
        return IndexerResult::Rebuilt;
    }
    IndexerResult::Failed(StepFailure::NotRebuilt {
        code: exit_code,
        detail: reason(missing, printed),
    })
}

fn reason(missing: Vec<&str>, printed: &Printed) -> String {
    let faults = printed.faults();
    let mut titles = missing;
    for title in faults.iter().filter_map(|fault| fault.title.as_deref()) {
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    let what = match titles.as_slice() {
        [] => "an index".to_owned(),
        [title] => format!("the index {title}"),
        titles => format!("the indexes {}", titles.join(", ")),
    };
    let was = if titles.len() > 1 { "were" } else { "was" };
    let messages: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    let more = messages.len().saturating_sub(MOST_REASONS);
    let cause = (!messages.is_empty()).then(|| messages[..messages.len() - more].join("; "));
    let cause = cause.map(|cause| {
        if more > 0 {
            format!("{cause}; and {more} more")
        } else {
            cause
        }
    });
    match cause.or_else(|| printed.other().map(ToOwned::to_owned)) {
        Some(cause) => format!("{what} {was} not rebuilt: {cause}"),
        None => format!("nothing says that {what} {was} rebuilt"),
    }
}

#[cfg(test)]
mod tests {
    use super::{IndexerResult, StepFailure, combined_result, result_of};

    /// The result of a command that ended with exit code 0.
    fn indexer_result<'a>(words: impl IntoIterator<Item = &'a str>, output: &str) -> IndexerResult {
        result_of(words, 0, &output.lines().collect())
    }

    fn of_several(commands: impl IntoIterator<Item = Vec<&'static str>>, output: &str) -> IndexerResult {
        combined_result(commands, 0, &output.lines().collect())
    }

    fn is_failure(result: &IndexerResult) -> bool {
        matches!(result, IndexerResult::Failed(StepFailure::NotRebuilt { .. }))
    }

    const ALL_THREE: &str = "Inventory index has been rebuilt successfully in 00:00:01\n\
         Product Price index has been rebuilt successfully in 00:00:00\n\
         Catalog Search index has been rebuilt successfully in 00:00:02\n";

    #[test]
    fn a_full_run_counts_however_it_is_called() {
        let remote = "bin/magento indexer:reindex inventory catalog_product_price catalogsearch_fulltext";
        let chain = "cd /srv && php bin/magento indexer:reindex inventory; bin/magento cache:flush";
        for words in [
            &["ssh", "app@shop", remote][..],
            &["bin/magento", "indexer:reindex"],
            &["sh", "-c", chain],
        ] {
            let result = indexer_result(words.iter().copied(), ALL_THREE);
            assert_eq!(result, IndexerResult::Rebuilt, "{words:?}");
        }
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
            let result = indexer_result(["bin/magento", command], "");
            assert_eq!(result, IndexerResult::Rebuilt, "{command}");
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
            assert!(is_failure(&silent), "{line}: {silent:?}");
            let spoken = indexer_result(
                ["sh", "-c", line],
                "Inventory index has been rebuilt successfully in 00:00:01\n",
            );
            assert_eq!(spoken, IndexerResult::Rebuilt, "{line}");
        }
    }

    #[test]
    fn of_two_index_runs_in_a_line_both_count() {
        let line =
            "bin/magento indexer:reindex inventory; bin/magento indexer:reindex catalogsearch_fulltext";
        let one = "Inventory index has been rebuilt successfully in 00:00:01\n";
        assert!(is_failure(&indexer_result(["sh", "-c", line], one)));
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
        assert_eq!(of_several(beside.clone(), inventory), IndexerResult::Rebuilt);
        assert!(is_failure(&of_several(beside, "")));
        let two = [
            vec!["indexer:reindex inventory"],
            vec!["indexer:reindex", "catalogsearch_fulltext"],
        ];
        assert!(is_failure(&of_several(two.clone(), inventory)));
        assert_eq!(of_several(two, ALL_THREE), IndexerResult::Rebuilt);
    }

    #[test]
    fn a_held_index_is_locked_whatever_the_exit_code() {
        let held = "Inventory index is locked by another reindex process. Skipping.\n";
        let rest = "Product Price index has been rebuilt successfully in 00:00:00\n\
             Catalog Search index has been rebuilt successfully in 00:00:02\n";
        let heading = "process error during indexation process:\n";
        for (exit_code, output) in [
            // 2.4.1/07-235
            (0, format!("exception: {held}{rest}")),
            // 2.4.7/07-235
            (1, format!("{heading}{held}{rest}")),
            // 2.4.8/07-235, 2.4.8/18b-006
            (1, format!("{heading}{held}")),
        ] {
            let printed = output.lines().collect();
            let locked = IndexerResult::Locked(vec!["Inventory".to_owned()]);
            for words in [
                &["bin/magento", "indexer:reindex", "inventory"][..],
                &["./reindex-everything"],
            ] {
                let words = words.iter().copied();
                assert_eq!(result_of(words, exit_code, &printed), locked, "{output}");
            }
        }
    }

    #[track_caller]
    fn reason(words: &[&str], exit_code: i32, output: &str) -> String {
        match result_of(words.iter().copied(), exit_code, &output.lines().collect()) {
            IndexerResult::Failed(failure) => failure.to_string(),
            other => panic!("{other:?}"),
        }
    }

    const INVENTORY: [&str; 3] = ["bin/magento", "indexer:reindex", "inventory"];

    #[test]
    fn a_failed_index_is_named_with_its_reason() {
        // 2.4.1/07b-012, 2.4.8/07-169, shortened
        let missing = "SQLSTATE[42S02]: Base table or view not found\n";
        let old = format!("Inventory index process unknown error:\n{missing}");
        assert_eq!(
            reason(&INVENTORY, 0, &old),
            "exit code 0, but the index Inventory was not rebuilt: Inventory index process unknown error: \
             SQLSTATE[42S02]: Base table or view not found"
        );
        let new = format!("Inventory index process error during indexation process:\n{missing}");
        assert_eq!(
            reason(&INVENTORY, 1, &new),
            "exit code 1: the index Inventory was not rebuilt: Inventory index process error during indexation process: \
             SQLSTATE[42S02]: Base table or view not found"
        );
        assert_eq!(reason(&INVENTORY, 3, "no such host\n"), "exit code 3");
    }

    /// 2.4.1/11b-001: the search engine is down. The index that was asked for is rebuilt, one that depends on it is not.
    #[test]
    fn a_failed_index_that_nobody_asked_for_is_a_failure_of_every_command() {
        let output = "Inventory index has been rebuilt successfully in 00:00:00\n\
             Product Price index has been rebuilt successfully in 00:00:00\n\
             Catalog Search index exception: Could not ping search engine: No alive nodes found in your cluster\n";
        for words in [&INVENTORY[..], &["./reindex.sh"], &["bin/magento", "cache:flush"]] {
            assert_eq!(
                reason(words, 0, output),
                "exit code 0, but the index Catalog Search was not rebuilt: Catalog Search index exception: Could not ping \
                 search engine: No alive nodes found in your cluster"
            );
        }
    }

    #[test]
    fn silence_is_no_success() {
        assert_eq!(
            reason(&["magento", "indexer:reindex"], 0, ""),
            "exit code 0, but nothing says that the index Inventory was rebuilt"
        );
        let two = [
            "magento",
            "indexer:reindex",
            "inventory",
            "catalogsearch_fulltext",
        ];
        assert_eq!(
            reason(&two, 0, "done\n"),
            "exit code 0, but the indexes Catalog Search, Inventory were not rebuilt: done"
        );
    }

    #[test]
    fn an_index_of_unknown_title_is_counted() {
        let words = ["magento", "indexer:reindex", "inventory", "vendor_feed"];
        let one = "Inventory index has been rebuilt successfully in 00:00:01\n";
        assert!(is_failure(&indexer_result(words, one)));
        let both = "Inventory index has been rebuilt successfully in 00:00:01\n\
             Vendor Feed index has been rebuilt successfully in 00:00:01\n";
        assert_eq!(indexer_result(words, both), IndexerResult::Rebuilt);
    }
}
