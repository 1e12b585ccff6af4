//! A reindex step that waits until the index shows the links, for shops where cron or a queue brings it up to date.

use std::time::{Duration, Instant};

use super::index::{IndexProof, IndexProver};
use super::reindex_output::IndexerResult;
use crate::reconcile::index::{IndexState, IndexVerdict};
use crate::run::consistency::RecentWrites;
use crate::run::event::{Event, Observer};
use crate::run::outcome::StepFailure;

/// Looks at the index until it is proven, or no time is left for another look.
pub(super) async fn wait(
    prover: &IndexProver<'_>,
    recent: &RecentWrites,
    interval: Duration,
    timeout: Duration,
    observer: &dyn Observer,
) -> Result<IndexerResult, StepFailure> {
    let started = Instant::now();
    loop {
        observer.notice(Event::ProvingIndex);
        let proof = prover.look(recent).await;
        if proof.verdict() == IndexVerdict::Proven {
            return Ok(IndexerResult::Rebuilt);
        }
        if started.elapsed() + interval >= timeout {
            return Err(StepFailure::IndexNotProven { detail: told(&proof) });
        }
        observer.notice(Event::IndexStale {
            pause: interval.as_secs(),
        });
        tokio::time::sleep(interval).await;
    }
}

/// What is wrong, by the names of the stocks.
fn told(proof: &IndexProof) -> String {
    let stocks = match proof {
        IndexProof::Unreadable(reason) => return format!("the index could not be looked at: {reason}"),
        IndexProof::Read(stocks) => stocks,
    };
    let told = stocks.iter().filter_map(|stock| match &stock.index {
        IndexState::Stale { .. } => Some(format!("{} is stale", stock.name)),
        IndexState::Unknown { reason } => Some(format!("{}: {reason}", stock.name)),
        IndexState::Matches { .. } | IndexState::Unsold => None,
    });
    format!(
        "the index does not show the links: {}",
        told.collect::<Vec<_>>().join("; ")
    )
}
