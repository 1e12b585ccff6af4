//! The writes of a run: calls go in turn, one or two at a time; they are cut where the server wants less at once, and halved
//! until the links that it refuses are named.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::attempts::Attempts;
use super::queue::{Batch, Queue};
use super::retry::{Attempt, AttemptResult, BatchSender, Failed, not_begun};
use super::write_result::{LinkResult, LinkResults};
use crate::commerce::ApiError;
use crate::model::{LiveState, StockId};
use crate::reconcile::{ApprovedPlan, WriteBatch};
use crate::run::event::{Event, Observer};
use crate::run::journal::JournalError;
use crate::run::outcome::StopCause;

/// How many links one request carries: 1,000 cost the server 0.2 s, and its cost grows with the square (recording 08).
const BATCH: usize = 1_000;

/// How many refused links are looked for in a run. Finding one among 1,000 takes up to 20 requests, and where so many
/// are refused it is hardly the links that are at fault.
const MOST_NAMED: usize = 10;

/// How far the writes came.
#[derive(Default)]
pub(super) struct Written {
    /// What became of the links that were sent or held back.
    pub fates: LinkResults,
    /// What stopped the writes before their end.
    pub stopped_by: Option<StopCause>,
    /// The refusal of the first link that was named.
    pub refusal: Option<Box<ApiError>>,
    /// What was read after the last write, if something was.
    pub settled: Option<Arc<LiveState>>,
    /// What was tried.
    pub tries: Attempts,
}

/// The writes under way.
struct Writes<'a> {
    recovery: BatchSender<'a>,
    keep_going: bool,
    queue: Queue,
    /// Stocks of which a save was refused: none of their links may go.
    unsaved: HashSet<StockId>,
    named: usize,
    written: Written,
}

/// Sends the calls in turn. When one fails, the one beside it is waited for; from then on one goes after another, unless it
/// was only too large. A call that the shop refuses is sent again in halves, until each link that it refuses is known; what
/// comes after that call is sent only to keep going. Any other failure ends the writes. Errors only when nothing was sent.
pub(super) async fn write(
    recovery: BatchSender<'_>,
    approved: &ApprovedPlan,
    keep_going: bool,
    observer: &dyn Observer,
) -> Result<Written, JournalError> {
    let mut writes = Writes {
        recovery,
        keep_going,
        queue: Queue::new(approved.batches(BATCH)),
        unsaved: HashSet::new(),
        named: 0,
        written: Written::default(),
    };
    observer.notice(Event::WritingBegins {
        links: writes.queue.links(),
    });
    let ended = writes.run(observer).await;
    observer.notice(Event::WritingEnds);
    ended.map(|()| Written {
        tries: writes.recovery.tries,
        ..writes.written
    })
}

