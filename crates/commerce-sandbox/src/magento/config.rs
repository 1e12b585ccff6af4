//! The command `config:set`, for the settings that the sandbox has.

use super::output::Output;
use super::two_factor;
use crate::database::store::Store;
use crate::index;

/// The stock settings of products that have none of their own.
const ITEM_OPTIONS: &str = "cataloginventory/item_options/";

/// Sets a setting. A stock setting acts at once, and its change invalidates the index (2.4.8/17-244, 17-276, 17-301).
pub fn set(store: &mut Store, arguments: &[String]) -> Output {
    let [path, value] = arguments else {
        return Output::failure("A path and a value are needed.\n");
    };
    if path == two_factor::PROVIDER {
        two_factor::set_provider(store, value);
        return Output::success("Value was saved.\n");
    }
    let Some(name) = path.strip_prefix(ITEM_OPTIONS) else {
        return unknown(path);
    };
    let Ok(number) = value.parse::<f64>() else {
        return Output::failure(format!("{value} is no number.\n"));
    };
    let mut options = store.item_options;
    match name {
        "min_qty" => options.min_qty = number,
        "backorders" => options.backorders = number != 0.0,
        "manage_stock" => options.manage_stock = number != 0.0,
        _ => return unknown(path),
    }
    if options != store.item_options {
        store.item_options = options;
        index::invalidate(store);
    }
    Output::success("Value was saved.\n")
}

fn unknown(path: &str) -> Output {
    Output::failure(format!("The sandbox has no setting {path}.\n"))
}
