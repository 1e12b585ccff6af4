//! A call that failed: settled by reading, and tried again when that is safe.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::attempts::Attempts;
use super::queue::Batch;
use crate::commerce::{ApiError, Reader, Writer};
use crate::model::LiveState;
use crate::reconcile::WriteBatch;
use crate::run::consistency::read_until;
use crate::run::journal::{Effect, Journal, JournalError};
use crate::run::outcome::StopCause;
use crate::run::verify::{effect, is_carried_out, renew};

/// Takes note of the calls of one run, and finds out what became of those that fail.
pub(super) struct BatchSender<'a> {
    pub writer: &'a Writer,
    pub reader: &'a Reader,
    pub journal: &'a mut Journal,
    pub cancel: &'a CancellationToken,
    /// The live state that the plan rests on, for the journal.
    pub live_sha256: &'a str,
    /// What stood when it was read last, before any call that begins from now on.
    pub before: Arc<LiveState>,
    /// What was tried so far.
    pub tries: Attempts,
}

/// A try of a call that the journal has taken note of.
pub(super) struct Attempt {
    /// When it began, by the journal.
    pub began: Timestamp,
    /// What stood before it.
    before: Arc<LiveState>,
}

/// What came of one call.
pub(super) enum AttemptResult {
    /// It took effect, by the server's word or by a read.
    Done,
    /// It took effect, and the journal could not take note of it.
    DoneUnrecorded(JournalError),
    /// It was not sent, since the journal could not take note of it.
    NotBegun(JournalError),
    /// It carries more links than the server takes at once. Nothing was written, unless an earlier try may still arrive.
    TooLong {
        /// How many it takes.
        limit: usize,
    },
    /// The shop refused it, for one of its links perhaps; nothing was written.
    Refused(Box<ApiError>, Option<Arc<LiveState>>),
    /// It failed for good.
    Failed(Failed),
}

/// A call that failed for good.
pub(super) struct Failed {
    /// What stopped it.
    pub cause: StopCause,
    /// What was read afterwards, if that could be done.
    pub live: Option<Arc<LiveState>>,
    /// Whether it took effect all the same.
    pub effect: Effect,
    /// Whether the server may still be at work on it, so that a read which does not show it settles nothing.
    pub late: bool,
}

/// What is known of a call that failed.
struct Observation {
    live: Option<Arc<LiveState>>,
    /// What shows of it now.
    effect: Effect,
    /// Whether all of it stands.
    whole: bool,
}

impl Observation {
    /// Nothing: it was not sent, or nobody has looked.
    fn nothing(effect: Effect) -> Self {
        Self {
            live: None,
            effect,
            whole: false,
        }
    }

    /// What the next step rests on. Where the shop refused it and others have changed all of it meanwhile, it may be sent again:
    /// that leaves what it should, whatever became of this try.
    fn leads_to(&self, error: &ApiError) -> Effect {
        match self.effect {
            Effect::Unknown if self.live.is_some() && error.is_refusal() => Effect::None,
            effect => effect,
        }
    }

    /// What is known of the call for good. Sending one again that may still arrive does no harm, counting on it not to would:
    /// only one that stands as a whole is settled, since a part of it can be somebody else's.
    fn settles(&self, late: bool) -> Effect {
        if late && !self.whole {
            Effect::Unknown
        } else {
            self.effect
        }
    }
}

/// What a failed call that shows no effect, or nothing at all, leads to.
#[derive(Debug, PartialEq, Eq)]
enum Decision {
    Cut(usize),
    Again,
    Refused,
    Fail,
}

