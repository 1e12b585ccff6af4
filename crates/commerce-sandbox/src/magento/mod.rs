//! The shop's command line, `bin/magento`: the commands that touch indexes, caches, cron, maintenance mode and
//! the second factor.

mod cache;
mod maintenance;
mod mode;
mod reindex;
mod status;
#[cfg(test)]
mod tests;
mod two_factor;

use serde::Serialize;

use crate::database::store::Store;
use crate::index::indexer::{self, Declared};

/// What a command leaves behind for the shell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Output {
    /// 0 for success, and for more than that: see `indexer:reindex`.
    pub exit_code: i32,
    /// Text on the standard output.
    pub stdout: String,
    /// Text on the standard error.
    pub stderr: String,
}

impl Output {
    /// Makes the output of a command that went well.
    pub fn success(stdout: impl Into<String>) -> Self {
        Self {
            exit_code: 0,
            stdout: stdout.into(),
            stderr: String::new(),
        }
    }

    /// Makes the output of a command that was refused.
    pub fn failure(stderr: impl Into<String>) -> Self {
        Self {
            exit_code: 1,
            stdout: String::new(),
            stderr: stderr.into(),
        }
    }
}

/// Runs one command, `argv` being what stands after `bin/magento`.
pub fn run(store: &mut Store, argv: &[String]) -> Output {
    let Some((command, arguments)) = argv.split_first() else {
        return Output::failure("No command was given.\n");
    };
    match command.as_str() {
        "indexer:reindex" => reindex::reindex(store, arguments),
        "indexer:status" => status::status(store, arguments),
        "indexer:reset" => reindex::reset(store, arguments),
        "indexer:set-mode" => mode::set_mode(store, arguments),
        "cron:run" => reindex::cron(store, arguments),
        "cache:flush" => cache::report("Flushed", arguments),
        "cache:clean" => cache::report("Cleaned", arguments),
        "maintenance:enable" => maintenance::switch(store, true),
        "maintenance:disable" => maintenance::switch(store, false),
        "config:set" => two_factor::set_provider(store, arguments),
        "security:tfa:google:set-secret" => two_factor::set_secret(store, arguments),
        other => Output::failure(format!("\nCommand \"{other}\" is not defined.\n\n")),
    }
}

/// Gives the indexers named on the command line, all of them when none is named, in the order of the shop.
fn named(ids: &[String]) -> Result<Vec<Declared>, Output> {
    let unknown: Vec<&str> = ids
        .iter()
        .map(String::as_str)
        .filter(|id| indexer::ALL.iter().all(|known| known.id != *id))
        .collect();
    if unknown.is_empty() {
        let chosen = |known: &&Declared| ids.is_empty() || ids.iter().any(|id| id == known.id);
        return Ok(indexer::ALL.iter().filter(chosen).copied().collect());
    }
    let supported: Vec<&str> = indexer::ALL.iter().map(|known| known.id).collect();
    Err(unsupported(
        "AbstractIndexerManageCommand.php line 43",
        "index",
        &unknown,
        &supported,
    ))
}

/// Makes the refusal of names that the shop does not have.
fn unsupported(place: &str, kind: &str, unknown: &[&str], supported: &[&str]) -> Output {
    Output::failure(format!(
        "\nIn {place}:\n\n  The following requested {kind} types are not supported: '{}'.\n  Supported types: {}\n\n",
        unknown.join("', '"),
        supported.join(", "),
    ))
}
