//! Findings on lines of files: what annotations of a workflow and code scanning show.

mod diagnostics;
mod github;
mod plan;
mod sarif;

pub use diagnostics::diagnostic_findings;
pub use github::github;
pub use plan::plan_findings;
pub use sarif::{plan_sarif, sarif};

use spanned_yaml::diag::{Place, Rule};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// It stops something.
    Error,
    /// A person should look.
    Warning,
    /// It is told for orientation.
    Note,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The stable id of what was found.
    pub rule: String,
    /// How bad it is.
    pub level: Level,
    /// What it is about, in a few words.
    pub title: String,
    /// What was found, as a sentence; may have several lines.
    pub message: String,
    /// Where it begins; `None` when it is about no place in a file.
    pub place: Option<Place>,
    /// The line and the column after its last character, where that is known.
    pub end: Option<(u32, u32)>,
    /// What tells it from other findings of the rule when lines move, such as a stock and a source.
    pub identity: String,
}

/// What a rule id means, for lists of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindingRule {
    /// The stable id.
    pub id: &'static str,
    /// What it stands for, as a sentence.
    pub summary: &'static str,
}

/// The rule of a target, one of several, of which nothing could be told.
pub const NO_RESULT: &str = "no-result";

/// The rule of an index that is not as links and source items predict.
pub const INDEX_STALE: &str = "index-stale";

/// The rule of an index that could not be compared with links and source items.
pub const INDEX_UNPROVEN: &str = "index-unproven";

/// The rule of a reindex that is owed.
pub const REINDEX_OWED: &str = "reindex-owed";

/// The rule of a web hook that could not be told of drift.
pub const NOT_NOTIFIED: &str = "not-notified";

/// What a plan can find, besides the rules that files are held to.
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
        summary: "A live link that the file does not want and the server does not let go.",
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
        summary: "The inventory index is not as links and source items predict.",
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
        summary: "A web hook could not be told of drift; the next run tries again.",
    },
    FindingRule {
        id: NO_RESULT,
        summary: "One of several targets could not be compared.",
    },
];

/// What every rule id means: of a plan, and those that files are held to.
pub fn finding_rules(of_files: impl Iterator<Item = &'static Rule>) -> Vec<FindingRule> {
    let of_files = of_files.map(|Rule { id, summary, .. }| FindingRule { id, summary });
    PLAN_RULES.iter().copied().chain(of_files).collect()
}
