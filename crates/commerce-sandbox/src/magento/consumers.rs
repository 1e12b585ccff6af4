//! The command `queue:consumers:start`, for the queue of reservations.

use super::output::Output;
use crate::database::store::{SalabilityUpdate, Store};
use crate::index;
use crate::services::salable_quantity;

/// The queue that orders, cancellations and shipments write to.
const RESERVATIONS: &str = "inventory.reservations.updateSalabilityStatus";

/// Works through the messages of a queue, at most `--max-messages` of them.
///
/// Each names SKUs of a stock. The flags of their index rows become what is salable now, and quantities stay (2.4.8/17-345,
/// 17-351). Without the consumer, a product that was sold out keeps its flag (2.4.8/17-118).
pub fn start(store: &mut Store, arguments: &[String]) -> Output {
    let mut names = arguments.iter().filter(|argument| !argument.starts_with("--"));
    if names.next().is_none_or(|name| name != RESERVATIONS) {
        return Output::failure(format!("The sandbox has no consumer but {RESERVATIONS}.\n"));
    }
    let mut limits = arguments
        .iter()
        .filter_map(|argument| argument.strip_prefix("--max-messages="));
    let most = match limits.next().map(str::parse) {
        None => store.salability_queue.len(),
        Some(Ok(most)) => store.salability_queue.len().min(most),
        Some(Err(_)) => return Output::failure("--max-messages takes a number.\n"),
    };
    let messages: Vec<_> = store.salability_queue.drain(..most).collect();
    for message in messages {
        work_on(store, &message);
    }
    Output::success("")
}

/// Works on one message. One that cannot be worked on is logged and dropped.
fn work_on(store: &mut Store, message: &SalabilityUpdate) {
    let stock_id = message.stock_id;
    match salable_quantity::are_salable(store, &message.skus, stock_id) {
        Ok(salable) => {
            for (sku, is_salable) in message.skus.iter().zip(salable) {
                index::set_flag(store, stock_id, sku, is_salable);
            }
        }
        Err(fault) => tracing::warn!(stock_id, %fault, "a message could not be worked on"),
    }
}
