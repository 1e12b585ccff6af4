//! Faults by schedule, from lost answers to writes by another actor.
//!
//! A [`Schedule`] sets the rate of each [`Fault`], and faults for certain requests. The decision for a request depends
//! only on the schedule and on how often the same request has been made before. Concurrent requests do not change it,
//! so one seed always gives the same faults.

pub(crate) mod abortable_listener;
mod fault;
pub(crate) mod fault_injector;
mod fault_scheduler;
mod fault_state;
mod foreign;
mod hold;
mod rates;
mod schedule;

pub use fault::Fault;
pub(crate) use fault_injector::FaultInjector;
pub(crate) use fault_state::Decision;
pub use foreign::ForeignLink;
pub use hold::{Held, Hold};
pub use rates::Rates;
pub use schedule::{Cue, Schedule, ScheduleError};
