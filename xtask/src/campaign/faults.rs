//! The faults that a command meets: drawn rates, spoilt writes and hooks, and the moment at which it is interrupted.

use commerce_sandbox::chaos::{Cue, Fault, Rates, Schedule};
use fastrand::Rng;

use crate::campaign::script::{Command, Interrupt, Signal};

pub fn schedule(rng: &mut Rng) -> Schedule {
    let rates = match rng.u8(0..10) {
        0 => Rates::default(),
        1..=4 => one_rate(rng),
        5..=7 => all_rates(rng, 0.04),
        _ => all_rates(rng, 0.12),
    };
    let rates = Rates {
        // There are few further pages.
        shifted_page: if rng.u8(0..3) == 0 {
            rng.f64()
        } else {
            rates.shifted_page
        },
        ..rates
    };
    Schedule {
        seed: rng.u64(..),
        rates,
        faults: (rng.u8(0..4) > 0).then(|| rng.u64(1..=12)),
        in_a_row: (rng.u8(0..3) > 0).then(|| rng.u64(1..=3)),
        at: spoilt_hook(rng).into_iter().collect(),
    }
}

/// Faults of the writes, of which there are few among all requests: one, or several in a row.
pub fn spoil_writes(rng: &mut Rng, is_wide: bool, schedule: &mut Schedule) {
    if rng.bool() {
        return;
    }
    let first = nth_write(rng, is_wide);
    let comes_late = rng.u8(0..4) == 0;
    for write in first..=first + rng.u64(0..=4) {
        let status = rng.choice([500, 502, 503, 504]).unwrap_or(500);
        let requests = rng.u64(1..=12);
        let second_try = rng.choice([400, 401, 404, 413, 429]).unwrap_or(401);
        let fault = rng.choice([
            Fault::ErrorAfter { status: second_try },
            Fault::TooManyRequests { retry_after: Some(0) },
            Fault::ErrorBefore { status },
            Fault::ErrorAfter { status },
            Fault::CutBefore,
            Fault::CutAfter,
            Fault::CutBody,
            Fault::CrashBefore,
            Fault::CrashAfter,
            Fault::Maintenance,
            Fault::TokenExpiry,
            Fault::Deadlock,
            Fault::ForeignWrite,
            Fault::IndexRun { requests: 6 },
            Fault::LateCommit { requests },
        ]);
        // What a late write leads to shows when the tries after it fail in another way.
        let fault = if comes_late && write == first {
            Some(Fault::LateCommit { requests: 40 })
        } else {
            fault
        };
        schedule.at.extend(fault.map(|fault| Cue {
            request: None,
            write: Some(write),
            command: None,
            fault,
        }));
    }
}

/// An early write, or, in a wide world, one that may go beside another.
fn nth_write(rng: &mut Rng, is_wide: bool) -> u64 {
    if is_wide && rng.bool() {
        rng.u64(5..=14)
    } else {
        rng.u64(1..=4)
    }
}

/// A fault of the web hook that reindexes.
fn spoilt_hook(rng: &mut Rng) -> Option<Cue> {
    if rng.u8(0..6) > 0 {
        return None;
    }
    let fault = rng.choice([
        Fault::CutBefore,
        Fault::CutAfter,
        Fault::CutBody,
        Fault::ErrorBefore { status: 502 },
        Fault::ErrorAfter { status: 504 },
    ])?;
    Some(Cue {
        request: None,
        write: None,
        command: Some(1),
        fault,
    })
}

fn all_rates(rng: &mut Rng, most: f64) -> Rates {
    let mut rate = || rng.f64() * most;
    Rates {
        latency: rate() / 4.0,
        too_many_requests: rate(),
        error_before: rate(),
        error_after: rate(),
        cut_before: rate(),
        cut_after: rate(),
        cut_body: rate(),
        crash_before: rate(),
        crash_after: rate(),
        maintenance: rate(),
        token_expiry: rate(),
        deadlock: rate(),
        foreign_write: rate(),
        shifted_page: rate(),
        index_run: rate(),
        late_commit: rate(),
    }
}

/// One fault alone, and often.
fn one_rate(rng: &mut Rng) -> Rates {
    let rate = rng.choice([0.15, 0.4, 0.9]).unwrap_or(0.4);
    let mut rates = Rates::default();
    let all = [
        &mut rates.too_many_requests,
        &mut rates.error_before,
        &mut rates.error_after,
        &mut rates.cut_before,
        &mut rates.cut_after,
        &mut rates.cut_body,
        &mut rates.crash_before,
        &mut rates.crash_after,
        &mut rates.maintenance,
        &mut rates.token_expiry,
        &mut rates.deadlock,
        &mut rates.foreign_write,
        &mut rates.shifted_page,
        &mut rates.index_run,
        &mut rates.late_commit,
    ];
    let at = rng.usize(0..all.len());
    *all.into_iter().nth(at).expect("it is in range") = rate;
    rates
}

/// Chooses a moment and what is done then.
pub fn interrupt(rng: &mut Rng, is_wide: bool, command: Command, schedule: &mut Schedule) -> Interrupt {
    if rng.u8(0..3) > 0 {
        return Interrupt::None;
    }
    let fault = if rng.bool() {
        Fault::HoldBefore
    } else {
        Fault::HoldAfter
    };
    let mut cue = Cue {
        request: None,
        write: None,
        command: None,
        fault,
    };
    match rng.u8(0..6) {
        0..=2 if command.writes() => cue.write = Some(nth_write(rng, is_wide)),
        3 if command.writes() || command == Command::Reindex => cue.command = Some(1),
        _ => cue.request = Some(rng.u64(1..=12)),
    }
    schedule.at.push(cue);
    let signal = if rng.bool() {
        Signal::Interrupt
    } else {
        Signal::Terminate
    };
    match rng.u8(0..5) {
        0..=1 => Interrupt::Kill {
            carried_out: rng.bool(),
        },
        2 => Interrupt::TwoSignals,
        _ => Interrupt::Signal(signal),
    }
}
