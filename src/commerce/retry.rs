//! The one retry policy for reads: passing failures, with growing pauses and jitter, as long as the server asks for.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};

use super::error::ApiError;

/// The longest pause that a server may ask for before the request is given up.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Tries a read until it succeeds, fails for good, or `attempts` tries have failed.
pub(super) async fn patiently<T, F, A>(attempts: usize, read: F) -> Result<T, ApiError>
where
    F: FnMut() -> A,
    A: Future<Output = Result<T, ApiError>>,
{
    let pauses = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(200))
        .with_max_delay(Duration::from_secs(5))
        .with_max_times(attempts.saturating_sub(1))
        .with_jitter();
    read.retry(pauses)
        .when(ApiError::is_passing)
        .adjust(
            |error, pause| match error.retry_after().map(Duration::from_secs) {
                Some(asked) if asked > LONGEST_PAUSE => None,
                Some(asked) => pause.map(|pause| pause.max(asked)),
                None => pause,
            },
        )
        .notify(|error, pause| tracing::warn!(%error, ?pause, "trying again"))
        .await
}
