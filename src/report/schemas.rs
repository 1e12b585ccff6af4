//! The JSON Schemas of the documents that commands print.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, schema_for};

use super::{
    ApplyReport, DoctorReport, DriftReport, FailureReport, Notification, PreImagesReport, ReindexRunReport,
    SeveralReport, StatusReport, TargetList, ValidateReport,
};
use crate::reconcile::Plan;

/// The name and the schema of each document. A command without a result prints a `failure`.
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

/// The schema of a document that is only printed: a field that is never left out is required.
fn printed<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::default().for_serialize();
    settings.into_generator().into_root_schema_for::<T>()
}
