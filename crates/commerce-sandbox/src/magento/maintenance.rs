//! The commands `maintenance:enable` and `maintenance:disable`.

use super::super::store::Store;
use super::Output;

/// Switches maintenance mode.
pub fn switch(store: &mut Store, on: bool) -> Output {
    store.maintenance = on;
    Output::success(if on {
        "Enabled maintenance mode\n"
    } else {
        "Disabled maintenance mode\n"
    })
}
