//! Decides the faults of each request, from the schedule and the requests so far only.

use std::collections::HashMap;

use fastrand::Rng;
use sha2::{Digest as _, Sha256};

use super::fault::Fault;
use super::schedule::{Cue, Schedule};
use crate::http::request::Request;
use crate::log::writes_links;

/// A schedule and the requests so far.
#[derive(Debug, Clone, Default)]
pub struct FaultScheduler {
    schedule: Schedule,
    requests: u64,
    writes: u64,
    commands: u64,
    drawn: u64,
    /// The requests so far.
    asked: HashMap<String, Asked>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Asked {
    times: u64,
    in_a_row: u64,
}

impl FaultScheduler {
    /// Starts a schedule; all counts start at 0.
    pub fn new(schedule: Schedule) -> Self {
        Self {
            schedule,
            ..Self::default()
        }
    }

    /// Decides the faults of the next request. At most one of them shapes the answer; certain faults come before drawn ones.
    pub fn decide(&mut self, request: &Request) -> Vec<Fault> {
        self.requests += 1;
        let is_write = writes_links(request);
        self.writes += u64::from(is_write);
        let mut faults = self.certain(|cue| {
            cue.request == Some(self.requests) || (is_write && cue.write == Some(self.writes))
        });
        faults.extend(self.drawn(request, is_write));
        one_answer(&mut faults);
        faults
    }

    /// Decides the faults of the next command of `bin/magento`. They are never drawn.
    pub fn decide_command(&mut self) -> Vec<Fault> {
        self.commands += 1;
        let mut faults = self.certain(|cue| cue.command == Some(self.commands));
        one_answer(&mut faults);
        faults
    }

    fn certain(&self, is_due: impl Fn(&Cue) -> bool) -> Vec<Fault> {
        let cues = self.schedule.at.iter().filter(|cue| is_due(cue));
        cues.map(|cue| cue.fault.clone()).collect()
    }

    fn drawn(&mut self, request: &Request, is_write: bool) -> Vec<Fault> {
        let question = format!("{} {}?{}", request.method, request.path, request.query);
        let asked = self.asked.entry(question.clone()).or_default();
        let seed = seed(self.schedule.seed, &question, asked.times);
        let mut faults = self.schedule.rates.draw(&mut Rng::with_seed(seed));
        faults.retain(|fault| match fault {
            Fault::Deadlock => is_write,
            Fault::ShiftedPage => is_further_page(request),
            _ => true,
        });
        one_answer(&mut faults);
        let tired = self.schedule.in_a_row.is_some_and(|most| asked.in_a_row >= most);
        faults.retain(|fault| !(tired && fault.shapes_the_answer()));
        let left = self.schedule.faults.map_or(u64::MAX, |most| most - self.drawn);
        faults.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        asked.times += 1;
        asked.in_a_row = if faults.iter().any(Fault::shapes_the_answer) {
            asked.in_a_row + 1
        } else {
            0
        };
        self.drawn += faults.len() as u64;
        faults
    }
}

/// Keeps the first of the faults that shape the answer.
fn one_answer(faults: &mut Vec<Fault>) {
    let mut shaped = false;
    faults.retain(|fault| !fault.shapes_the_answer() || !std::mem::replace(&mut shaped, true));
}

/// Gives the seed of the draws for the nth repetition of a request.
fn seed(schedule: u64, question: &str, times: u64) -> u64 {
    let digest = Sha256::digest(format!("{schedule} {times} {question}"));
    let (eight, _) = digest.split_at(8);
    eight.iter().fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}

/// Tells whether a request is for a page of links beyond the first.
fn is_further_page(request: &Request) -> bool {
    let arguments = request.query_arguments();
    let page = arguments
        .get("searchCriteria")
        .and_then(|criteria| criteria["current_page"].as_str());
    let page = page.and_then(|page| page.parse::<u64>().ok());
    request.method == "GET" && request.path.ends_with("/stock-source-links") && page > Some(1)
}

#[cfg(test)]
mod tests {
    use super::super::rates::Rates;
    use super::*;