impl BatchSender<'_> {
    /// Takes note that a call is about to be sent.
    pub(super) fn begin(&mut self, call: &WriteBatch) -> Result<Attempt, JournalError> {
        let timeout = self.reader.request_timeout();
        let began = self.journal.write_begins(call, self.live_sha256, timeout)?;
        let before = Arc::clone(&self.before);
        Ok(Attempt { began, before })
    }

    /// Takes note that a call took effect.
    pub(super) fn took_effect(&mut self, done: &Attempt, call: &WriteBatch) -> AttemptResult {
        self.tries.took_effect(call);
        match self.journal.write_ends(done.began, Effect::Some) {
            Ok(()) => AttemptResult::Done,
            Err(error) => AttemptResult::DoneUnrecorded(error),
        }
    }

    /// Finds out what became of a call that failed, and tries it again as far as that may help, but only after a read has
    /// not shown that it took effect. No other call may be under way: a read in which something moves settles nothing.
    /// A part of a refused call is not tried again as long as it can be halved. A link that a read in between does not find
    /// is new from then on.
    ///
    /// No answer is believed: what stands before the shop may have sent the request twice, and tell of the second try alone.
    /// A read that shows nothing may come from a replica. So a try stays unclear until the last read of the run, and before
    /// one is given up it is looked for as long as reads may lag behind.
    pub(super) async fn recover(
        &mut self,
        part: &mut Batch,
        mut tried: Attempt,
        mut error: ApiError,
        may_try: bool,
    ) -> AttemptResult {
        let Batch {
            call, suspect, late, ..
        } = part;
        let mut retries = self.writer.retries();
        loop {
            let answered = Instant::now();
            *late |= error.may_take_effect_later();
            let mut seen = match self.first_look(call, &tried, &error, *late).await {
                Ok(seen) => seen,
                Err(error) => return failed(StopCause::Journal(error), None, Effect::Unknown, *late),
            };
            if let Some(live) = &seen.live {
                renew(call, live);
            }
            if seen.whole {
                tracing::warn!(%error, "the write took effect whatever the answer says");
                return self.took_effect(&tried, call);
            }
            let mut next = next(&error, seen.leads_to(&error), *late, call.len(), *suspect);
            if next == Decision::Again {
                match retries.pause_after(&error) {
                    Some(pause) if may_try && self.wait(pause, &error).await => {
                        tried = match self.begin(call) {
                            Ok(begun) => begun,
                            Err(error) => {
                                let effect = seen.settles(*late);
                                return failed(StopCause::Journal(error), seen.live, effect, *late);
                            }
                        };
                        error = match self.writer.send(call).await {
                            Ok(()) => return self.took_effect(&tried, call),
                            Err(error) => error,
                        };
                        continue;
                    }
                    None if error.is_refusal() && !*late => next = Decision::Refused,
                    Some(_) | None => next = Decision::Fail,
                }
            }
            let gives_up = next == Decision::Fail || (next == Decision::Refused && call.len() == 1);
            let until = answered + self.reader.consistency();
            if gives_up && seen.effect == Effect::None && !error.never_sent() && Instant::now() < until {
                seen = self.look(call, &tried, until).await;
                if seen.whole {
                    return self.took_effect(&tried, call);
                }
                if seen.effect != Effect::None {
                    next = Decision::Fail;
                }
            }
            return match next {
                Decision::Cut(limit) => AttemptResult::TooLong { limit },
                Decision::Refused => AttemptResult::Refused(Box::new(error), seen.live),
                Decision::Again | Decision::Fail => {
                    let effect = seen.settles(*late);
                    failed(StopCause::Api(Box::new(error)), seen.live, effect, *late)
                }
            };
        }
    }

    /// Looks once. What was never sent needs no look, and what is to be cut is sent again in parts, whatever became of it.
    async fn first_look(
        &mut self,
        call: &WriteBatch,
        tried: &Attempt,
        error: &ApiError,
        late: bool,
    ) -> Result<Observation, JournalError> {
        if error.never_sent() {
            self.journal.write_ends(tried.began, Effect::None)?;
            return Ok(Observation::nothing(Effect::None));
        }
        self.tries.is_unclear(tried.began, call, &tried.before, late);
        if late {
            // It may arrive when another try has succeeded, and nobody looks any more.
            self.journal.write_ends(tried.began, Effect::Unknown)?;
        } else {
            self.journal.write_answered(tried.began)?;
        }
        if error.batch_limit(call.len()).is_some() {
            return Ok(Observation::nothing(Effect::None));
        }
        Ok(self.look(call, tried, Instant::now()).await)
    }

    /// Finds out what became of a call that failed; looks again until that moment as long as nothing shows of it. A doubtful
    /// read settles nothing, nor do several pages that say one thing and then another: a link that they do not list may stand.
    async fn look(&mut self, call: &WriteBatch, tried: &Attempt, until: Instant) -> Observation {
        let shows = |live: &LiveState| effect(call, &tried.before, live, |_, _| true);
        let is_behind = |live: &LiveState| {
            let is_over = Instant::now() >= until || self.cancel.is_cancelled();
            !is_over && shows(live) == Effect::None
        };
        let read = || self.reader.fetch_verified();
        let live = read_until(self.reader, read, is_behind).await.ok();
        let Some(live) = live.filter(|live| live.issues.is_empty()).map(Arc::new) else {
            return Observation::nothing(Effect::Unknown);
        };
        self.before = Arc::clone(&live);
        Observation {
            effect: shows(&live),
            whole: is_carried_out(call, &live),
            live: Some(live),
        }
    }

    /// Waits before another try; an interrupt ends the wait, and there is no other try.
    async fn wait(&self, pause: Duration, error: &ApiError) -> bool {
        tracing::warn!(%error, ?pause, "the write had no effect; trying again");
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }
}

