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

impl Finding {
    /// A finding without a place.
    fn new(
        rule: impl Into<String>,
        level: Level,
        title: impl Into<String>,
        message: impl Into<String>,
        identity: impl Into<String>,
    ) -> Self {
        Self {
            rule: rule.into(),
            level,
            title: title.into(),
            message: message.into(),
            place: None,
            end: None,
            identity: identity.into(),
        }
    }

    fn at(self, place: Option<Place>) -> Self {
        Self { place, ..self }
    }
}

/// A rule id and its meaning, for lists of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindingRule {
    /// The stable id.
    pub id: &'static str,
    /// Its meaning as a sentence.
    pub summary: &'static str,
}

/// Declares the rules for findings of plans, and a table of them all. The doc comment says what a rule is
/// about; a rule whose id is composed elsewhere has no name.
macro_rules! plan_rules {
    ($(#[doc = $summary:literal] $name:tt = $id:literal;)+) => {
        $(
            #[doc = $summary]
            pub const $name: &str = $id;
        )+

        /// The rules for findings of plans. Files have rules of their own.
        const PLAN_RULES: &[FindingRule] = &[$(FindingRule {
            id: $id,
            summary: $summary.trim_ascii(),
        }),+];
    };
}

plan_rules! {
    /// A live link that the file does not want.
    LINK_DELETE = "link-delete";
    /// A link that the file wants and the shop does not have.
    LINK_CREATE = "link-create";
    /// A source that is not at its wanted place among the others of its stock.
    LINK_MOVE = "link-move";
    /// Live priorities that differ although their sources stand in the wanted order, or share one.
    LINK_RENUMBER = "link-renumber";
    /// A live link that the file does not want and the server refuses to delete.
    LINK_BLOCKED = "link-blocked";
    /// The plan compares only the stocks that were named.
    SCOPE = "scope";
    /// The live state may be incomplete.
    DOUBTFUL_READ = "doubtful-read";
    /// More deletes in a run than the target allows.
    _ = "guard-deletes";
    /// A larger part of a stock's links would go than the target allows.
    _ = "guard-delete-percent";
    /// A stock would lose all its sources.
    _ = "guard-empty-stock";
    /// Only disabled sources would serve a stock.
    _ = "guard-disabled-only";
    /// Deletes rest on a read that may be incomplete.
    _ = "guard-doubtful-deletes";
    /// Links of a stock that the target protects would be deleted.
    _ = "guard-protected";
    /// The inventory index does not match links and source items.
    INDEX_STALE = "index-stale";
    /// The inventory index could not be compared with links and source items.
    INDEX_UNKNOWN = "index-unproven";
    /// No reindex is known to have run since links were last created or deleted.
    REINDEX_OWED = "reindex-owed";
    /// A web hook could not be notified of drift; the next run tries again.
    NOT_NOTIFIED = "not-notified";
    /// One of several targets could not be compared.
    NO_RESULT = "no-result";
}

/// All rules: those for plans, then those for files.
pub fn finding_rules(of_files: impl Iterator<Item = &'static Rule>) -> Vec<FindingRule> {
    let of_files = of_files.map(|Rule { id, summary, .. }| FindingRule { id, summary });
    PLAN_RULES.iter().copied().chain(of_files).collect()
}
