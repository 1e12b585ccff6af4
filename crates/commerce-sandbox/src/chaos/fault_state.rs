//! The faults of a shop between two requests: the schedule it follows, and the effects that are put off.

use super::fault::Fault;
use super::fault_scheduler::FaultScheduler;
use super::schedule::Schedule;
use crate::http::request::Request;

/// The faults of a shop.
#[derive(Debug, Default)]
pub struct FaultState {
    scheduler: FaultScheduler,
    seed: u64,
    requests: u64,
    /// Requests and commands of `bin/magento`.
    ticks: u64,
    delayed: Vec<Delayed>,
}

/// The faults of one request.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// The request's number by arrival, from 1; 0 for a control request.
    pub number: u64,
    /// The faults.
    pub faults: Vec<Fault>,
    /// Seed of the further draws for this request.
    pub seed: u64,
}

/// An effect that is put off.
#[derive(Debug, Clone)]
pub enum DelayedEffect {
    /// An index run ends.
    IndexRunEnds,
    /// A request is carried out although nobody waits for its answer any more.
    Commit {
        /// The request's number.
        number: u64,
        /// The request.
        request: Box<Request>,
    },
}

#[derive(Debug)]
struct Delayed {
    due: u64,
    effect: DelayedEffect,
}

impl FaultState {
    /// Follows a schedule from now on. Effects that are put off stay.
    pub fn follow(&mut self, schedule: Schedule) {
        self.seed = schedule.seed;
        self.scheduler = FaultScheduler::new(schedule);
    }

    /// Counts a request and decides its faults.
    pub fn decide(&mut self, request: &Request) -> Decision {
        self.requests += 1;
        self.ticks += 1;
        Decision {
            number: self.requests,
            faults: self.scheduler.decide(request),
            seed: self.seed ^ self.requests.rotate_left(32),
        }
    }

    /// Counts a command of `bin/magento` and decides its faults.
    pub fn decide_command(&mut self) -> Decision {
        self.ticks += 1;
        Decision {
            faults: self.scheduler.decide_command(),
            ..Decision::default()
        }
    }

    /// Puts an effect off until so many more requests and commands have come, at least one.
    pub fn delay(&mut self, after: u64, effect: DelayedEffect) {
        let due = self.ticks.saturating_add(after.max(1));
        self.delayed.push(Delayed { due, effect });
    }

    /// Takes the effects that are due, oldest first.
    pub fn take_due(&mut self) -> Vec<DelayedEffect> {
        let ticks = self.ticks;
        self.take(|delayed| delayed.due <= ticks)
    }

    /// Takes all effects that are put off.
    pub fn take_all(&mut self) -> Vec<DelayedEffect> {
        self.take(|_| true)
    }

    /// Gives the number of effects that are put off.
    pub fn delayed(&self) -> usize {
        self.delayed.len()
    }

    fn take(&mut self, is_due: impl Fn(&Delayed) -> bool) -> Vec<DelayedEffect> {
        let due = self.delayed.extract_if(.., |delayed| is_due(delayed));
        due.map(|delayed| delayed.effect).collect()
    }
}

impl Decision {
    /// Gives the fault that shapes the answer.
    pub fn shape(&self) -> Option<&Fault> {
        self.faults.iter().find(|fault| fault.shapes_the_answer())
    }

    /// Tells whether a fault is among them.
    pub fn has(&self, fault: &Fault) -> bool {
        self.faults.contains(fault)
    }

    /// Gives the latency before the request is looked at, in milliseconds.
    pub fn latency(&self) -> u64 {
        let waits = self.faults.iter().map(|fault| match fault {
            Fault::Latency { ms } => *ms,
            _ => 0,
        });
        waits.sum()
    }

    /// Gives the names of the faults.
    pub fn names(&self) -> Vec<&'static str> {
        self.faults.iter().map(Fault::name).collect()
    }
}
