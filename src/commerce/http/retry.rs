//! The retry policy: which requests are retried, how often, after which pause, and until when.
//!
//! | request | retried after | attempts | before the next attempt |
//! |---|---|---|---|
//! | read | 408, 429, 500, 502 to 504, no response ([`ApiError::is_transient`]) | 4 in all | the pause |
//! | read that settles a doubtful write | the same | 4 in all, and again until `request_timeout` is over since the write's answer | the pause |
//! | write | the same, and the 400 that may be a deadlock ([`ApiError::may_retry_write`]) | 4 in all | a read that shows no effect, then the pause |
//! | message to a web hook | 408, 429, 500, 502 to 504, no connection | 3 in all | the pause |
//! | refused token | 401 of a credential that can be renewed | 2 in all | a new token |
//!
//! A read that ran into `request_timeout` is not retried: such a server rarely answers the next attempt, and each attempt
//! would take as long.
//!
//! A refused password, the shop's or a proxy's (407), is never sent again: repeated refusals may lock an account.
//!
//! Pauses grow from a quarter of a second ([`super::limits::Limits::pause`]) to twenty times as much, with jitter.
//! `Retry-After` extends a pause up to a minute; if the server asks for more, there is no retry. No pause and no request
//! goes beyond the deadline of the run ([`super::limits::Limits::run`]). Nothing else is sent twice: a write whose outcome no
//! read shows is reported as unknown.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use super::deadline::Deadline;
use crate::commerce::http::error::api_error::ApiError;

/// Longest pause, as a multiple of the first one.
const MAX_GROWTH: u32 = 20;

/// Longest `Retry-After`; beyond it there is no retry.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(1);

/// Attempts of a write.
const WRITE_ATTEMPTS: usize = 4;

/// Attempts of a message to a web hook.
const MESSAGE_ATTEMPTS: usize = 3;

/// The pauses between the attempts of one request.
#[derive(Debug)]
pub struct Retries {
    pauses: ExponentialBackoff,
    deadline: Deadline,
}

impl Retries {
    pub(in crate::commerce) fn of_read(attempts: usize, first: Duration, deadline: Deadline) -> Self {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(first)
            .with_max_delay(first.saturating_mul(MAX_GROWTH))
            .with_max_times(attempts.saturating_sub(1))
            .with_jitter();
        Self {
            pauses: pauses.build(),
            deadline,
        }
    }

    pub(in crate::commerce) fn of_write(first: Duration, deadline: Deadline) -> Self {
        Self::of_read(WRITE_ATTEMPTS, first, deadline)
    }

    /// For a message to a web hook. The deadline of requests to the shop does not apply.
    pub fn of_message(first: Duration) -> Self {
        Self::of_read(MESSAGE_ATTEMPTS, first, Deadline::default())
    }

    /// The pause before the next attempt after an error; `None` if there is none.
    pub fn pause_after(&mut self, error: &ApiError) -> Option<Duration> {
        self.pause(error.retry_after())
    }

    /// The pause before the next attempt, given the seconds of `Retry-After`; `None` if there is none.
    pub fn pause(&mut self, asked: Option<u64>) -> Option<Duration> {
        let asked = asked.map_or(Duration::ZERO, Duration::from_secs);
        let pause = self.pauses.next()?.max(asked);
        (asked <= MAX_RETRY_AFTER && self.deadline.allows(pause)).then_some(pause)
    }
}

/// Repeats a read until it succeeds, fails for good, or no attempt is left.
pub async fn with_retries<T, F, A>(mut retries: Retries, mut read: F) -> Result<T, ApiError>
where
    F: FnMut() -> A,
    A: Future<Output = Result<T, ApiError>>,
{
    loop {
        let error = match read().await {
            Err(error) if error.is_transient() && !error.used_its_whole_timeout() => error,
            settled => return settled,
        };
        let Some(pause) = retries.pause_after(&error) else {
            return Err(error);
        };
        tracing::warn!(%error, ?pause, "trying again");
        tokio::time::sleep(pause).await;
    }
}
