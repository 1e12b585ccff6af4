//! What happens to a world: commands one after the other, the faults that each meets, and who interrupts them.

use fastrand::Rng;
use stocktake::sandbox::chaos::{Cue, Fault, Rates, Schedule};

use crate::world::World;

/// One command with its faults.
#[derive(Debug, Clone)]
pub struct Step {
    /// What is run.
    pub command: Command,
    /// The arguments.
    pub arguments: Vec<String>,
    /// The faults that it meets.
    pub schedule: Schedule,
    /// What is done when a request of it is held.
    pub interrupt: Interrupt,
    /// Whether late writes and index runs come to their end before the next command.
    pub settles: bool,
}

/// The commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// `plan`
    Plan,
    /// `apply`
    Apply,
    /// `reindex`
    Reindex,
    /// `status`
    Status,
    /// `drift`
    Drift,
}

/// What is done when a request is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupt {
    /// Nothing: it is let go.
    None,
    /// kill -9; whether the server then carries the request out.
    Kill {
        /// It does.
        carried_out: bool,
    },
    /// One signal, then the request is let go.
    Signal(Signal),
    /// Both signals, one right after the other.
    Twice,
}

/// A signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Signal {
    /// Its name for `kill`.
    pub fn flag(self) -> &'static str {
        match self {
            Self::Interrupt => "-INT",
            Self::Terminate => "-TERM",
        }
    }

    /// The exit code that stands for it.
    pub fn exit(self) -> i32 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

impl Command {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Reindex => "reindex",
            Self::Status => "status",
            Self::Drift => "drift",
        }
    }
}

impl Step {
    /// A command that nothing disturbs.
    pub fn quiet(command: Command, arguments: Vec<String>) -> Self {
        Self {
            command,
            arguments,
            schedule: Schedule::default(),
            interrupt: Interrupt::None,
            settles: true,
        }
    }

    /// Whether it compares the index with the links.
    pub fn proves_the_index(&self) -> bool {
        self.arguments.iter().any(|argument| argument == "index")
    }

    fn new(rng: &mut Rng, world: &World) -> Self {
        let command = match rng.u8(0..11) {
            0 => Command::Plan,
            1 => Command::Reindex,
            2 => Command::Status,
            3 => Command::Drift,
            _ => Command::Apply,
        };
        let arguments = match command {
            Command::Plan => plan(world, rng),
            Command::Apply => flags(rng, apply(&world.allowances)),
            Command::Drift => flags(rng, Vec::new()),
            Command::Reindex | Command::Status => Vec::new(),
        };
        Self::with(rng, command, arguments)
    }

    fn with(rng: &mut Rng, command: Command, arguments: Vec<String>) -> Self {
        let mut schedule = schedule(rng);
        if command == Command::Apply {
            spoil_writes(rng, &mut schedule);
        }
        let interrupt = interrupt(rng, command, &mut schedule);
        Self {
            command,
            arguments,
            schedule,
            interrupt,
            settles: rng.u8(0..3) > 0,
        }
    }
}

/// The name of a saved plan.
pub const SAVED: &str = "plan.json";

/// The commands of a day; now and then the first one saves a plan, and the last one applies it.
pub fn day(rng: &mut Rng, world: &World) -> Vec<Step> {
    let mut day: Vec<Step> = (0..rng.usize(1..=3)).map(|_| Step::new(rng, world)).collect();
    if rng.u8(0..4) == 0 {
        let mut save = plan(world, rng);
        save.extend(["--out".to_owned(), SAVED.to_owned()]);
        let saved = vec![SAVED.to_owned(), "--yes".to_owned()];
        let saved = flags(rng, saved);
        // The other way round they would have nothing to do with each other.
        day.truncate(rng.usize(0..=1));
        day.insert(0, Step::with(rng, Command::Plan, save));
        day.push(Step::with(rng, Command::Apply, saved));
    }
    day
}

/// Adds flags of an apply or a drift.
fn flags(rng: &mut Rng, mut arguments: Vec<String>) -> Vec<String> {
    if rng.u8(0..3) == 0 && arguments.iter().any(|argument| argument == "--yes") {
        arguments.push("--keep-going".to_owned());
    }
    if rng.u8(0..3) == 0 {
        arguments.extend(["--prove".to_owned(), "index".to_owned()]);
    }
    arguments
}

/// The arguments of an apply that asks nobody.
pub fn apply(allowances: &[String]) -> Vec<String> {
    let mut arguments = vec!["--yes".to_owned()];
    for allowance in allowances {
        arguments.extend(["--allow".to_owned(), allowance.clone()]);
    }
    arguments
}

fn plan(world: &World, rng: &mut Rng) -> Vec<String> {
    let mut arguments = apply(&world.allowances).split_off(1);
    if rng.bool() {
        arguments.push("--detailed-exitcode".to_owned());
    }
    arguments
}

fn schedule(rng: &mut Rng) -> Schedule {
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
fn spoil_writes(rng: &mut Rng, schedule: &mut Schedule) {
    if rng.bool() {
        return;
    }
    let first = rng.u64(1..=3);
    let comes_late = rng.u8(0..4) == 0;
    for write in first..=first + rng.u64(0..=4) {
        let status = rng.choice([500, 502, 503, 504]).unwrap_or(500);
        let requests = rng.u64(1..=12);
        let fault = rng.choice([
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
fn interrupt(rng: &mut Rng, command: Command, schedule: &mut Schedule) -> Interrupt {
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
        0..=2 if command == Command::Apply => cue.write = Some(rng.u64(1..=4)),
        3 if matches!(command, Command::Apply | Command::Reindex) => cue.command = Some(1),
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
        2 => Interrupt::Twice,
        _ => Interrupt::Signal(signal),
    }
}
