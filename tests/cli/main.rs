//! Transcripts of the real binary, one file a command: what it prints, where, and with which exit code.

mod desk;
mod doctor;
mod doomed;
#[path = "../hostile/peak.rs"]
mod peak;
#[path = "../proxy/mod.rs"]
#[allow(dead_code, reason = "other tests need more of it")]
mod proxy;
#[path = "../runner/mod.rs"]
mod runner;
mod standing;
#[cfg(unix)]
#[path = "../terminal/mod.rs"]
#[allow(dead_code, reason = "other tests need more of it")]
mod terminal;

mod apply;
mod behind;
mod color;
mod credentials;
mod drift;
mod environment;
mod exit_codes;
mod export;
mod fmt;
mod folder;
mod graph;
mod hostile;
mod index_run;
mod init;
mod interrupt;
mod json;
mod killed;
mod late;
mod likely;
mod lines;
mod links;
mod lock;
mod metrics;
mod notify;
mod outputs;
mod partial;
mod plan;
mod protect;
mod prove;
mod reads_only;
mod refusals;
mod reindex;
mod rollback;
mod sandbox;
mod saved;
mod schema;
mod secrets;
mod several;
mod shell;
mod standing_loop;
mod status;
mod steps;
mod streams;
mod tables;
mod too_much;
mod trouble;
mod update;
mod usage;
mod validate;
mod which_target;
