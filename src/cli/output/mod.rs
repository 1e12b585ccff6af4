//! Destinations of output: standard streams, messages, files, progress.

pub(crate) mod fleet_forms;
pub(crate) mod forms;
pub(crate) mod json_log;
pub(crate) mod log;
pub(crate) mod printer;
pub(crate) mod progress;
pub(crate) mod render;
pub(crate) mod streams;