impl Writes<'_> {
    async fn run(&mut self, observer: &dyn Observer) -> Result<(), JournalError> {
        let writer = self.recovery.writer;
        let send = async |part: Batch, begun: Attempt| {
            let answer = writer.send(&part.call).await;
            (part, begun, answer)
        };
        let mut under_way = FuturesUnordered::new();
        let mut failed: Vec<(Batch, Attempt, ApiError)> = Vec::new();
        loop {
            while failed.is_empty()
                && let Some(part) = self.next()
            {
                match self.recovery.begin(&part.call) {
                    Ok(begun) => under_way.push(send(part, begun)),
                    Err(error) => {
                        self.queue.ends(&part);
                        let sent = not_begun(error, part.late);
                        self.take_note(part, sent, observer);
                    }
                }
            }
            match under_way.next().await {
                Some((part, tried, answer)) => {
                    self.queue.ends(&part);
                    match answer {
                        Ok(()) => {
                            self.queue.goes_well();
                            let sent = self.recovery.took_effect(&tried, &part.call);
                            self.take_note(part, sent, observer);
                        }
                        Err(error) => {
                            if error.batch_limit(part.call.len()).is_none() {
                                self.queue.slow_down();
                            }
                            failed.push((part, tried, error));
                        }
                    }
                }
                None if failed.is_empty() => break,
                None => {
                    failed.sort_by_key(|(_, tried, _)| tried.began);
                    for (part, tried, error) in failed.drain(..) {
                        self.recover(part, tried, error, observer).await;
                    }
                }
            }
        }
        let nothing_was_sent = self.written.fates.is_empty();
        match self.written.stopped_by.take() {
            Some(StopCause::Journal(error)) if nothing_was_sent => return Err(error),
            None if !self.keep_going => {
                self.written.stopped_by = self.written.refusal.clone().map(StopCause::Api);
            }
            stopped_by => self.written.stopped_by = stopped_by,
        }
        Ok(())
    }

    /// Settles a call that failed; no other is under way.
    async fn recover(&mut self, mut part: Batch, tried: Attempt, error: ApiError, observer: &dyn Observer) {
        let may_try = self.written.stopped_by.is_none() && self.obstacle(&part).is_none();
        let sent = self.recovery.recover(&mut part, tried, error, may_try).await;
        if part.late {
            self.queue.slow_down();
        }
        self.take_note(part, sent, observer);
    }

    fn take_note(&mut self, part: Batch, sent: AttemptResult, observer: &dyn Observer) {
        self.written.settled = None;
        match sent {
            AttemptResult::Done => {
                observer.notice(Event::Written {
                    links: part.call.len(),
                });
                self.written.fates.set(&part.call, &LinkResult::Done);
            }
            AttemptResult::DoneUnrecorded(error) => {
                self.written.fates.set(&part.call, &LinkResult::Done);
                self.stop(StopCause::Journal(error));
            }
            AttemptResult::NotBegun(error) => self.stop(StopCause::Journal(error)),
            AttemptResult::TooLong { limit } => self.cut(part, limit),
            AttemptResult::Refused(error, live) => {
                self.written.settled = live;
                self.refused(&part.call, error);
            }
            AttemptResult::Failed(failed) => self.failed(&part.call, failed),
        }
    }

    /// Nothing more is sent; the first cause counts.
    fn stop(&mut self, cause: StopCause) {
        self.written.stopped_by.get_or_insert(cause);
    }

    /// The next call that may be sent now.
    fn next(&mut self) -> Option<Batch> {
        while self.written.stopped_by.is_none() {
            let mut part = self.queue.next()?;
            self.written.stopped_by = self.obstacle(&part);
            if self.written.stopped_by.is_none() {
                self.hold_back_the_unsaved(&mut part);
                if !part.call.is_empty() {
                    return Some(part);
                }
            }
            self.queue.ends(&part);
        }
        None
    }

    /// Leaves out the links that must stay, since a save of their stock was refused.
    fn hold_back_the_unsaved(&mut self, part: &mut Batch) {
        if self.unsaved.is_empty() || matches!(part.call, WriteBatch::Save(_)) {
            return;
        }
        let held_back = part.call.take_out(&self.unsaved);
        // What may still arrive is not held back any more.
        if !part.late {
            self.written.fates.set(&held_back, &LinkResult::HeldBack);
        }
    }

    /// What forbids to send a call.
    fn obstacle(&self, part: &Batch) -> Option<StopCause> {
        if self.recovery.cancel.is_cancelled() {
            return Some(StopCause::Interrupted);
        }
        if self.recovery.writer.is_out_of_time() {
            return Some(StopCause::OutOfTime);
        }
        let goes_on = part.suspect || self.keep_going;
        let refusal = self.written.refusal.clone();
        refusal
            .filter(|_| !goes_on || self.named >= MOST_NAMED)
            .map(StopCause::Api)
    }

    /// The server takes fewer links at once: this call and all after it are cut, for the whole run.
    fn cut(&mut self, part: Batch, limit: usize) {
        self.written
            .fates
            .set(&part.call, &LinkResult::Cut { late: part.late });
        self.queue.cut(part, limit);
    }

    /// Names a single link that was refused; several are looked at in halves.
    fn refused(&mut self, call: &WriteBatch, error: Box<ApiError>) {
        if call.len() > 1 {
            self.written
                .fates
                .set(call, &LinkResult::Refused { message: None });
            self.queue.halve(call);
            return;
        }
        let message = Some(error.kind.to_string());
        self.written.fates.set(call, &LinkResult::Refused { message });
        if let WriteBatch::Save(links) = call {
            self.unsaved.extend(links.iter().map(|link| link.stock));
        }
        self.named += 1;
        self.written.refusal.get_or_insert(error);
    }

    fn failed(&mut self, call: &WriteBatch, failed: Failed) {
        let Failed {
            cause,
            live,
            effect,
            late,
        } = failed;
        self.written.fates.set(call, &LinkResult::Failed { effect, late });
        self.written.settled = live;
        self.stop(cause);
    }
}
