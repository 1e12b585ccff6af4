//! Validates and saves a stock and its sales channels.

use serde::Deserialize;
use serde_json::json;

use crate::database::collation::same;
use crate::database::store::{DEFAULT_STOCK, SalesChannel, Stock, Store};
use crate::webapi::api_error::{ApiError, Detail};

/// The only type of sales channel.
pub const WEBSITE: &str = "website";

/// A stock as a caller sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SentStock {
    /// Id; without one a new stock is created.
    pub stock_id: Option<i64>,
    /// Name.
    pub name: Option<String>,
    /// Fields of other modules.
    pub extension_attributes: Option<SentExtension>,
}

/// A stock's fields of other modules.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SentExtension {
    /// The sales channels that it shall serve.
    pub sales_channels: Option<Vec<SentChannel>>,
}

/// A sales channel as a caller sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SentChannel {
    /// Kind of channel.
    pub r#type: Option<String>,
    /// Code of the channel.
    pub code: Option<String>,
}

/// Validates a stock. Websites are compared exactly.
pub fn errors(store: &Store, name: &str, channels: &[SentChannel]) -> Vec<Detail> {
    let mut errors = Vec::new();
    if name.trim().is_empty() {
        errors.push(Detail::empty("name"));
    }
    for channel in channels {
        let kind = channel.r#type.as_deref().unwrap_or_default();
        let code = channel.code.as_deref().unwrap_or_default();
        if kind.trim().is_empty() {
            errors.push(Detail::empty("type"));
        }
        if code.trim().is_empty() {
            errors.push(Detail::empty("code"));
        }
        if kind == WEBSITE && !store.websites.iter().any(|website| website.code == code) {
            errors.push(Detail {
                message: "The website with code \"%code\" does not exist.".to_owned(),
                parameters: json!({ "code": code }),
            });
        }
    }
    errors
}

/// Writes the row of a stock and gives its id. The name of another stock is refused without a reason.
pub fn put(store: &mut Store, id: Option<i64>, name: &str) -> Result<i64, ApiError> {
    if store
        .stocks
        .iter()
        .any(|stock| same(&stock.name, name) && Some(stock.stock_id) != id)
    {
        return Err(ApiError::refused(400, "Could not save Stock"));
    }
    let stock_id = id.unwrap_or(store.next.stock_id);
    store.next.stock_id = store.next.stock_id.max(stock_id.saturating_add(1));
    match store.stocks.iter_mut().find(|stock| stock.stock_id == stock_id) {
        Some(stock) => name.clone_into(&mut stock.name),
        None => store.stocks.push(Stock {
            stock_id,
            name: name.to_owned(),
        }),
    }
    Ok(stock_id)
}

/// Assigns the sent channels to a stock, whichever stock had them before.
pub fn assign(store: &mut Store, stock_id: i64, channels: Vec<SentChannel>) {
    for channel in store
        .sales_channels
        .iter_mut()
        .filter(|channel| channel.stock_id == stock_id)
    {
        channel.stock_id = DEFAULT_STOCK;
    }
    for sent in channels {
        let (kind, code) = (sent.r#type.unwrap_or_default(), sent.code.unwrap_or_default());
        let known = store
            .sales_channels
            .iter_mut()
            .find(|one| same(&one.kind, &kind) && same(&one.code, &code));
        match known {
            Some(channel) => channel.stock_id = stock_id,
            None => store.sales_channels.push(SalesChannel { kind, code, stock_id }),
        }
    }
}
