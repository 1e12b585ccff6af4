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
pub const INDEX_UNPROVEN: &str = "index-unproven";

/// The rule for an owed reindex.
pub const REINDEX_OWED: &str = "reindex-owed";

/// The rule for a web hook that could not be notified.
pub const NOT_NOTIFIED: &str = "not-notified";

/// The rules for findings of plans. Files have rules of their own.
const PLAN_RULES: &[FindingRule] = &[
    FindingRule {
        id: "link-delete",
        summary: "A live link that the file does not want.",
    },
    FindingRule {
        id: "link-create",
        summary: "A link that the file wants and the shop does not have.",
    },
    FindingRule {
        id: "link-move",
        summary: "A live link whose priority is not the wanted one.",
    },
    FindingRule {
        id: "link-blocked",
        summary: "A live link that the file does not want and the server refuses to delete.",
    },
    FindingRule {
        id: "doubtful-read",
        summary: "The live state may be incomplete.",
    },
    FindingRule {
        id: "guard-deletes",
        summary: "More deletes in a run than the target allows.",
    },
    FindingRule {
        id: "guard-delete-percent",
        summary: "A larger part of a stock's links would go than the target allows.",
    },
    FindingRule {
        id: "guard-empty-stock",
        summary: "A stock would lose all its sources.",
    },
    FindingRule {
        id: "guard-disabled-only",
        summary: "Only disabled sources would serve a stock.",
    },
    FindingRule {
        id: "guard-doubtful-deletes",
        summary: "Deletes rest on a doubtful read.",
    },
    FindingRule {
        id: "guard-protected",
        summary: "Links of a stock that the target protects would be deleted.",
    },
    FindingRule {
        id: INDEX_STALE,
        summary: "The inventory index does not match links and source items.",
    },
    FindingRule {
        id: INDEX_UNPROVEN,
        summary: "The inventory index could not be compared with links and source items.",
    },
    FindingRule {
        id: REINDEX_OWED,
        summary: "No reindex is known to have run since links were last created or deleted.",
    },
    FindingRule {
        id: NOT_NOTIFIED,
        summary: "A web hook could not be notified of drift; the next run tries again.",
    },
    FindingRule {
        id: NO_RESULT,
        summary: "One of several targets could not be compared.",
    },
];

/// All rules: those for plans, then those for files.
pub fn finding_rules(of_files: impl Iterator<Item = &'static Rule>) -> Vec<FindingRule> {
    let of_files = of_files.map(|Rule { id, summary, .. }| FindingRule { id, summary });
    PLAN_RULES.iter().copied().chain(of_files).collect()
}
