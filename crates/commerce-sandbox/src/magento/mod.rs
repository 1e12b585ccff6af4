//! The shop's command line, `bin/magento`: indexes, queues, caches, cron, settings, maintenance mode and the second factor.

pub mod cache;
mod config;
mod consumers;
mod maintenance;
mod mode;
mod output;
mod reindex;
mod selected;
mod status;
#[cfg(test)]
mod tests;
mod two_factor;

use crate::database::store::Store;
pub use output::Output;

/// Runs one command. `argv` is what follows `bin/magento`.
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
        "cache:flush" => cache::report(store, "Flushed", arguments),
        "cache:clean" => cache::report(store, "Cleaned", arguments),
        "maintenance:enable" => maintenance::switch(store, true),
        "maintenance:disable" => maintenance::switch(store, false),
        "config:set" => config::set(store, arguments),
        "queue:consumers:start" => consumers::start(store, arguments),
        "security:tfa:google:set-secret" => two_factor::set_secret(store, arguments),
        other => Output::failure(format!("\nCommand \"{other}\" is not defined.\n\n")),
    }
}
