//! Faults on purpose: a schedule says which, [`mod@director`] decides for each request, [`mod@play`] carries it out.
//!
//! What is decided depends on the schedule and on what has been asked before, and on nothing else: the same seed decides
//! the same for the nth time that the same thing is asked, whatever is asked side by side with it.

pub mod director;
pub mod fault;
pub mod foreign;
pub mod gate;
pub mod line;
pub mod play;
pub mod rates;
pub mod schedule;
pub mod stage;

pub use fault::Fault;
pub use gate::{Gate, Held};
pub use rates::Rates;
pub use schedule::{Cue, Schedule, ScheduleError};
pub use stage::{Decision, Stage};
