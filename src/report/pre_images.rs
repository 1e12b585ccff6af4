//! The list of a target's pre-images.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use spanned_yaml::diag::{joined, shown, visible};

use super::words::count;
use crate::reconcile::TargetLabel;

/// The version of the list's JSON.
pub const PRE_IMAGES_FORMAT: u32 = 1;

/// The list of a target's pre-images.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake pre-images")]
pub struct PreImagesReport {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The target.
    pub target: TargetLabel,
    /// The pre-images, the newest first.
    pub pre_images: Vec<PreImageReport>,
}

/// One pre-image.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct PreImageReport {
    /// When the run began that changed these stocks, RFC 3339, UTC.
    pub at: String,
    /// The id of that run in the journal.
    pub run: String,
    /// Who ran it; `None` when the journal does not tell.
    pub actor: Option<String>,
    /// The number of links that it wrote, or may have written; `None` when the journal does not tell.
    pub changes: Option<usize>,
    /// The inventory file.
    pub path: String,
    /// The stocks that it holds; `None` when it cannot be read.
    pub stocks: Option<Vec<String>>,
}

/// The list for people.
pub fn pre_images_text(report: &PreImagesReport) -> String {
    if report.pre_images.is_empty() {
        return "No pre-image is kept for this target in this state directory.\n".to_owned();
    }
    let mut out = String::new();
    for image in &report.pre_images {
        let stocks = match &image.stocks {
            None => "cannot be read".to_owned(),
            Some(stocks) if stocks.is_empty() => "no stock that a file can express".to_owned(),
            Some(stocks) => joined(stocks.iter().map(|name| shown(name)), ", "),
        };
        let actor = image.actor.as_deref().unwrap_or("unknown");
        let changes = image.changes.map_or_else(
            || "an unknown number of changes".to_owned(),
            |changes| count(changes as u64, "change"),
        );
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "{}  {}  {changes} in {stocks}\n  {}",
            image.at,
            visible(actor),
            visible(&image.path)
        );
    }
    out
}
