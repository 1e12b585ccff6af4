//! The commands `cache:flush` and `cache:clean`. They change nothing that the inventory API shows.

use super::output::Output;

/// Cache types of the shop, in the order it prints them.
const TYPES: [&str; 14] = [
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

/// Prints the named cache types, or all types if none is named.
pub fn report(done: &str, types: &[String]) -> Output {
    let unknown: Vec<&str> = types
        .iter()
        .map(String::as_str)
        .filter(|name| !TYPES.contains(name))
        .collect();
    if !unknown.is_empty() {
        return Output::unsupported(
            "AbstractCacheManageCommand.php line 55",
            "cache",
            &unknown,
            &TYPES,
        );
    }
    let named: Vec<&str> = if types.is_empty() {
        TYPES.to_vec()
    } else {
        types.iter().map(String::as_str).collect()
    };
    Output::success(format!("{done} cache types:\n{}\n", named.join("\n")))
}