fn failed(cause: StopCause, live: Option<Arc<LiveState>>, effect: Effect, late: bool) -> AttemptResult {
    AttemptResult::Failed(Failed {
        cause,
        live,
        effect,
        late,
    })
}

/// What comes of a call that was not sent, since the journal could not take note of it. Of one that is a part of a call that
/// may still arrive, that is not known.
pub(super) fn not_begun(error: JournalError, late: bool) -> AttemptResult {
    if late {
        failed(StopCause::Journal(error), None, Effect::Unknown, late)
    } else {
        AttemptResult::NotBegun(error)
    }
}

/// What to do about a call of `links` links that failed.
fn next(error: &ApiError, effect: Effect, late: bool, links: usize, is_part: bool) -> Decision {
    if effect != Effect::None {
        return Decision::Fail;
    }
    if let Some(limit) = error.batch_limit(links) {
        return Decision::Cut(limit);
    }
    let is_refusal = error.is_refusal() && !late;
    let can_be_halved = is_part && links > 1;
    match error.may_retry_write() {
        true if is_refusal && can_be_halved => Decision::Refused,
        true => Decision::Again,
        false if is_refusal => Decision::Refused,
        false => Decision::Fail,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Decision, Effect, Observation, next};
    use crate::commerce::{ApiError, ErrorKind, FieldError};

    fn error(failure: ErrorKind) -> ApiError {
        let method = "POST".parse().expect("it is a method");
        ApiError::new(method, "/rest/all/V1/x".to_owned(), failure)
    }

    fn refused(status: u16, parameters: Value, errors: Vec<FieldError>) -> ApiError {
        error(ErrorKind::Refused {
            status,
            message: "no".to_owned(),
            parameters,
            errors,
            retry_after: None,
        })
    }

    fn page(status: u16) -> ApiError {
        error(ErrorKind::NotTheApi {
            status,
            media_type: "text/html".to_owned(),
            title: None,
            text: None,
            retry_after: None,
        })
    }

    #[test]
    fn what_a_failure_without_effect_leads_to() {
        let masked = || refused(400, Value::Null, Vec::new());
        let invalid = || {
            let message = "\"priority\" should be greater then 0.".to_owned();
            let entry = FieldError {
                message,
                parameters: Value::Null,
            };
            refused(400, Value::Null, vec![entry])
        };
        let too_many = || refused(400, json!({ "max": 20 }), Vec::new());
        let unsigned = || refused(401, json!({ "resources": "x" }), Vec::new());
        for (error, whole, part, single) in [
            (masked(), Decision::Again, Decision::Refused, Decision::Again),
            (invalid(), Decision::Refused, Decision::Refused, Decision::Refused),
            (too_many(), Decision::Cut(20), Decision::Cut(20), Decision::Fail),
            (page(413), Decision::Cut(20), Decision::Cut(20), Decision::Fail),
            (page(503), Decision::Again, Decision::Again, Decision::Again),
            (page(200), Decision::Fail, Decision::Fail, Decision::Fail),
            (unsigned(), Decision::Fail, Decision::Fail, Decision::Fail),
        ] {
            let of = |links, is_part| next(&error, Effect::None, false, links, is_part);
            assert_eq!(
                [of(40, false), of(40, true), of(1, true)],
                [whole, part, single],
                "{error}"
            );
            for effect in [Effect::Some, Effect::Unknown] {
                assert_eq!(next(&error, effect, false, 40, false), Decision::Fail, "{error}");
            }
        }
    }

    /// A refusal of the second try says nothing of the first one, which may still arrive.
    #[test]
    fn a_call_that_may_still_arrive_is_not_taken_for_refused() {
        let masked = refused(400, Value::Null, Vec::new());
        assert_eq!(next(&masked, Effect::None, true, 40, true), Decision::Again);
        let unclear = refused(400, json!({ "field": "x" }), Vec::new());
        assert_eq!(next(&unclear, Effect::None, true, 40, true), Decision::Fail);
    }

    /// A part of a call that stands is somebody else's, since the server carries a call out as a whole or not at all.
    #[test]
    fn a_call_that_may_still_arrive_is_settled_only_when_all_of_it_stands() {
        let seen = |effect, whole| Observation {
            live: None,
            effect,
            whole,
        };
        for (effect, whole, late, settled) in [
            (Effect::None, false, false, Effect::None),
            (Effect::Some, false, false, Effect::Some),
            (Effect::Some, true, true, Effect::Some),
            (Effect::Some, false, true, Effect::Unknown),
            (Effect::None, false, true, Effect::Unknown),
            (Effect::Unknown, false, false, Effect::Unknown),
        ] {
            assert_eq!(
                seen(effect, whole).settles(late),
                settled,
                "{effect:?} {whole} {late}"
            );
        }
    }
}
