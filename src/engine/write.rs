//! The writes of a run in order: calls are cut where the server wants less at once, and halved until the links that it
//! refuses are named.

use std::collections::{HashSet, VecDeque};

use super::event::{Event, Observer};
use super::fate::{Fate, Fates};
use super::journal::{Effect, JournalError};
use super::outcome::StopCause;
use super::send::{Failed, Sender, Sent};
use crate::commerce::ApiError;
use crate::model::{LiveState, StockId};
use crate::reconcile::{ApprovedPlan, Call};

/// How many links one request carries: 1,000 cost the server 0.2 s, and its cost grows with the square (recording 08).
const BATCH: usize = 1_000;

/// How many refused links are looked for in a run. Finding one among 1,000 takes up to 20 requests, and where so many
/// are refused it is hardly the links that are at fault.
const MOST_NAMED: usize = 10;

/// How far the writes came.
#[derive(Default)]
pub(super) struct Written {
    /// What became of the links that were sent or held back.
    pub fates: Fates,
    /// What stopped the writes before their end.
    pub stopped_by: Option<StopCause>,
    /// The refusal of the first link that was named.
    pub refusal: Option<Box<ApiError>>,
    /// What was read after the last write, if something was.
    pub settled: Option<LiveState>,
}

/// A call that waits for its turn.
struct Part {
    call: Call,
    /// Whether it is a part of a call that was refused.
    suspect: bool,
    /// Whether it is a part of a call that the server may still be at work on.
    late: bool,
}

impl Part {
    fn whole(call: Call) -> Self {
        Self {
            call,
            suspect: false,
            late: false,
        }
    }
}

/// The writes under way.
struct Writes<'a> {
    sender: Sender<'a>,
    keep_going: bool,
    queue: VecDeque<Part>,
    /// Stocks of which a save was refused: none of their links may go.
    unsaved: HashSet<StockId>,
    named: usize,
    written: Written,
}

/// Sends the calls in order. A call that the shop refuses is sent again in halves, until each link that it refuses is
/// known; what comes after that call is sent only to keep going. Any other failure ends the writes. Errors only when
/// nothing was sent.
pub(super) async fn write(
    sender: Sender<'_>,
    approved: &ApprovedPlan,
    keep_going: bool,
    observer: &dyn Observer,
) -> Result<Written, JournalError> {
    let calls = approved.calls(BATCH).into_iter();
    let mut writes = Writes {
        sender,
        keep_going,
        queue: calls.map(Part::whole).collect(),
        unsaved: HashSet::new(),
        named: 0,
        written: Written::default(),
    };
    observer.notice(Event::WritingBegins {
        links: writes.queue.iter().map(|part| part.call.len()).sum(),
    });
    let ended = writes.run(observer).await;
    observer.notice(Event::WritingEnds);
    ended.map(|()| writes.written)
}

impl Writes<'_> {
    async fn run(&mut self, observer: &dyn Observer) -> Result<(), JournalError> {
        while self.written.stopped_by.is_none()
            && let Some(part) = self.queue.pop_front()
        {
            self.written.stopped_by = self.obstacle(&part);
            if self.written.stopped_by.is_some() {
                break;
            }
            let mut part = self.without_the_unsaved(part);
            if part.call.is_empty() {
                continue;
            }
            self.written.settled = None;
            match self.sender.send(&mut part.call, part.suspect, part.late).await {
                Sent::Done => {
                    observer.notice(Event::Written {
                        links: part.call.len(),
                    });
                    self.written.fates.set(&part.call, &Fate::Done);
                }
                Sent::DoneUnrecorded(error) => {
                    self.written.fates.set(&part.call, &Fate::Done);
                    self.written.stopped_by = Some(StopCause::Journal(error));
                }
                Sent::NotBegun(error) if self.written.fates.is_empty() => return Err(error),
                Sent::NotBegun(error) => self.written.stopped_by = Some(StopCause::Journal(error)),
                Sent::TooLong { limit, late } => {
                    part.late = late;
                    self.cut(part, limit);
                }
                Sent::Refused(error, live) => {
                    self.written.settled = live;
                    self.refused(&part.call, error);
                }
                Sent::Failed(failed) => self.failed(&part.call, failed),
            }
        }
        if !self.keep_going && self.written.stopped_by.is_none() {
            self.written.stopped_by = self.written.refusal.clone().map(StopCause::Api);
        }
        Ok(())
    }

    /// A call without the links that must stay, since a save of their stock was refused.
    fn without_the_unsaved(&mut self, part: Part) -> Part {
        if self.unsaved.is_empty() || matches!(part.call, Call::Save(_)) {
            return part;
        }
        let (call, held_back) = part.call.parted(&self.unsaved);
        // What may still arrive is not held back any more.
        if !part.late {
            self.written.fates.set(&held_back, &Fate::HeldBack);
        }
        Part { call, ..part }
    }

    /// What forbids to send a call.
    fn obstacle(&self, part: &Part) -> Option<StopCause> {
        if self.sender.cancel.is_cancelled() {
            return Some(StopCause::Interrupted);
        }
        if self.sender.writer.is_out_of_time() {
            return Some(StopCause::OutOfTime);
        }
        let goes_on = part.suspect || self.keep_going;
        let refusal = self.written.refusal.clone();
        refusal
            .filter(|_| !goes_on || self.named >= MOST_NAMED)
            .map(StopCause::Api)
    }

    /// The server takes fewer links at once: this call and all after it are cut, for the whole run.
    fn cut(&mut self, part: Part, limit: usize) {
        if part.late {
            let (effect, late) = (Effect::Unknown, true);
            self.written.fates.set(&part.call, &Fate::Failed { effect, late });
        }
        self.queue.push_front(part);
        let parts = std::mem::take(&mut self.queue).into_iter();
        self.queue = parts
            .flat_map(|Part { call, suspect, late }| {
                let calls = call.cut(limit).into_iter();
                calls.map(move |call| Part { call, suspect, late })
            })
            .collect();
    }

    /// Names a single link that was refused; several are looked at in halves.
    fn refused(&mut self, call: &Call, error: Box<ApiError>) {
        if call.len() > 1 {
            self.written.fates.set(call, &Fate::Refused { message: None });
            for call in call.halves().into_iter().rev() {
                self.queue.push_front(Part {
                    suspect: true,
                    ..Part::whole(call)
                });
            }
            return;
        }
        let message = Some(error.failure.to_string());
        self.written.fates.set(call, &Fate::Refused { message });
        if let Call::Save(links) = call {
            self.unsaved.extend(links.iter().map(|link| link.stock));
        }
        self.named += 1;
        self.written.refusal.get_or_insert(error);
    }

    fn failed(&mut self, call: &Call, failed: Failed) {
        let Failed {
            cause,
            live,
            effect,
            late,
        } = failed;
        self.written.fates.set(call, &Fate::Failed { effect, late });
        self.written.settled = live;
        self.written.stopped_by = Some(cause);
    }
}
