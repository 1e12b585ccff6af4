//! The report of `validate`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::run::Exit;
use spanned_yaml::diag::DiagnosticsJson;

/// The findings of `stocktake validate`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake validate report")]
pub struct ValidateReport {
    /// The findings.
    #[serde(flatten)]
    pub findings: DiagnosticsJson,
    /// The exit code of the command.
    pub exit_code: Exit,
}
