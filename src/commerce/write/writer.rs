//! The writer: saves and deletes links, nothing else.

use serde::Serialize;

use crate::commerce::http::connection::Connection;
use crate::commerce::http::error::api_error::ApiError;
use crate::commerce::http::retry::Retries;
use crate::reconcile::{LinkKey, LinkWrite, WriteBatch};

/// Writes links to a target. Only an approved plan gives one.
pub struct Writer {
    connection: Connection,
}

impl Writer {
    pub(in crate::commerce) fn new(connection: Connection) -> Self {
        Self { connection }
    }

    /// Sends one batch, without retries. A success is confirmed by the server; after an error only a read shows the outcome.
    pub async fn send(&self, batch: &WriteBatch) -> Result<(), ApiError> {
        match batch {
            WriteBatch::Save(links) => self.save(links).await,
            WriteBatch::Delete(links) => self.delete(links).await,
        }
    }

    /// The pauses between the attempts of one batch.
    pub fn retries(&self) -> Retries {
        Retries::of_write(self.connection.limits().pause, self.connection.deadline().clone())
    }

    /// True if the time of the whole run is over, so that nothing more is sent.
    pub fn is_out_of_time(&self) -> bool {
        self.connection.deadline().is_over()
    }

    async fn save(&self, links: &[LinkWrite]) -> Result<(), ApiError> {
        let links = links.iter().map(|link| LinkBody {
            stock_id: link.stock.0,
            source_code: link.source.as_str(),
            priority: Some(link.priority),
        });
        self.post("inventory/stock-source-links", links.collect()).await
    }

    async fn delete(&self, links: &[LinkKey]) -> Result<(), ApiError> {
        let links = links.iter().map(|link| LinkBody {
            stock_id: link.stock.0,
            source_code: link.source.as_str(),
            priority: None,
        });
        self.post("inventory/stock-source-links-delete", links.collect())
            .await
    }

    async fn post(&self, path: &str, links: Vec<LinkBody<'_>>) -> Result<(), ApiError> {
        self.connection.write(path, &LinksBody { links }).await
    }
}

/// The body of a save or delete of links.
#[derive(Debug, Serialize)]
struct LinksBody<'a> {
    links: Vec<LinkBody<'a>>,
}

#[derive(Debug, Serialize)]
struct LinkBody<'a> {
    stock_id: u32,
    source_code: &'a str,
    /// Only a save has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    priority: Option<u16>,
}
