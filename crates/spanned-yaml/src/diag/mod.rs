//! Diagnostics as data (rule, message, places, help), and their rendering as text and JSON.

mod closest;
mod code_point;
mod commands;
mod diagnostic;
mod escape;
mod files;
mod findings;
mod hidden_chars;
mod joined;
mod json;
mod lines;
mod lookalike;
mod place;
mod rule;
mod shown;
mod snippet;
mod text;

pub use closest::{Spelling, closest};
pub use code_point::{code_point, is_odd_blank};
pub use commands::commands;
pub use diagnostic::{Diagnostic, Label, Severity};
pub use escape::{Escaped, escape_json, escape_text, json_text};
pub use files::{InputFile, InputFiles};
pub use findings::{Findings, RULES};
pub use hidden_chars::is_hidden;
pub(crate) use hidden_chars::is_plain_ascii;
pub use joined::joined;
pub use json::{DiagnosticJson, DiagnosticsJson, RangeJson, RelatedJson};
pub use lookalike::{did_you_mean, differences, look, look_alike};
pub(crate) use place::small;
pub use place::{FileId, Place, Span};
pub use rule::Rule;
pub use shown::{shown, visible};
pub use snippet::NEAR_LINES;
pub use text::{Style, render};
