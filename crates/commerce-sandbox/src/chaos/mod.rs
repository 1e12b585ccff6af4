//! Faults on purpose: a schedule says which, [`mod@fault_scheduler`] decides for each request, [`mod@fault_injector`] carries it out.
//!
//! What is decided depends on the schedule and on what has been asked before, and on nothing else: the same seed decides
//! the same for the nth time that the same thing is asked, whatever is asked side by side with it.

pub mod abortable_listener;
pub mod fault;
pub mod fault_injector;
pub mod fault_scheduler;
pub mod fault_state;
pub mod foreign;
pub mod hold;
pub mod rates;
pub mod schedule;

pub use fault::Fault;
pub use fault_state::{Decision, Stage};
pub use hold::{Gate, Held};
pub use rates::Rates;
pub use schedule::{Cue, Schedule, ScheduleError};
