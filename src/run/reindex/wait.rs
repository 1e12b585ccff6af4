//! The reindex step that waits until the index shows the links, for shops where cron or a queue updates it.

use std::time::{Duration, Instant};

use super::index::{IndexProof, IndexProver, Looks};
use super::outcome::StepFailure;
use super::reindex_output::IndexerResult;
use crate::reconcile::index::{IndexState, IndexVerdict};
use crate::run::consistency::RecentWrites;
use crate::run::event::{Event, Observer};

/// Checks the index until it is proven, or no time is left for another check. Each look confirms the one before.
pub(super) async fn wait(
    prover: &IndexProver<'_>,
    recent: &RecentWrites,
    interval: Duration,
    timeout: Duration,
    observer: &dyn Observer,
) -> Result<IndexerResult, StepFailure> {
    let started = Instant::now();
    let mut looks = Looks::default();
    loop {
        observer.notice(Event::ProvingIndex);
        let proof = looks.next(prover, recent).await;
        if proof.verdict() == IndexVerdict::Proven {
            return Ok(IndexerResult::Rebuilt);
        }
        if started.elapsed() + interval >= timeout {
            return Err(StepFailure::IndexNotProven {
                detail: description(&proof),
            });
        }
        observer.notice(Event::IndexStale {
            pause: interval.as_secs(),
        });
        tokio::time::sleep(interval).await;
    }
}

/// The stocks whose index is not proven, with the reason.
fn description(proof: &IndexProof) -> String {
    let stocks = match proof {
        IndexProof::Unreadable(reason) => return format!("the index could not be looked at: {reason}"),
        IndexProof::Read(stocks) => stocks,
    };
    let differing = stocks.iter().filter_map(|stock| match &stock.index {
        IndexState::Stale { .. } => Some(format!("{} is stale", stock.name)),
        IndexState::Unknown { reason } => Some(format!("{}: {reason}", stock.name)),
        IndexState::Matches { .. } | IndexState::Unsold => None,
    });
    format!(
        "the index does not show the links: {}",
        differing.collect::<Vec<_>>().join("; ")
    )
}
