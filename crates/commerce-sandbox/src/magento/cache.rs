//! The commands `cache:flush` and `cache:clean`. They change nothing that the inventory API shows.

use super::output::Output;
use crate::database::store::Store;

/// Cache types of 2.4.1, in the order it prints them.
pub const UNTIL_2_4_6: [&str; 14] = [
    "config",
    "layout",
    "block_html",
    "collections",
    "reflection",
    "db_ddl",
    "compiled_config",
    "eav",
    "customer_notification",
    "config_integration",
    "config_integration_api",
    "full_page",
    "config_webservice",
    "translate",
];

/// Cache types of 2.4.7 and 2.4.8, in the order it prints them.
pub const SINCE_2_4_7: [&str; 15] = [
    "config",
    "layout",
    "block_html",
    "collections",
    "reflection",
    "db_ddl",
    "compiled_config",
    "eav",
    "customer_notification",
    "config_integration",
    "config_integration_api",
    "graphql_query_resolver_result",
    "full_page",
    "config_webservice",
    "translate",
];

/// Prints the named cache types, or all types if none is named.
pub fn report(store: &Store, done: &str, types: &[String]) -> Output {
    let known = store.generation.cache_types;
    let unknown: Vec<&str> = types
        .iter()
        .map(String::as_str)
        .filter(|name| !known.contains(name))
        .collect();
    if !unknown.is_empty() {
        return Output::unsupported("AbstractCacheManageCommand.php line 55", "cache", &unknown, known);
    }
    let named: Vec<&str> = if types.is_empty() {
        known.to_vec()
    } else {
        types.iter().map(String::as_str).collect()
    };
    Output::success(format!("{done} cache types:\n{}\n", named.join("\n")))
}
