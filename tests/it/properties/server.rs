//! An executable model of the server's link tables: what a save and a delete do, and what it refuses.

use std::collections::BTreeMap;

use stocktake::model::{Link, LiveState, SourceCode, StockId};
use stocktake::reconcile::{LinkKey, LinkWrite, WriteBatch};

/// A row's key as the database compares it.
pub type Key = (StockId, String);

/// A link as the server stores it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The code as the row spells it.
    pub spelling: String,
    /// The priority.
    pub priority: u16,
}

/// Why the server refuses a whole request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    Empty,
    Priority,
    DefaultSourceOrStock,
    UnknownSourceOrStock,
}

/// The server: its links, and the sources and stocks that links may name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    live: LiveState,
    pub rows: BTreeMap<Key, Row>,
}

/// Compares as the database does, for the letters that the tests use; on purpose not the code under test.
pub fn key(code: &str) -> String {
    code.to_lowercase().replace('ü', "u").replace('é', "e")
}

impl Server {
    pub fn new(live: &LiveState) -> Self {
        let rows = live.links.iter().map(|link| {
            let row = Row {
                spelling: link.source.as_str().to_owned(),
                priority: link.priority,
            };
            ((link.stock, key(link.source.as_str())), row)
        });
        Self {
            rows: rows.collect(),
            live: live.clone(),
        }
    }

    /// What a complete read answers now.
    pub fn read(&self) -> LiveState {
        let links = self.rows.iter().map(|((stock, _), row)| Link {
            stock: *stock,
            source: SourceCode::from_server(&row.spelling),
            priority: row.priority,
        });
        let mut live = self.live.clone();
        live.links = links.collect();
        live.sorted()
    }

    /// The rows of one stock.
    pub fn rows_of(&self, stock: StockId) -> Vec<&Row> {
        let of_stock = self.rows.iter().filter(|((id, _), _)| *id == stock);
        of_stock.map(|(_, row)| row).collect()
    }

    pub fn call(&mut self, call: &WriteBatch) -> Result<(), Refused> {
        match call {
            WriteBatch::Save(links) => self.save(links),
            WriteBatch::Delete(links) => self.delete(links),
        }
    }

    fn save(&mut self, links: &[LinkWrite]) -> Result<(), Refused> {
        if links.is_empty() {
            return Err(Refused::Empty);
        }
        if links.iter().any(|link| link.priority == 0) {
            return Err(Refused::Priority);
        }
        // The link of both belongs to the shop and may get another priority; any other of either is refused.
        if links
            .iter()
            .any(|link| (link.source.as_str() == "default") != (link.stock == StockId(1)))
        {
            return Err(Refused::DefaultSourceOrStock);
        }
        if !links
            .iter()
            .all(|link| self.knows(link.stock, link.source.as_str()))
        {
            return Err(Refused::UnknownSourceOrStock);
        }
        for link in links {
            let row = Row {
                spelling: link.source.as_str().to_owned(),
                priority: link.priority,
            };
            self.rows
                .entry((link.stock, key(link.source.as_str())))
                .and_modify(|stored| stored.priority = link.priority)
                .or_insert(row);
        }
        Ok(())
    }

    fn delete(&mut self, links: &[LinkKey]) -> Result<(), Refused> {
        if links.is_empty() {
            return Err(Refused::Empty);
        }
        if links
            .iter()
            .any(|link| link.source.as_str() == "default" || link.stock == StockId(1))
        {
            return Err(Refused::DefaultSourceOrStock);
        }
        for link in links {
            self.rows.remove(&(link.stock, key(link.source.as_str())));
        }
        Ok(())
    }

    fn knows(&self, stock: StockId, source: &str) -> bool {
        let mut sources = self.live.sources.iter();
        self.live.stocks.iter().any(|known| known.id == stock)
            && sources.any(|known| key(known.code.as_str()) == key(source))
    }
}
