//! The commands `maintenance:enable` and `maintenance:disable`.

use super::output::Output;
use crate::database::store::Store;

/// Switches maintenance mode.
pub fn switch(store: &mut Store, on: bool) -> Output {
    store.maintenance = on;
    Output::success(if on {
        "Enabled maintenance mode\n"
    } else {
        "Disabled maintenance mode\n"
    })
}
