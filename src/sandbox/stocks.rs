//! Stocks and their sales channels: list, read, save, delete, and which stock serves a channel.

use serde::Deserialize;
use serde_json::{Value, json};

use super::arguments::Arguments;
use super::collation::{same, stored};
use super::criteria::{self, Cell, Row};
use super::fault::{Detail, Fault};
use super::index;
use super::shop::State;
use super::store::{DEFAULT_STOCK, SalesChannel, Stock, Store};

/// The only type of channel there is.
const WEBSITE: &str = "website";
/// The website of the administration, which the default stock serves.
const ADMIN: &str = "admin";

/// A stock as a caller sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sent {
    stock_id: Option<i64>,
    name: Option<String>,
    extension_attributes: Option<SentExtension>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SentExtension {
    sales_channels: Option<Vec<SentChannel>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SentChannel {
    r#type: Option<String>,
    code: Option<String>,
}

/// A stock with its channels, as REST shows it.
struct Shown<'a> {
    stock: &'a Stock,
    store: &'a Store,
}

/// Lists stocks.
pub fn list(state: &mut State, arguments: &mut Arguments) -> Result<Value, Fault> {
    let store = &state.store;
    let mut rows: Vec<Shown> = store.stocks.iter().map(|stock| Shown { stock, store }).collect();
    rows.sort_by_key(|row| row.stock.stock_id);
    criteria::list(&rows, arguments.criteria()?)
}

/// Reads one stock.
pub fn read(state: &mut State, arguments: &mut Arguments) -> Result<Value, Fault> {
    let id = arguments.int("stockId")?;
    show(&state.store, id).ok_or_else(|| {
        Fault::with(
            404,
            "Stock with id \"%value\" does not exist.",
            json!({ "value": id }),
        )
    })
}

/// Saves a stock; its sales channels are replaced, those it loses fall to the default stock.
pub fn save(state: &mut State, arguments: &mut Arguments) -> Result<Value, Fault> {
    let sent: Sent = arguments.object("stock")?;
    let store = &mut state.store;
    let channels = sent
        .extension_attributes
        .and_then(|extension| extension.sales_channels)
        .unwrap_or_default();
    let name = sent.name.unwrap_or_default();
    let errors = errors(store, &name, &channels);
    if !errors.is_empty() {
        return Err(Fault::validation(errors));
    }
    let id = put(store, sent.stock_id.filter(|id| *id > 0), &stored(&name))?;
    assign(store, id, channels);
    index::make_table(store, id);
    Ok(id.into())
}

/// Deletes a stock with its links; its index table stays behind.
pub fn delete(state: &mut State, arguments: &mut Arguments) -> Result<Value, Fault> {
    let id = arguments.int("stockId")?;
    let store = &mut state.store;
    if !store.stocks.iter().any(|stock| stock.stock_id == id) {
        return Err(Fault::with(
            404,
            "There is no stock with \"%fieldValue\" for \"%fieldName\". Verify and try again.",
            json!({ "fieldName": "stock_id", "fieldValue": id }),
        ));
    }
    if id == DEFAULT_STOCK {
        return Err(Fault::refused(400, "Default Stock could not be deleted."));
    }
    if store.sales_channels.iter().any(|channel| channel.stock_id == id) {
        return Err(Fault::refused(
            400,
            "Stock has at least one sale channel and could not be deleted.",
        ));
    }
    store.stocks.retain(|stock| stock.stock_id != id);
    store.links.retain(|link| link.stock_id != id);
    index::invalidate(store);
    Ok(json!([]))
}

/// Tells which stock serves a sales channel.
pub fn resolve(state: &mut State, arguments: &mut Arguments) -> Result<Value, Fault> {
    let id = serving(&state.store, arguments.text("type")?, arguments.text("code")?)?;
    show(&state.store, id).ok_or_else(unserved)
}

/// Finds the stock that serves a sales channel.
pub fn serving(store: &Store, kind: &str, code: &str) -> Result<i64, Fault> {
    if kind == WEBSITE && code == ADMIN {
        return Ok(DEFAULT_STOCK);
    }
    let found = store
        .sales_channels
        .iter()
        .find(|channel| same(&channel.kind, kind) && same(&channel.code, code));
    found.map(|channel| channel.stock_id).ok_or_else(unserved)
}

fn unserved() -> Fault {
    Fault::refused(404, "No linked stock found")
}

fn show(store: &Store, id: i64) -> Option<Value> {
    let stock = store.stocks.iter().find(|stock| stock.stock_id == id)?;
    Some(Shown { stock, store }.shown())
}

/// Gives what is wrong with a stock; websites are compared exactly.
fn errors(store: &Store, name: &str, channels: &[SentChannel]) -> Vec<Detail> {
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

/// Writes the row of a stock and gives its id; a name that another stock has is refused without a reason.
fn put(store: &mut Store, id: Option<i64>, name: &str) -> Result<i64, Fault> {
    if store
        .stocks
        .iter()
        .any(|stock| same(&stock.name, name) && Some(stock.stock_id) != id)
    {
        return Err(Fault::refused(400, "Could not save Stock"));
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

/// Gives a stock the channels that are sent, taking them from whoever had them.
fn assign(store: &mut Store, stock_id: i64, channels: Vec<SentChannel>) {
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

impl Row for Shown<'_> {
    const COLUMNS: &'static [&'static str] = &["stock_id", "name"];

    fn cell(&self, column: &str) -> Cell {
        match column {
            "stock_id" => Cell::int(self.stock.stock_id),
            "name" => Cell::Text(self.stock.name.clone()),
            _ => Cell::Null,
        }
    }

    fn shown(&self) -> Value {
        let channels = self.store.sales_channels.iter();
        let mut channels: Vec<_> = channels
            .filter(|one| one.stock_id == self.stock.stock_id)
            .collect();
        channels.sort_by_key(|one| (&one.kind, &one.code));
        let channels: Vec<Value> = channels
            .into_iter()
            .map(|one| json!({ "type": one.kind, "code": one.code }))
            .collect();
        json!({
            "stock_id": self.stock.stock_id,
            "name": self.stock.name,
            "extension_attributes": { "sales_channels": channels },
        })
    }
}
