//! The commands `indexer:reindex`, `indexer:reset` and `cron:run`.

use std::fmt::Write as _;

use super::output::Output;
use super::{mode, selected};
use crate::database::store::{IndexState, Store};
use crate::generation::{Generation, ReindexSuccess};
use crate::index::indexer::{self, INVENTORY, IndexerInfo};
use crate::index::{self, RunError};

/// Runs the named indexers and their dependents. The condition for success depends on the generation.
pub fn reindex(store: &mut Store, ids: &[String]) -> Output {
    let chosen = match selected::indexers(store, ids) {
        Ok(chosen) => with_dependents(&store.generation, &chosen),
        Err(refusal) => return refusal,
    };
    let mut stdout = String::new();
    let (mut succeeded, mut failed) = (false, false);
    for indexer in chosen {
        match run(store, indexer.id) {
            Ok(()) => succeeded = true,
            Err(fault) => {
                failed = true;
                stdout.push_str(&complaint(store.generation.reindex_success, indexer.title, fault));
                continue;
            }
        }
        // A String takes every write.
        let _ = writeln!(
            stdout,
            "{} index has been rebuilt successfully in 00:00:00",
            indexer.title
        );
    }
    let success = match store.generation.reindex_success {
        ReindexSuccess::Any => succeeded,
        ReindexSuccess::All => !failed,
    };
    Output {
        exit_code: i32::from(!success),
        stdout,
        stderr: String::new(),
    }
}

/// Marks the named indexers invalid, even one that is working.
pub fn reset(store: &mut Store, ids: &[String]) -> Output {
    let chosen = match selected::indexers(store, ids) {
        Ok(chosen) => chosen,
        Err(refusal) => return refusal,
    };
    let mut stdout = String::new();
    for indexer in chosen {
        indexer::set_state(store, indexer.id, IndexState::Invalid);
        let _ = writeln!(stdout, "{} indexer has been invalidated.", indexer.title);
    }
    Output::success(stdout)
}

/// Runs cron. The jobs of the group `index` rebuild the invalid indexes only.
pub fn cron(store: &mut Store, options: &[String]) -> Output {
    let other_group = options
        .iter()
        .filter_map(|option| option.strip_prefix("--group="))
        .any(|group| group != "index");
    if !other_group {
        for indexer in store.generation.indexers {
            catch_up(store, indexer.id);
        }
    }
    Output::success(store.generation.cron_output)
}

/// Does the two jobs of cron's group `index` for one indexer.
fn catch_up(store: &mut Store, id: &str) {
    if indexer::state(store, id) == IndexState::Invalid {
        // Cron logs an error and leaves the state as it is, so that it tries again a minute later.
        if let Err(fault) = run(store, id) {
            tracing::warn!(indexer = id, %fault, "cron could not run an indexer");
        }
    }
    if indexer::scheduled(store, id) {
        let entry = indexer::entry(store, id);
        entry.backlog = 0;
        entry.looked = Some(mode::now());
    }
}

/// Runs one indexer.
fn run(store: &mut Store, id: &str) -> Result<(), RunError> {
    if id == INVENTORY {
        let outcome = index::rebuild(store);
        if matches!(outcome, Err(RunError::MissingTable(_))) {
            indexer::set_state(store, id, IndexState::Invalid);
        }
        return outcome;
    }
    indexer::set_state(store, id, IndexState::Valid);
    Ok(())
}

fn with_dependents(generation: &Generation, chosen: &[IndexerInfo]) -> Vec<IndexerInfo> {
    let wanted = |candidate: &&IndexerInfo| {
        chosen.iter().any(|one| {
            one.id == candidate.id || indexer::dependents(generation, one.id).contains(&candidate.id)
        })
    };
    generation.indexers.iter().filter(wanted).copied().collect()
}

/// Words what the shop says of an indexer that did not run.
///
/// It is one line if another run holds the index, two since a failure fails the command (2.4.1/07-235, 2.4.7/07-235).
fn complaint(success: ReindexSuccess, title: &str, fault: RunError) -> String {
    let (held, failed) = match success {
        ReindexSuccess::Any => ("exception: ", "process unknown error"),
        ReindexSuccess::All => (
            "process error during indexation process:\n",
            "process error during indexation process",
        ),
    };
    match fault {
        RunError::Locked => {
            format!("{held}{title} index is locked by another reindex process. Skipping.\n")
        }
        RunError::MissingTable(stock_id) => format!(
            "{title} index {failed}:\n\
             SQLSTATE[42S02]: Base table or view not found: 1146 Table 'magento.inventory_stock_{stock_id}' doesn't \
             exist, query was: SELECT `product`.`entity_id` FROM `inventory_stock_{stock_id}` AS `stock_index`\n \
             INNER JOIN `catalog_product_entity` AS `product` ON product.sku = stock_index.sku\n"
        ),
        RunError::NoRun => format!("{title} index {failed}:\n{fault}\n"),
    }
}
