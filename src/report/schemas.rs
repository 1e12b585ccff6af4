//! The JSON Schemas of what commands print as JSON.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, schema_for};

use super::{
    ApplyReport, DoctorReport, DriftReport, FailureReport, Notification, PreImagesReport, ReindexRunReport,
    SeveralReport, StatusReport, TargetList, ValidateReport,
};
use crate::reconcile::Plan;

/// What a document is of, with its schema. Every one of a command that came to no result is a `failure`.
pub fn schemas() -> [(&'static str, Schema); 12] {
    [
        ("plan", schema_for!(Plan)),
        ("apply", printed::<ApplyReport>()),
        ("drift", printed::<DriftReport>()),
        ("status", printed::<StatusReport>()),
        ("reindex", printed::<ReindexRunReport>()),
        ("doctor", printed::<DoctorReport>()),
        ("validate", printed::<ValidateReport>()),
        ("several", printed::<SeveralReport>()),
        ("target-list", printed::<TargetList>()),
        ("pre-images", printed::<PreImagesReport>()),
        ("notification", printed::<Notification>()),
        ("failure", printed::<FailureReport>()),
    ]
}

/// The schema of what is printed and never read back: what can be left out is not required, what cannot is.
fn printed<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::default().for_serialize();
    settings.into_generator().into_root_schema_for::<T>()
}
