//! Injects the faults that were decided: before a request, in place of its answer, and later.

use std::sync::{Mutex, MutexGuard, PoisonError};

use fastrand::Rng;

use super::fault::Fault;
use super::fault_state::{Decision, DelayedEffect, FaultState};
use super::foreign;
use super::schedule::Schedule;
use crate::http::answer::{Answer, Delivery};
use crate::http::request::Request;
use crate::index;
use crate::log::{Actor, Log, Logged, links_named_by, update_links};
use crate::rest::dispatch;
use crate::state::State;

/// Injects faults and logs what happens.
///
/// Its methods lock the faults for a moment only; the caller holds the lock of the shop's state.
#[derive(Debug, Default)]
pub struct FaultInjector {
    state: Mutex<FaultState>,
    /// The shop's log.
    pub log: Log,
}

impl FaultInjector {
    /// Follows a schedule from now on.
    pub fn follow(&self, schedule: Schedule) {
        self.state().follow(schedule);
    }

    /// Counts a request and decides its faults.
    pub fn decide(&self, request: &Request) -> Decision {
        self.state().decide(request)
    }

    /// Counts a command of `bin/magento` and decides its faults.
    pub fn decide_command(&self) -> Decision {
        self.state().decide_command()
    }

    /// Gives the number of effects that are put off.
    pub fn delayed(&self) -> usize {
        self.state().delayed()
    }

    /// Does what comes before a request: the effects that are due, then the request's own faults.
    pub fn before(&self, state: &mut State, decision: &Decision) {
        self.settle_due(state);
        let mut rng = Rng::with_seed(decision.seed);
        for fault in &decision.faults {
            match fault {
                Fault::TokenExpiry => state.sessions.expire(),
                Fault::ForeignLink(link) => self.log.record(foreign::write(state, link)),
                Fault::ForeignWrite | Fault::ShiftedPage => {
                    let must_shift = matches!(fault, Fault::ShiftedPage);
                    if let Some(link) = foreign::choose(&state.store, &mut rng, must_shift) {
                        self.log.record(foreign::write(state, &link));
                    }
                }
                // Nothing begins while another run is under way.
                Fault::IndexRun { requests } if index::begin(&mut state.store).is_ok() => {
                    self.log_index_run("index/begin", true);
                    self.state().delay(*requests, DelayedEffect::IndexRunEnds);
                }
                _ => {}
            }
        }
    }

    /// Answers a request as its faults demand, and logs it.
    pub fn answer(&self, state: &mut State, request: &Request, decision: &Decision) -> Answer {
        let mut logged = Logged {
            request: Some(decision.number),
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            links: links_named_by(request, &state.store),
            faults: decision.names(),
            ..Logged::default()
        };
        let answer = match decision.shape() {
            None => execute(state, request, &mut logged),
            Some(fault) => self.spoilt(state, request, decision.number, fault, &mut logged),
        };
        logged.status = match answer.delivery {
            Delivery::None => 0,
            Delivery::Complete | Delivery::Truncated => answer.status,
        };
        self.log.record(logged);
        answer
    }

    /// Logs that an index run which is held open began or ended.
    pub fn log_index_run(&self, what: &str, done: bool) {
        self.log.record(Logged {
            actor: Actor::Operator,
            path: what.to_owned(),
            committed: done,
            ..Logged::default()
        });
    }

    /// Carries out the effects that are due.
    pub fn settle_due(&self, state: &mut State) {
        let due = self.state().take_due();
        self.carry_out_delayed(state, due);
    }

    /// Carries out all effects that are put off.
    pub fn settle(&self, state: &mut State) {
        let all = self.state().take_all();
        self.carry_out_delayed(state, all);
    }

    fn carry_out_delayed(&self, state: &mut State, effects: Vec<DelayedEffect>) {
        for effect in effects {
            match effect {
                // `bin/magento` may have reset the run meanwhile.
                DelayedEffect::IndexRunEnds => {
                    let finished = index::finish(&mut state.store);
                    self.log_index_run("index/finish", finished.is_ok());
                }
                DelayedEffect::Commit { number, request } => {
                    let mut logged = Logged {
                        request: Some(number),
                        method: request.method.clone(),
                        path: request.path.clone(),
                        query: request.query.clone(),
                        links: links_named_by(&request, &state.store),
                        faults: vec!["committed_late"],
                        ..Logged::default()
                    };
                    execute(state, &request, &mut logged);
                    self.log.record(logged);
                }
            }
        }
    }

    fn spoilt(
        &self,
        state: &mut State,
        request: &Request,
        number: u64,
        fault: &Fault,
        logged: &mut Logged,
    ) -> Answer {
        let mut carried = |state: &mut State| execute(state, request, logged);
        match fault {
            Fault::TooManyRequests { retry_after } => {
                let answer = Answer::web_server(429, "Too Many Requests");
                answer.retry_after(*retry_after)
            }
            Fault::ErrorBefore { status } => error(*status),
            Fault::ErrorAfter { status } => {
                carried(state);
                error(*status)
            }
            Fault::CrashBefore => Answer::crash(state.store.generation.crash),
            Fault::CrashAfter => {
                carried(state);
                Answer::crash(state.store.generation.crash)
            }
            Fault::Maintenance => Answer::page(503, "Service Temporarily Unavailable"),
            Fault::Deadlock => Answer::refused(400, "Could not save StockSourceLinks"),
            Fault::CutAfter => carried(state).delivered(Delivery::None),
            Fault::CutBody => carried(state).delivered(Delivery::Truncated),
            Fault::LateCommit { requests } => {
                let request = Box::new(request.clone());
                self.state()
                    .delay(*requests, DelayedEffect::Commit { number, request });
                error(500).delivered(Delivery::None)
            }
            // `CutBefore`; no other fault shapes an answer.
            _ => error(500).delivered(Delivery::None),
        }
    }

    fn state(&self) -> MutexGuard<'_, FaultState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers a command of `bin/magento` as its faults demand. Faults that make no sense for a command do nothing.
pub fn command(decision: &Decision, run: impl FnOnce() -> Answer) -> Answer {
    match decision.shape() {
        Some(Fault::ErrorBefore { status }) => error(*status),
        Some(Fault::ErrorAfter { status }) => {
            run();
            error(*status)
        }
        Some(Fault::CutBefore) => error(500).delivered(Delivery::None),
        Some(Fault::CutAfter) => run().delivered(Delivery::None),
        Some(Fault::CutBody) => run().delivered(Delivery::Truncated),
        _ => run(),
    }
}

fn execute(state: &mut State, request: &Request, logged: &mut Logged) -> Answer {
    let answer = dispatch::answer(state, request);
    update_links(&mut logged.links, &state.store);
    logged.committed = request.method != "GET" && answer.is_success();
    answer
}

/// Gives an error in the shop's words, or a page of the web server in front of it.
fn error(status: u16) -> Answer {
    match status {
        400 => Answer::refused(400, "Validation Failed"),
        401 => Answer::refused(401, "The consumer isn't authorized to access %resources."),
        413 => Answer::web_server(413, "Request Entity Too Large"),
        429 => Answer::web_server(429, "Too Many Requests"),
        502 => Answer::web_server(502, "Bad Gateway"),
        503 => Answer::web_server(503, "Service Temporarily Unavailable"),
        504 => Answer::web_server(504, "Gateway Time-out"),
        500 => Answer::internal(),
        other => Answer::web_server(other, "Server Error"),
    }
}
