//! The indexers that a command names.

use super::output::Output;
use crate::database::store::Store;
use crate::index::indexer::IndexerInfo;

/// Gives the indexers with these ids in the shop's order; all indexers if there are no ids.
pub fn indexers(store: &Store, ids: &[String]) -> Result<Vec<IndexerInfo>, Output> {
    let all = store.generation.indexers;
    let unknown: Vec<&str> = ids
        .iter()
        .map(String::as_str)
        .filter(|id| all.iter().all(|known| known.id != *id))
        .collect();
    if unknown.is_empty() {
        let is_selected = |known: &&IndexerInfo| ids.is_empty() || ids.iter().any(|id| id == known.id);
        return Ok(all.iter().filter(is_selected).copied().collect());
    }
    let supported: Vec<&str> = all.iter().map(|known| known.id).collect();
    Err(Output::unsupported(
        "AbstractIndexerManageCommand.php line 43",
        "index",
        &unknown,
        &supported,
    ))
}
