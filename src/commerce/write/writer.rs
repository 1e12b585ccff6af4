//! The writer: saves and deletes links, and nothing else.

use super::wire::{DeleteLink, Links, SaveLink};
use crate::commerce::http::connection::Connection;
use crate::commerce::http::error::api_error::ApiError;
use crate::commerce::http::retry::Retries;
use crate::reconcile::{LinkKey, LinkWrite, WriteBatch};

/// Writes links to a target; had only for an approved plan.
pub struct Writer {
    connection: Connection,
}

impl Writer {
    pub(in crate::commerce) fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// Carries out one call, once. On success the server has confirmed it; on failure only reading tells what is true.
    pub async fn send(&self, call: &WriteBatch) -> Result<(), ApiError> {
        match call {
            WriteBatch::Save(links) => self.save(links).await,
            WriteBatch::Delete(links) => self.delete(links).await,
        }
    }

    /// The pauses between the tries of one call.
    pub fn retries(&self) -> Retries {
        Retries::of_write(self.connection.pause(), self.connection.deadline())
    }

    /// Whether the time for the whole run is over, so that nothing more is sent.
    pub fn is_out_of_time(&self) -> bool {
        self.connection.deadline().is_over()
    }

    async fn save(&self, links: &[LinkWrite]) -> Result<(), ApiError> {
        let links = links
            .iter()
            .map(|link| SaveLink {
                stock_id: link.stock.0,
                source_code: link.source.as_str(),
                priority: link.priority,
            })
            .collect();
        self.connection
            .write("inventory/stock-source-links", &Links { links })
            .await
    }

    async fn delete(&self, links: &[LinkKey]) -> Result<(), ApiError> {
        let links = links
            .iter()
            .map(|link| DeleteLink {
                stock_id: link.stock.0,
                source_code: link.source.as_str(),
            })
            .collect();
        self.connection
            .write("inventory/stock-source-links-delete", &Links { links })
            .await
    }
}
