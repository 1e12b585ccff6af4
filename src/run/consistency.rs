//! Repeats reads that lag behind our own writes, and those that settle a doubtful one.
//!
//! Some shops answer reads from a replica of their database that lags behind. Such a read shows an earlier state, and looks
//! as if somebody had undone our writes.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::journal::{Journal, JournalError, State};
use super::verify::priority;
use crate::commerce::{ApiError, Reader};
use crate::model::{LiveState, SourceCode, StockId};
use crate::reconcile::TargetLabel;

/// The pause before the second read; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest pause between two reads.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The most that the clocks of two runs may differ: a write that looks so much older still counts as recent.
const CLOCKS: SignedDuration = SignedDuration::from_mins(1);

/// Reads until a read is not behind any more. `is_behind` is given the time at which the read began: what a slow answer shows
/// may be that old. It must turn false for late reads. An incomplete read is not repeated, since nothing is concluded from it.
pub(super) async fn read_until<R>(
    reader: &Reader,
    read: impl Fn() -> R,
    is_behind: impl Fn(&LiveState, Instant) -> bool,
) -> Result<LiveState, ApiError>
where
    R: Future<Output = Result<LiveState, ApiError>>,
{
    let (live, _) = read_in_time(reader, read, is_behind).await?;
    Ok(live)
}

