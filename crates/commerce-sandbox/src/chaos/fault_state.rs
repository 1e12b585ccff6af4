//! What a shop remembers of its faults between two requests: the schedule it follows, and what is still to come.

use super::fault::Fault;
use super::fault_scheduler::Director;
use super::schedule::Schedule;
use crate::control::COMMAND;
use crate::http::request::Request;

/// The faults of a shop.
#[derive(Debug, Default)]
pub struct Stage {
    director: Director,
    seed: u64,
    requests: u64,
    /// Requests and commands of the shop's command line.
    ticks: u64,
    pending: Vec<Pending>,
}

/// The faults that one request meets.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// Its number among all requests, by arrival, from 1.
    pub number: u64,
    /// The faults.
    pub faults: Vec<Fault>,
    /// What further draws for this request depend on.
    pub seed: u64,
}

/// Something that is still to come.
#[derive(Debug, Clone)]
pub enum Coming {
    /// An index run ends.
    IndexRunEnds,
    /// A request is carried out that nobody waits for any more.
    Commit {
        /// Its number.
        number: u64,
        /// The request.
        request: Box<Request>,
    },
}

#[derive(Debug)]
struct Pending {
    due: u64,
    coming: Coming,
}

impl Stage {
    /// Follows a schedule from here on; what is still to come stays.
    pub fn follow(&mut self, schedule: Schedule) {
        self.seed = schedule.seed;
        self.director = Director::new(schedule);
    }

    /// Takes note of a request and gives its faults.
    pub fn meet(&mut self, request: &Request) -> Decision {
        self.requests += 1;
        self.ticks += 1;
        Decision {
            number: self.requests,
            faults: self.director.decide(request),
            seed: self.seed ^ self.requests.rotate_left(32),
        }
    }

    /// Takes note of a request to the sandbox itself; a command of the shop's command line may have faults.
    pub fn meet_control(&mut self, request: &Request) -> Decision {
        if request.path != COMMAND {
            return Decision::default();
        }
        self.ticks += 1;
        Decision {
            faults: self.director.decide_command(),
            ..Decision::default()
        }
    }

    /// Has something come when so many more requests and commands have come.
    pub fn later(&mut self, after: u64, coming: Coming) {
        let due = self.ticks.saturating_add(after.max(1));
        self.pending.push(Pending { due, coming });
    }

    /// Takes what is due by now, in the order in which it was begun.
    pub fn due(&mut self) -> Vec<Coming> {
        let ticks = self.ticks;
        self.take(|pending| pending.due <= ticks)
    }

    /// Takes everything that is still to come.
    pub fn all(&mut self) -> Vec<Coming> {
        self.take(|_| true)
    }

    /// Tells how much is still to come.
    pub fn coming(&self) -> usize {
        self.pending.len()
    }

    fn take(&mut self, is_due: impl Fn(&Pending) -> bool) -> Vec<Coming> {
        let due = self.pending.extract_if(.., |pending| is_due(pending));
        due.map(|pending| pending.coming).collect()
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

    /// Gives the time that the request waits first, in milliseconds.
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
