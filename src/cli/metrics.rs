//! `drift --metrics`: what a check measured, in a file that Prometheus reads by way of another program.

use std::fs;
use std::io;
use std::path::Path;

use super::check::Checked;
use super::failure::Failure;
use super::whole_file::write_whole_file;
use crate::report::{Measured, metrics_text};

/// Writes the file of metrics; who reads it meanwhile finds the old one or the new one.
pub(crate) fn write_metrics(path: &Path, checked: &[Checked]) -> Result<(), Failure> {
    let failed = |what: &str, error: &io::Error| {
        let message = format!("the metrics file {} cannot be {what}", path.display());
        Failure::error(message).caused_by(error)
    };
    // A device or a pipe has nothing of an earlier check.
    let before = if path.is_file() {
        fs::read_to_string(path).map_err(|error| failed("read", &error))?
    } else {
        String::new()
    };
    let measured: Vec<Measured<'_>> = checked.iter().map(Checked::measured).collect();
    write_whole_file(path, &metrics_text(&measured, &before)).map_err(|error| failed("written", &error))
}
