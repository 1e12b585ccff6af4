//! A call that failed: settled by reading, and tried again when that is safe.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::journal::{Effect, Journal, JournalError};
use super::outcome::StopCause;
use super::queue::Part;
use super::settle::{effect, is_carried_out, renew};
use crate::commerce::{ApiError, Reader, Writer};
use crate::model::LiveState;
use crate::reconcile::Call;

/// Takes note of the calls of one run, and finds out what became of those that fail.
pub(super) struct Recovery<'a> {
    pub writer: &'a Writer,
    pub reader: &'a Reader,
    pub journal: &'a mut Journal,
    pub cancel: &'a CancellationToken,
    /// The live state that the plan rests on, for the journal.
    pub live_sha256: &'a str,
    /// What stood when it was read last, before any call that begins from now on.
    pub before: Arc<LiveState>,
}

/// A try of a call that the journal has taken note of.
pub(super) struct Try {
    /// When it began, by the journal.
    pub began: Timestamp,
    /// What stood before it.
    before: Arc<LiveState>,
}

/// What came of one call.
pub(super) enum Sent {
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
struct Seen {
    live: Option<Arc<LiveState>>,
    /// What shows of it now.
    effect: Effect,
    /// Whether all of it stands.
    whole: bool,
}

impl Seen {
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
enum Next {
    Cut(usize),
    Again,
    Refused,
    Fail,
}

impl Recovery<'_> {
    /// Takes note that a call is about to be sent.
    pub(super) fn begin(&mut self, call: &Call) -> Result<Try, JournalError> {
        let timeout = self.reader.request_timeout();
        let began = self.journal.write_begins(call, self.live_sha256, timeout)?;
        let before = Arc::clone(&self.before);
        Ok(Try { began, before })
    }

    /// Takes note that a call took effect.
    pub(super) fn took_effect(&mut self, done: &Try) -> Sent {
        match self.journal.write_ends(done.began, Effect::Some) {
            Ok(()) => Sent::Done,
            Err(error) => Sent::DoneUnrecorded(error),
        }
    }

    /// Finds out what became of a call that failed, and tries it again as far as that may help, but only after a read has
    /// shown that it did not take effect. No other call may be under way: a read in which something moves settles nothing.
    /// A part of a refused call is not tried again as long as it can be halved. A link that a read in between does not find
    /// is new from then on.
    pub(super) async fn recover(
        &mut self,
        part: &mut Part,
        mut tried: Try,
        mut error: ApiError,
        may_try: bool,
    ) -> Sent {
        let Part {
            call, suspect, late, ..
        } = part;
        let mut retries = self.writer.retries();
        loop {
            let seen = self.look(call, &tried, &error).await;
            *late |= error.may_take_effect_later();
            if let Some(live) = &seen.live {
                renew(call, live);
            }
            let effect = seen.settles(*late);
            if let Err(error) = self.journal.write_ends(tried.began, effect) {
                return failed(StopCause::Journal(error), seen.live, effect, *late);
            }
            if seen.whole {
                tracing::warn!(%error, "the answer was lost, the write was not");
                return Sent::Done;
            }
            let mut next = next(&error, seen.effect, *late, call.len(), *suspect);
            if next == Next::Again {
                match retries.pause_after(&error) {
                    Some(pause) if may_try && self.wait(pause, &error).await => {
                        tried = match self.begin(call) {
                            Ok(begun) => begun,
                            Err(error) => return not_begun(error, *late),
                        };
                        error = match self.writer.send(call).await {
                            Ok(()) => return self.took_effect(&tried),
                            Err(error) => error,
                        };
                        continue;
                    }
                    None if error.is_refusal() && !*late => next = Next::Refused,
                    Some(_) | None => next = Next::Fail,
                }
            }
            return match next {
                Next::Cut(limit) => Sent::TooLong { limit },
                Next::Refused => Sent::Refused(Box::new(error), seen.live),
                Next::Again | Next::Fail => failed(StopCause::Api(Box::new(error)), seen.live, effect, *late),
            };
        }
    }

