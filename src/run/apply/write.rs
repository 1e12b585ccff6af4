//! Sends the write batches in turn, one or two at a time. It splits those that are too large for the server, and halves a
//! refused one until the refused links are named.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::attempts::Attempts;
use super::outcome::StopCause;
use super::queue::{Batch, Queue};
use super::retry::{Attempt, AttemptResult, BatchSender, Then, not_sent};
use super::write_result::{LinkResult, LinkResults};
use crate::commerce::ApiError;
use crate::model::{LiveState, StockId};
use crate::reconcile::{ApprovedPlan, WriteBatch};
use crate::run::event::{Event, Observer};
use crate::run::journal::JournalError;

/// The most links of one request: 1,000 take the server 0.2 s, and the time grows with the square (recording 08).
const BATCH: usize = 1_000;

/// The most refused links that are named in a run. Finding one among 1,000 takes up to 20 requests, and where so many are
/// refused, the links are hardly the cause.
const MOST_NAMED: usize = 10;

const HELD_BACK: &str = "held back, since the shop refused a link of the same stock";

/// The state of the writes when they ended.
#[derive(Default)]
pub(super) struct Written {
    /// The results of the links that were sent or held back.
    pub results: LinkResults,
    /// The cause when the writes ended early.
    pub stopped_by: Option<StopCause>,
    /// The refusal of the first link that was named.
    pub refusal: Option<Box<ApiError>>,
    /// The read after the last write, if there was one.
    pub last_read: Option<Arc<LiveState>>,
    /// The attempts of which the result is still unknown, and the links that were written.
    pub attempts: Attempts,
}

/// The writes under way.
struct Writes<'a> {
    sender: BatchSender<'a>,
    keep_going: bool,
    queue: Queue,
    /// Stocks of which a save was refused: none of their links may be deleted.
    unsaved: HashSet<StockId>,
    named: usize,
    written: Written,
}

/// Sends the batches in turn. When one fails, the run waits for the one beside it; from then on it sends one after
/// another, unless the batch was only too large. A refused batch is sent again in halves until each refused link is known;
/// the batches after it are sent only with `keep_going`. Any other failure ends the writes. Errors only when nothing was
/// sent.
pub(super) async fn write(
    sender: BatchSender<'_>,
    approved: &ApprovedPlan,
    keep_going: bool,
    observer: &dyn Observer,
) -> Result<Written, JournalError> {
    let mut writes = Writes {
        sender,
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
        attempts: writes.sender.attempts,
        ..writes.written
    })
}

impl Writes<'_> {
    async fn run(&mut self, observer: &dyn Observer) -> Result<(), JournalError> {
        let writer = self.sender.writer;
        let send = async |batch: Batch, attempt: Attempt| {
            let answer = writer.send(&batch.links).await;
            (batch, attempt, answer)
        };
        let mut under_way = FuturesUnordered::new();
        let mut failed: Vec<(Batch, Attempt, ApiError)> = Vec::new();
        loop {
            while failed.is_empty()
                && let Some(batch) = self.next()
            {
                match self.sender.begin(&batch.links) {
                    Ok(attempt) => under_way.push(send(batch, attempt)),
                    Err(error) => {
                        self.queue.ends(&batch);
                        let result = not_sent(error, batch.in_doubt);
                        self.take_note(batch, result, observer);
                    }
                }
            }
            match under_way.next().await {
                Some((batch, attempt, answer)) => {
                    self.queue.ends(&batch);
                    match answer {
                        Ok(()) => {
                            self.queue.goes_well();
                            let result = self.sender.took_effect(&attempt, &batch.links);
                            self.take_note(batch, result, observer);
                        }
                        Err(error) => {
                            if error.batch_limit(batch.links.len()).is_none() {
                                self.queue.slow_down();
                            }
                            failed.push((batch, attempt, error));
                        }
                    }
                }
                None if failed.is_empty() => break,
                None => {
                    failed.sort_by_key(|(_, attempt, _)| attempt.began);
                    for (batch, attempt, error) in failed.drain(..) {
                        self.retry(batch, attempt, error, observer).await;
                    }
                }
            }
        }
        let nothing_was_sent = self.written.results.is_empty();
        match self.written.stopped_by.take() {
            Some(StopCause::Journal(error)) if nothing_was_sent => return Err(error),
            None if !self.keep_going => {
                self.written.stopped_by = self.written.refusal.clone().map(StopCause::Api);
            }
            stopped_by => self.written.stopped_by = stopped_by,
        }
        Ok(())
    }

    /// Verifies and retries a batch that failed; no other is under way.
    async fn retry(&mut self, mut batch: Batch, attempt: Attempt, error: ApiError, observer: &dyn Observer) {
        let may_retry = self.written.stopped_by.is_none() && self.obstacle(&batch).is_none();
        let result = self.sender.retry(&mut batch, attempt, error, may_retry).await;
        if batch.in_doubt {
            self.queue.slow_down();
        }
        self.take_note(batch, result, observer);
    }

    fn take_note(&mut self, batch: Batch, result: AttemptResult, observer: &dyn Observer) {
        self.written.last_read = result.read;
        if let Some(link) = &result.link {
            self.written.results.set(&batch.links, link);
        }
        match result.then {
            Then::Continue => observer.notice(Event::Written {
                links: batch.links.len(),
            }),
            Then::Split { limit } => self.queue.split(batch, limit),
            Then::Narrow(error) => self.refused(&batch.links, error),
            Then::Stop(cause) => self.stop(cause),
        }
    }

    /// Sends no more batches; the first cause counts.
    fn stop(&mut self, cause: StopCause) {
        self.written.stopped_by.get_or_insert(cause);
    }

    /// The next batch that may be sent now.
    fn next(&mut self) -> Option<Batch> {
        while self.written.stopped_by.is_none() {
            let mut batch = self.queue.next()?;
            self.written.stopped_by = self.obstacle(&batch);
            if self.written.stopped_by.is_none() {
                self.hold_back_the_unsaved(&mut batch);
                if !batch.links.is_empty() {
                    return Some(batch);
                }
            }
            self.queue.ends(&batch);
        }
        None
    }

    /// Leaves out the links that must stay, since a save of their stock was refused.
    fn hold_back_the_unsaved(&mut self, batch: &mut Batch) {
        if self.unsaved.is_empty() || matches!(batch.links, WriteBatch::Save(_)) {
            return;
        }
        let held_back = batch.links.take_out(&self.unsaved);
        // The server may still delete the links of a batch in doubt: those are not held back any more.
        if !batch.in_doubt {
            let result = LinkResult::not_tried(HELD_BACK.to_owned());
            self.written.results.set(&held_back, &result);
        }
    }

    /// The reason not to send a batch, if there is one.
    fn obstacle(&self, batch: &Batch) -> Option<StopCause> {
        if self.sender.cancel.is_cancelled() {
            return Some(StopCause::Interrupted);
        }
        if self.sender.writer.is_out_of_time() {
            return Some(StopCause::OutOfTime);
        }
        let goes_on = batch.is_refused_part || self.keep_going;
        let refusal = self.written.refusal.clone();
        refusal
            .filter(|_| !goes_on || self.named >= MOST_NAMED)
            .map(StopCause::Api)
    }

    /// Names a single link that was refused; halves a batch of several.
    fn refused(&mut self, batch: &WriteBatch, error: Box<ApiError>) {
        if batch.len() > 1 {
            self.queue.halve(batch);
            return;
        }
        if let WriteBatch::Save(links) = batch {
            self.unsaved.extend(links.iter().map(|link| link.stock));
        }
        self.named += 1;
        self.written.refusal.get_or_insert(error);
    }
}