/// The same, and whether the last read is still behind because the run has no time for another.
async fn read_in_time<R>(
    reader: &Reader,
    read: impl Fn() -> R,
    is_behind: impl Fn(&LiveState, Instant) -> bool,
) -> Result<(LiveState, bool), ApiError>
where
    R: Future<Output = Result<LiveState, ApiError>>,
{
    let mut pause = FIRST_PAUSE;
    loop {
        let began = Instant::now();
        let live = read().await?;
        let behind = live.issues.is_empty() && is_behind(&live, began);
        if !behind || !reader.has_time_for(pause) {
            return Ok((live, behind));
        }
        tracing::info!(?pause, "a read does not show our last writes; reading again");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Reads the effect of a doubtful write: after an error that may pass, again until that moment. Without this read an apply
/// would end, and a shop that restarts its PHP or its web server is away for some seconds.
pub(super) async fn read_patiently<R>(
    reader: &Reader,
    read: impl Fn() -> R,
    until: Instant,
    cancel: &CancellationToken,
) -> Result<LiveState, ApiError>
where
    R: Future<Output = Result<LiveState, ApiError>>,
{
    let mut pause = FIRST_PAUSE;
    loop {
        let error = match read().await {
            Err(error) if error.is_transient() && !error.used_its_whole_timeout() => error,
            settled => return settled,
        };
        let asked = error.retry_after().map_or(Duration::ZERO, Duration::from_secs);
        pause = pause.max(asked);
        let is_over = until.saturating_duration_since(Instant::now()) <= pause;
        if is_over || cancel.is_cancelled() || !reader.has_time_for(pause) {
            return Err(error);
        }
        tracing::warn!(%error, ?pause, "the effect of a write cannot be read; reading again");
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = cancel.cancelled() => return Err(error),
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// The links that were written recently, by the journal, and the time until which reads may not show them.
#[derive(Debug, Clone, Default)]
pub struct RecentWrites {
    links: HashMap<(StockId, SourceCode), Option<u16>>,
    until: Option<Instant>,
}

impl RecentWrites {
    /// Those in the journal of a target; for commands that only read.
    pub fn peek(state_dir: &Path, target: &TargetLabel, reader: &Reader) -> Result<Self, JournalError> {
        Ok(Self::of(
            &Journal::read_state(state_dir, target)?,
            Instant::now(),
            reader.consistency(),
        ))
    }

    /// Those of a journal, which reads may not show for the time `wait` after `since`: the opening, or the last write of this
    /// run. The age of a write depends on the clocks of two runs, so a write of uncertain age counts; the wait depends on the
    /// clock of this run alone.
    fn of(state: &State, since: Instant, wait: Duration) -> Self {
        let now = Timestamp::now();
        let age = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
        let oldest = age.saturating_add(CLOCKS);
        let young = state
            .last_writes()
            .iter()
            .filter(|write| now.duration_since(write.at) <= oldest);
        let links = young.flat_map(|write| &write.links);
        Self {
            links: links
                .map(|link| ((link.stock_id, link.source_code.clone()), link.priority))
                .collect(),
            until: since.checked_add(wait),
        }
    }

    /// Reads everything, again as long as one of these writes does not show and may not show yet.
    pub async fn read(&self, reader: &Reader) -> Result<LiveState, ApiError> {
        let (live, _) = self.read_by(reader, || reader.fetch()).await?;
        Ok(live)
    }

    /// Reads in that way, again as long as one of these writes does not show and may not show yet; true with the result if one
    /// still does not.
    pub(super) async fn read_by<R>(
        &self,
        reader: &Reader,
        read: impl Fn() -> R,
    ) -> Result<(LiveState, bool), ApiError>
    where
        R: Future<Output = Result<LiveState, ApiError>>,
    {
        read_in_time(reader, read, |live, began| self.is_behind(live, began)).await
    }

    /// True if a read that began then lacks one of these writes that it may not show yet. Links of stocks that were not read
    /// do not count.
    pub(super) fn is_behind(&self, live: &LiveState, began: Instant) -> bool {
        let mut links = self.links.iter();
        self.until.is_none_or(|until| began < until)
            && links.any(|((stock, source), written)| {
                live.covers(*stock) && priority(live, *stock, source) != *written
            })
    }
}

impl Journal {
    /// The writes of earlier runs, and of this one so far, that reads may not show yet for the time `wait`.
    pub fn recent_writes(&self, wait: Duration) -> RecentWrites {
        RecentWrites::of(self.state(), self.last_write(), wait)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use jiff::{SignedDuration, Timestamp};

    use super::RecentWrites;
    use crate::model::{Link, LiveState, SourceCode, StockId};
    use crate::run::replay;

    const WAIT: Duration = Duration::from_secs(10);

    /// True if a read with that priority is behind, after one write that is so many seconds old by the clock.
    fn is_behind(age: i64, effect: &str, opened: Instant, found: Option<u16>) -> bool {
        let at = Timestamp::now() - SignedDuration::from_secs(age);
        let line = |event: &str| {
            format!(
                r#"{{"at":"{at}","run":"r","target":"shop","url":"https://a.example/","actor":"ci",{event}}}"#
            )
        };
        let link = r#"{"stock_id":2,"source_code":"hq","priority":5}"#;
        let begins = line(&format!(
            r#""event":"write_begins","links":[{link}],"needs_reindex":true,"live_sha256":"","timeout_seconds":120"#
        ));
        let ends = line(&format!(r#""event":"write_ends","effect":"{effect}""#));
        let state = replay(format!("{begins}\n{ends}\n").as_bytes(), "https://a.example/").unwrap();
        let links = found.map(|priority| Link {
            stock: StockId(2),
            source: SourceCode::from_server("hq"),
            priority,
        });
        let live = LiveState {
            links: links.into_iter().collect(),
            ..LiveState::default()
        };
        RecentWrites::of(&state, opened, WAIT).is_behind(&live, Instant::now())
    }

    #[test]
    fn a_read_without_a_young_write_is_behind_for_a_while() {
        let now = Instant::now();
        for age in [0, 9, 30, -3600] {
            assert!(is_behind(age, "some", now, None), "{age}");
            assert!(is_behind(age, "unknown", now, Some(4)), "{age}");
            assert!(!is_behind(age, "some", now, Some(5)), "{age}: it shows");
            assert!(!is_behind(age, "none", now, None), "{age}: it had no effect");
        }
        assert!(!is_behind(3600, "some", now, None), "it is too old");
        let earlier = now.checked_sub(WAIT * 2).expect("the clock runs since long");
        assert!(!is_behind(0, "some", earlier, None), "this run has waited");
    }
}
