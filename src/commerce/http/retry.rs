//! The one retry policy of the program: what is tried again, how often, after which pause, and until when.
//!
//! | request | tried again after | tries | before the next try |
//! |---|---|---|---|
//! | read | 408, 429, 500, 502 to 504, no answer ([`ApiError::is_transient`]) | 4 in all | the pause |
//! | write | the same, and the 400 that may be a deadlock ([`ApiError::may_retry_write`]) | 4 in all | a read that shows no effect, then the pause |
//! | message to a web hook | 408, 429, 500, 502 to 504, no connection | 3 in all | the pause |
//! | refused token | 401 of a credential that can be renewed | 2 in all | a new token |
//!
//! A read that took all of its time (`request_timeout`) is not tried again: a server that keeps silent that long keeps
//! silent, and every further try would cost as much.
//!
//! A refused password is never sent again, be it the shop's or a proxy's (407): some refusals lock an account.
//!
//! A pause grows from a quarter of a second ([`crate::commerce::Limits::pause`]) to twenty times as much, with jitter; `Retry-After` makes it longer, up to a minute, and a
//! server that asks for more is not asked again. No pause and no request goes beyond the deadline of the run
//! ([`crate::commerce::Limits::run`]). Nothing else is sent twice: a write whose outcome no read can tell is reported as unknown.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use super::deadline::Deadline;
use crate::commerce::http::error::api_error::ApiError;

/// How many times as long as the first pause the longest one is that is chosen here.
const GROWTH: u32 = 20;

/// The longest pause that a server may ask for before the request is given up.
const LONGEST_ASKED_PAUSE: Duration = Duration::from_mins(1);

/// How often a write is tried in all.
const WRITE_ATTEMPTS: usize = 4;

/// How often a message to a web hook is tried in all.
const MESSAGE_ATTEMPTS: usize = 3;

/// The pauses between the tries of one request.
#[derive(Debug)]
pub struct Retries {
    pauses: ExponentialBackoff,
    deadline: Deadline,
}

impl Retries {
    pub(in crate::commerce) fn of_read(attempts: usize, first: Duration, deadline: Deadline) -> Self {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(first)
            .with_max_delay(first.saturating_mul(GROWTH))
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

    /// Those of a message to a web hook, which has no deadline with the requests to the shop.
    pub fn of_message(first: Duration) -> Self {
        Self::of_read(MESSAGE_ATTEMPTS, first, Deadline::default())
    }

    /// How long to wait before another try after that failure; `None` when there is to be none.
    pub fn pause_after(&mut self, error: &ApiError) -> Option<Duration> {
        self.pause(error.retry_after())
    }

    /// How long to wait before another try when the server named so many seconds, or none; `None` when there is to be
    /// none.
    pub fn pause(&mut self, asked: Option<u64>) -> Option<Duration> {
        let asked = asked.map_or(Duration::ZERO, Duration::from_secs);
        let pause = self.pauses.next()?.max(asked);
        (asked <= LONGEST_ASKED_PAUSE && self.deadline.allows(pause)).then_some(pause)
    }
}

/// Tries a read until it succeeds, fails for good, or no further try is to be made.
pub(in crate::commerce) async fn with_retries<T, F, A>(mut retries: Retries, mut read: F) -> Result<T, ApiError>
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