    fn get(query: &str) -> Request {
        Request {
            method: "GET".to_owned(),
            path: "/rest/all/V1/inventory/stock-source-links".to_owned(),
            query: query.to_owned(),
            ..Request::default()
        }
    }

    fn save() -> Request {
        Request {
            method: "POST".to_owned(),
            ..get("")
        }
    }

    fn often(rate: f64) -> Schedule {
        Schedule {
            seed: 1,
            rates: Rates {
                cut_before: rate,
                deadlock: rate,
                foreign_write: rate,
                ..Rates::default()
            },
            ..Schedule::default()
        }
    }

    #[test]
    fn the_same_is_decided_whatever_is_asked_beside_it() {
        let (mut alone, mut beside) = (FaultScheduler::new(often(0.4)), FaultScheduler::new(often(0.4)));
        let mut differ = false;
        for _ in 0..50 {
            let decided = alone.decide(&get("a=1"));
            let other = beside.decide(&get("b=1"));
            assert_eq!(beside.decide(&get("a=1")), decided);
            differ |= other != decided;
        }
        assert!(differ, "another question has faults of its own");
    }

    #[test]
    fn asking_again_wins_in_the_end() {
        let mut scheduler = FaultScheduler::new(Schedule {
            in_a_row: Some(2),
            ..often(1.0)
        });
        let spoilt: Vec<bool> = (0..6)
            .map(|_| scheduler.decide(&get("")).iter().any(Fault::shapes_the_answer))
            .collect();
        assert_eq!(spoilt, [true, true, false, true, true, false]);
    }

    #[test]
    fn enough_is_enough() {
        let mut scheduler = FaultScheduler::new(Schedule {
            faults: Some(5),
            ..often(1.0)
        });
        let played: usize = (0..20).map(|_| scheduler.decide(&get("")).len()).sum();
        assert_eq!(played, 5);
    }

    #[test]
    fn a_deadlock_is_for_writes_and_one_fault_shapes_an_answer() {
        let mut scheduler = FaultScheduler::new(Schedule {
            rates: Rates {
                deadlock: 1.0,
                cut_after: 1.0,
                ..Rates::default()
            },
            ..Schedule::default()
        });
        assert_eq!(scheduler.decide(&get("")), [Fault::CutAfter]);
        assert_eq!(scheduler.decide(&save()).len(), 1);
    }

    #[test]
    fn what_is_certain_comes_at_its_number() {
        let cue = |request, write, fault| Cue {
            request,
            write,
            command: None,
            fault,
        };
        let mut scheduler = FaultScheduler::new(Schedule {
            at: vec![
                cue(Some(2), None, Fault::CutBody),
                cue(None, Some(2), Fault::Deadlock),
            ],
            ..Schedule::default()
        });
        let asked = [get(""), get(""), save(), get(""), save()];
        let decided: Vec<Vec<Fault>> = asked.iter().map(|request| scheduler.decide(request)).collect();
        assert_eq!(
            decided,
            [
                vec![],
                vec![Fault::CutBody],
                vec![],
                vec![],
                vec![Fault::Deadlock]
            ]
        );
    }

    #[test]
    fn pages_shift_only_where_there_are_several() {
        let mut scheduler = FaultScheduler::new(Schedule {
            rates: Rates {
                shifted_page: 1.0,
                ..Rates::default()
            },
            ..Schedule::default()
        });
        assert!(
            scheduler
                .decide(&get("searchCriteria[current_page]=1"))
                .is_empty()
        );
        assert!(scheduler.decide(&save()).is_empty());
        let second = scheduler.decide(&get("searchCriteria[current_page]=2"));
        assert_eq!(second, [Fault::ShiftedPage]);
    }
}