    /// Finds out what became of a call that failed. A doubtful read settles nothing, nor do several pages that say one thing
    /// and then another: a link that they do not list may stand.
    async fn look(&mut self, call: &Call, tried: &Try, error: &ApiError) -> Seen {
        if error.had_no_effect() {
            return Seen {
                live: None,
                effect: Effect::None,
                whole: false,
            };
        }
        let live = self.reader.fetch_surely().await.ok();
        let Some(live) = live.filter(|live| live.doubts.is_empty()).map(Arc::new) else {
            return Seen {
                live: None,
                effect: Effect::Unknown,
                whole: false,
            };
        };
        self.before = Arc::clone(&live);
        let effect = match effect(call, &tried.before, &live) {
            // The shop said that it did not, and nothing of it stands: others have changed all of it meanwhile.
            Effect::Unknown if error.is_refusal() => Effect::None,
            effect => effect,
        };
        Seen {
            effect,
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

/// What came of a call that was not sent, since the journal could not take note of it.
pub(super) fn not_begun(error: JournalError, late: bool) -> Sent {
    if late {
        failed(StopCause::Journal(error), None, Effect::Unknown, late)
    } else {
        Sent::NotBegun(error)
    }
}

fn failed(cause: StopCause, live: Option<Arc<LiveState>>, effect: Effect, late: bool) -> Sent {
    Sent::Failed(Failed {
        cause,
        live,
        effect,
        late,
    })
}

/// What to do about a call of `links` links that failed.
fn next(error: &ApiError, effect: Effect, late: bool, links: usize, is_part: bool) -> Next {
    if effect != Effect::None {
        return Next::Fail;
    }
    if let Some(limit) = error.batch_limit(links) {
        return Next::Cut(limit);
    }
    let is_refusal = error.is_refusal() && !late;
    let can_be_halved = is_part && links > 1;
    match error.may_pass() {
        true if is_refusal && can_be_halved => Next::Refused,
        true => Next::Again,
        false if is_refusal => Next::Refused,
        false => Next::Fail,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Effect, Next, Seen, next};
    use crate::commerce::{ApiError, Failure, FieldError};

    fn error(failure: Failure) -> ApiError {
        let method = "POST".parse().expect("it is a method");
        ApiError::new(method, "/rest/all/V1/x".to_owned(), failure)
    }

    fn refused(status: u16, parameters: Value, errors: Vec<FieldError>) -> ApiError {
        error(Failure::Refused {
            status,
            message: "no".to_owned(),
            parameters,
            errors,
            retry_after: None,
        })
    }

    fn page(status: u16) -> ApiError {
        error(Failure::NotTheApi {
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
            (masked(), Next::Again, Next::Refused, Next::Again),
            (invalid(), Next::Refused, Next::Refused, Next::Refused),
            (too_many(), Next::Cut(20), Next::Cut(20), Next::Fail),
            (page(413), Next::Cut(20), Next::Cut(20), Next::Fail),
            (page(503), Next::Again, Next::Again, Next::Again),
            (page(200), Next::Fail, Next::Fail, Next::Fail),
            (unsigned(), Next::Fail, Next::Fail, Next::Fail),
        ] {
            let of = |links, is_part| next(&error, Effect::None, false, links, is_part);
            assert_eq!(
                [of(40, false), of(40, true), of(1, true)],
                [whole, part, single],
                "{error}"
            );
            for effect in [Effect::Some, Effect::Unknown] {
                assert_eq!(next(&error, effect, false, 40, false), Next::Fail, "{error}");
            }
        }
    }

    /// A refusal of the second try says nothing of the first one, which may still arrive.
    #[test]
    fn a_call_that_may_still_arrive_is_not_taken_for_refused() {
        let masked = refused(400, Value::Null, Vec::new());
        assert_eq!(next(&masked, Effect::None, true, 40, true), Next::Again);
        let unclear = refused(400, json!({ "field": "x" }), Vec::new());
        assert_eq!(next(&unclear, Effect::None, true, 40, true), Next::Fail);
    }

    /// A part of a call that stands is somebody else's, since the server carries a call out as a whole or not at all.
    #[test]
    fn a_call_that_may_still_arrive_is_settled_only_when_all_of_it_stands() {
        let seen = |effect, whole| Seen {
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
