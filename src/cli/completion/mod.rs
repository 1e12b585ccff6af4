//! Completes the names that stand in files: targets, stocks, and the guards of stocks. Asks no shop and fetches no secret.

pub(crate) mod bash;
pub(crate) mod names;
pub(crate) mod scripts;
