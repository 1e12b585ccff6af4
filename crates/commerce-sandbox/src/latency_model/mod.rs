//! The recorded server's latency, so that a rehearsal or a benchmark takes as long as with a real shop.

mod measured;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

use crate::http::answer::Answer;
use crate::http::request::Request;
use measured::{AT_WORK, BESIDE, at};

/// The time that a request takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LatencyModel {
    /// As fast as the sandbox is.
    #[default]
    Own,
    /// As slow as the recorded servers (2.4.1/08, 2.4.8/18), with two requests at work at once, as on its two cores.
    Recorded,
}

/// The name of no latency model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown cost `{0}`: use own or recorded")]
pub struct UnknownLatencyModel(String);

impl FromStr for LatencyModel {
    type Err = UnknownLatencyModel;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "own" => Ok(Self::Own),
            "recorded" => Ok(Self::Recorded),
            other => Err(UnknownLatencyModel(other.to_owned())),
        }
    }
}

impl fmt::Display for LatencyModel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Own => "own",
            Self::Recorded => "recorded",
        })
    }
}

/// The server's working capacity.
#[derive(Debug)]
pub struct Workers {
    model: LatencyModel,
    free: Semaphore,
}

impl Workers {
    pub fn new(model: LatencyModel) -> Self {
        Self {
            model,
            free: Semaphore::new(AT_WORK),
        }
    }

    /// Carries a request out at once, and answers when its time is over.
    pub async fn work(&self, request: Request, execute: impl AsyncFnOnce(Request) -> Answer) -> Answer {
        if self.model == LatencyModel::Own {
            return execute(request).await;
        }
        // The semaphore is never closed. Without a permit only the limit would be missing.
        let _worker = self.free.acquire().await;
        let is_alone = self.free.available_permits() + 1 == AT_WORK;
        let begun = Instant::now();
        let work = Work::of(&request);
        let answer = execute(request).await;
        let time = work.time(&answer);
        sleep_until(begun + if is_alone { time } else { time.mul_f64(BESIDE) }).await;
        answer
    }
}

/// The kind of work that decides how long a request takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// Save this number of links.
    Save(usize),
    /// Delete this number of links.
    Delete(usize),
    /// List something, whole or by `fields`.
    List { of_fields: bool },
    /// List source items.
    SourceItems,
    /// Show the index of a website's stock.
    Dump,
    /// Compute what a website's stock can sell of a page of products.
    Export,
    /// Judge whether SKUs are salable, one or many.
    Salability,
    /// Anything else.
    Small,
}

impl Work {
    fn of(request: &Request) -> Self {
        #[derive(Deserialize)]
        struct Sent {
            links: Vec<IgnoredAny>,
        }
        let links = || serde_json::from_slice::<Sent>(&request.body).map_or(0, |sent| sent.links.len());
        let path = request.path.trim_end_matches('/');
        let route = path.split_once("/inventory/").map_or("", |(_, route)| route);
        let name = route.split('/').next().unwrap_or_default();
        match (request.method.as_str(), name) {
            ("POST", "stock-source-links") => Self::Save(links()),
            ("POST", "stock-source-links-delete") => Self::Delete(links()),
            ("GET", "source-items") => Self::SourceItems,
            ("GET", "dump-stock-index-data") => Self::Dump,
            ("GET", "export-stock-salable-qty") => Self::Export,
            (
                "GET",
                "get-product-salable-quantity"
                | "is-product-salable"
                | "is-product-salable-for-requested-qty"
                | "are-products-salable",
            ) => Self::Salability,
            ("GET", _) => Self::List {
                of_fields: request.query.contains("fields="),
            },
            _ => Self::Small,
        }
    }

    fn time(self, answer: &Answer) -> Duration {
        let milliseconds = match self {
            Self::Save(links) => at(measured::SAVE, links),
            Self::Delete(links) => at(measured::DELETE, links),
            Self::Small => measured::SMALL,
            Self::Salability => at(measured::SALABILITY, rows(answer).unwrap_or(1)),
            list => rows(answer).map_or(measured::SMALL, |rows| list.time_of_rows(rows)),
        };
        Duration::from_secs_f64(milliseconds / 1e3)
    }

    /// Gives the milliseconds of a list of a number of rows.
    fn time_of_rows(self, rows: usize) -> f64 {
        let measured = match self {
            Self::List { of_fields: true } => measured::LIST_OF_FIELDS,
            Self::List { of_fields: false } => measured::LIST,
            Self::SourceItems => measured::SOURCE_ITEMS,
            Self::Dump => measured::DUMP,
            Self::Export => measured::EXPORT,
            Self::Salability => measured::SALABILITY,
            Self::Save(_) | Self::Delete(_) | Self::Small => return measured::SMALL,
        };
        at(measured, rows)
    }
}

/// Counts the rows of an answer: those of a page, or those of a bare list. `None` for anything else.
fn rows(answer: &Answer) -> Option<usize> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Rows {
        Page { items: Vec<IgnoredAny> },
        List(Vec<IgnoredAny>),
    }
    match serde_json::from_str(&answer.body).ok()? {
        Rows::Page { items: rows } | Rows::List(rows) => Some(rows.len()),
    }
}
