//! Findings on lines of files, for workflow annotations and code scanning.

mod diagnostics;
mod github;
mod plan;
mod sarif;

pub use diagnostics::diagnostic_findings;
pub use github::github;
pub use plan::plan_findings;
pub use sarif::{plan_sarif, sarif};

use spanned_yaml::diag::{Place, Rule};

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// It stops something.
    Error,
    /// A person should look.
    Warning,
    /// For information.
    Note,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stable id of the rule.
    pub rule: String,
    /// The severity.
    pub level: Level,
    /// A short title.
    pub title: String,
    /// The finding as a sentence; it may have several lines.
    pub message: String,
    /// The place where it begins; `None` without a place in a file.
    pub place: Option<Place>,
    /// The line and the column after its last character, if known.
    pub end: Option<(u32, u32)>,
    /// A text that identifies it within its rule even when lines move, such as a stock and a source.
    pub identity: String,
}

/// A rule id and its meaning, for lists of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindingRule {
    /// The stable id.
    pub id: &'static str,
    /// Its meaning as a sentence.
    pub summary: &'static str,
}

/// The rule for one of several targets that has no result.
pub const NO_RESULT: &str = "no-result";

/// The rule for an index that does not match links and source items.
pub const INDEX_STALE: &str = "index-stale";

/// The rule for an index that could not be compared with links and source items.
pub const INDEX_UNKNOWN: &str = "index-unproven";

/// The rule for an owed reindex.
pub const REINDEX_OWED: &str = "reindex-owed";

/// The rule for a web hook that could not be notified.
pub const NOT_NOTIFIED: &str = "not-notified";

const fn rule(id: &'static str, summary: &'static str) -> FindingRule {
    FindingRule { id, summary }
}

/// The rules for findings of plans. Files have rules of their own.
const PLAN_RULES: &[FindingRule] = &[
    rule("link-delete", "A live link that the file does not want."),
    rule(
        "link-create",
        "A link that the file wants and the shop does not have.",
    ),
    rule("link-move", "A live link whose priority is not the wanted one."),
    rule(
        "link-blocked",
        "A live link that the file does not want and the server refuses to delete.",
    ),
    rule("doubtful-read", "The live state may be incomplete."),
    rule("guard-deletes", "More deletes in a run than the target allows."),
    rule(
        "guard-delete-percent",
        "A larger part of a stock's links would go than the target allows.",
    ),
    rule("guard-empty-stock", "A stock would lose all its sources."),
    rule(
        "guard-disabled-only",
        "Only disabled sources would serve a stock.",
    ),
    rule(
        "guard-doubtful-deletes",
        "Deletes rest on a read that may be incomplete.",
    ),
    rule(
        "guard-protected",
        "Links of a stock that the target protects would be deleted.",
    ),
    rule(
        INDEX_STALE,
        "The inventory index does not match links and source items.",
    ),
    rule(
        INDEX_UNKNOWN,
        "The inventory index could not be compared with links and source items.",
    ),
    rule(
        REINDEX_OWED,
        "No reindex is known to have run since links were last created or deleted.",
    ),
    rule(
        NOT_NOTIFIED,
        "A web hook could not be notified of drift; the next run tries again.",
    ),
    rule(NO_RESULT, "One of several targets could not be compared."),
];

/// All rules: those for plans, then those for files.
pub fn finding_rules(of_files: impl Iterator<Item = &'static Rule>) -> Vec<FindingRule> {
    let of_files = of_files.map(|Rule { id, summary, .. }| FindingRule { id, summary });
    PLAN_RULES.iter().copied().chain(of_files).collect()
}
