//! `drift --metrics`: writes the metrics file.

use std::io;
use std::path::Path;

use crate::cli::command::drift::check::Checked;
use crate::disk;
use crate::report::{Measured, metrics_text};
use crate::run::Failure;

/// Writes the metrics file. A concurrent reader sees the old one or the new one.
pub(crate) fn write_metrics(path: &Path, checked: &[Checked]) -> Result<(), Failure> {
    let failed = |what: &str, error: &io::Error| {
        let message = format!("the metrics file {} cannot be {what}", path.display());
        Failure::error(message).caused_by(error)
    };
    // A device or a pipe has nothing of an earlier check.
    let before = if path.is_file() {
        let text = disk::read(path, disk::LARGEST_TEXT).map_err(|error| failed("read", &error))?;
        String::from_utf8(text).map_err(|error| failed("read", &io::Error::other(error)))?
    } else {
        String::new()
    };
    let measured: Vec<Measured<'_>> = checked.iter().map(Checked::measured).collect();
    disk::replace(path, &metrics_text(&measured, &before)).map_err(|error| failed("written", &error))
}
