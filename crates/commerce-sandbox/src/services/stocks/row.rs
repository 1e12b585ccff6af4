//! A stock with its sales channels: columns and JSON.

use serde_json::{Value, json};

use crate::database::store::{Stock, Store};
use crate::webapi::criteria::{Cell, Row};

/// A stock with its sales channels.
pub struct StockRow<'a> {
    /// The stock.
    pub stock: &'a Stock,
    /// The tables with its channels.
    pub store: &'a Store,
}

impl Row for StockRow<'_> {
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
