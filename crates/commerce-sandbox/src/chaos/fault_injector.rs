//! Plays the faults that were decided on: before a request, in its place, and what comes of it later.

use fastrand::Rng;

use super::fault::Fault;
use super::fault_state::{Coming, Decision};
use super::foreign;
use crate::http::answer::{Answer, Delivery};
use crate::http::request::Request;
use crate::index;
use crate::log::{Actor, Logged, look_again, named};
use crate::shop::{Shop, State};
use crate::webapi::api_error::Fault as Refusal;

/// Carries a request out and answers it.
pub type Serve = fn(&mut State, &Request) -> Answer;

/// Does what comes before a request: what is due from earlier ones, then its own faults.
pub fn before(shop: &Shop, state: &mut State, decision: &Decision, serve: Serve) {
    bring_due(shop, state, serve);
    let mut rng = Rng::with_seed(decision.seed);
    for fault in &decision.faults {
        match fault {
            Fault::TokenExpiry => state.sessions.expire(),
            Fault::ForeignLink(link) => shop.record(foreign::write(state, link)),
            Fault::ForeignWrite | Fault::ShiftedPage => {
                let must_shift = matches!(fault, Fault::ShiftedPage);
                if let Some(link) = foreign::choose(&state.store, &mut rng, must_shift) {
                    shop.record(foreign::write(state, &link));
                }
            }
            // A run that is under way already is no other one.
            Fault::IndexRun { requests } if index::begin(&mut state.store).is_ok() => {
                note_index_run(shop, "index/begin", true);
                shop.stage().later(*requests, Coming::IndexRunEnds);
            }
            _ => {}
        }
    }
}

/// Carries a request out, or not, and answers as its faults want it.
pub fn answer(
    shop: &Shop,
    state: &mut State,
    request: &Request,
    decision: &Decision,
    serve: Serve,
) -> Answer {
    let mut logged = Logged {
        request: Some(decision.number),
        method: request.method.clone(),
        path: request.path.clone(),
        query: request.query.clone(),
        links: named(request, &state.store),
        faults: decision.names(),
        ..Logged::default()
    };
    let answer = match decision.shape() {
        None => carry_out(state, request, &mut logged, serve),
        Some(fault) => spoilt(shop, state, request, decision.number, fault, &mut logged, serve),
    };
    logged.status = match answer.delivery {
        Delivery::None => 0,
        Delivery::Whole | Delivery::BrokenOff => answer.status,
    };
    shop.record(logged);
    answer
}

/// Answers a command of the shop's command line as its faults want it: some of them make sense there, others do nothing.
pub fn command(decision: &Decision, run: impl FnOnce() -> Answer) -> Answer {
    match decision.shape() {
        Some(Fault::ErrorBefore { status }) => error(*status),
        Some(Fault::ErrorAfter { status }) => {
            run();
            error(*status)
        }
        Some(Fault::CutBefore) => error(500).delivered(Delivery::None),
        Some(Fault::CutAfter) => run().delivered(Delivery::None),
        Some(Fault::CutBody) => run().delivered(Delivery::BrokenOff),
        _ => run(),
    }
}

/// Writes into the log that an index run which is held open began or ended.
pub fn note_index_run(shop: &Shop, what: &str, done: bool) {
    shop.record(Logged {
        actor: Actor::Operator,
        path: what.to_owned(),
        committed: done,
        ..Logged::default()
    });
}

/// Brings what is due by now.
pub fn bring_due(shop: &Shop, state: &mut State, serve: Serve) {
    let due = shop.stage().due();
    bring(shop, state, due, serve);
}

/// Brings everything that is still to come.
pub fn settle(shop: &Shop, state: &mut State, serve: Serve) {
    let coming = shop.stage().all();
    bring(shop, state, coming, serve);
}

fn bring(shop: &Shop, state: &mut State, coming: Vec<Coming>, serve: Serve) {
    for coming in coming {
        match coming {
            // The shop's own command line may have reset it.
            Coming::IndexRunEnds => {
                let finished = index::finish(&mut state.store);
                note_index_run(shop, "index/finish", finished.is_ok());
            }
            Coming::Commit { number, request } => {
                let mut logged = Logged {
                    request: Some(number),
                    method: request.method.clone(),
                    path: request.path.clone(),
                    query: request.query.clone(),
                    links: named(&request, &state.store),
                    faults: vec!["committed_late"],
                    ..Logged::default()
                };
                carry_out(state, &request, &mut logged, serve);
                shop.record(logged);
            }
        }
    }
}

fn carry_out(state: &mut State, request: &Request, logged: &mut Logged, serve: Serve) -> Answer {
    let answer = serve(state, request);
    look_again(&mut logged.links, &state.store);
    logged.committed = request.method != "GET" && answer.is_success();
    answer
}

fn spoilt(
    shop: &Shop,
    state: &mut State,
    request: &Request,
    number: u64,
    fault: &Fault,
    logged: &mut Logged,
    serve: Serve,
) -> Answer {
    let mut carried = |state: &mut State| carry_out(state, request, logged, serve);
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
        Fault::CrashBefore => Answer::fault(&Refusal::Crash),
        Fault::CrashAfter => {
            carried(state);
            Answer::fault(&Refusal::Crash)
        }
        Fault::Maintenance => Answer::page(503, "Service Temporarily Unavailable"),
        Fault::Deadlock => Answer::fault(&Refusal::refused(400, "Could not save StockSourceLinks")),
        Fault::CutAfter => carried(state).delivered(Delivery::None),
        Fault::CutBody => carried(state).delivered(Delivery::BrokenOff),
        Fault::LateCommit { requests } => {
            let request = Box::new(request.clone());
            shop.stage().later(*requests, Coming::Commit { number, request });
            error(500).delivered(Delivery::None)
        }
        // `CutBefore`; the others do not shape an answer.
        _ => error(500).delivered(Delivery::None),
    }
}

/// An internal error in the shop's words, or a page of the web server before it.
fn error(status: u16) -> Answer {
    match status {
        400 => Answer::fault(&Refusal::refused(400, "Validation Failed")),
        401 => Answer::fault(&Refusal::refused(
            401,
            "The consumer isn't authorized to access %resources.",
        )),
        413 => Answer::web_server(413, "Request Entity Too Large"),
        429 => Answer::web_server(429, "Too Many Requests"),
        502 => Answer::web_server(502, "Bad Gateway"),
        503 => Answer::web_server(503, "Service Temporarily Unavailable"),
        504 => Answer::web_server(504, "Gateway Time-out"),
        500 => Answer::fault(&Refusal::Internal),
        other => Answer::web_server(other, "Server Error"),
    }
}
