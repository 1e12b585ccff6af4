//! What runs stocktake elsewhere: the scripts of the GitHub Action and the GitLab job, run by bash against a sandbox.
//!
//! It needs bash, git, curl and jq: `cargo test --features deploy --test deploy`.

mod cancel;
mod checkout;
mod comment;
mod events;
mod files;
mod forge;
mod githost;
mod gitlab;
mod install;
mod labels;
mod log;
mod newest;
mod pack;
mod pre_commit;
mod request;
mod run;
mod server;
