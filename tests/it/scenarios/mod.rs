//! The engine in-process against the sandbox over real HTTP, with a proxy between them that breaks what a test wants.

mod batches;
mod beside;
mod chaos;
mod deadline;
mod incomplete_reads;
mod index_run;
mod owed;
mod partial_reads;
mod proof;
mod questions;
mod reads;
mod recorded_walk;
mod refused;
mod replica;
mod scope;
mod stale;
mod unknown;
mod wait_steps;
