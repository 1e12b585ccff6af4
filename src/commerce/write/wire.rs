//! The bodies of link writes, as they stand in JSON.

use serde::Serialize;

/// The body of a save or delete of links.
#[derive(Debug, Serialize)]
pub(super) struct Links<T> {
    pub links: Vec<T>,
}

#[derive(Debug, Serialize)]
pub(super) struct SaveLink<'a> {
    pub stock_id: u32,
    pub source_code: &'a str,
    pub priority: u16,
}

#[derive(Debug, Serialize)]
pub(super) struct DeleteLink<'a> {
    pub stock_id: u32,
    pub source_code: &'a str,
}
