//! The notification of a web hook: a document for programs, or a message for Slack.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use spanned_yaml::diag::{joined, visible};

use super::drift::DriftReport;
use super::failure::FailureReport;
use super::index::IndexReport;
use super::view::{PlanStatus, Planned, change_counts, scope_words};
use super::words::count;
use crate::model::{StockId, StockName};
use crate::reconcile::index::{IndexState, StockIndex};
use crate::reconcile::{Counts, PlanScope, StockPlan, Summary, TargetLabel};
use crate::run::{Cause, Exit, TargetState, Transition};

/// The version of the document's JSON.
pub const NOTIFICATION_FORMAT: u32 = 1;

/// The most stocks that a message for people names.
const NAMED: usize = 10;

/// The most characters of a text from outside in a message for people.
const QUOTED: usize = 300;

/// Transition about a target.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake notification")]
pub struct Notification {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The version of stocktake that sends it.
    pub tool_version: String,
    /// When the target was checked, RFC 3339, UTC.
    pub at: String,
    /// The target.
    pub target: TargetLabel,
    /// The news.
    #[serde(rename = "news")]
    pub transition: Transition,
    /// The exit code of the command: 2 on a difference, 0 in sync, others when that is unknown.
    pub exit_code: Exit,
    /// The news in one line, for people.
    pub text: String,
    /// The plan in numbers; left out when none could be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Summary>,
    /// The stocks that were compared, if they were named; left out if these are all stocks of the files.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<PlanScope>,
    /// The stocks that differ, in the order of the files.
    pub stocks: Vec<NotifiedStock>,
    /// True if a reindex is owed, according to the state directory; left out when no plan could be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reindex_owed: Option<bool>,
    /// Why it is unknown, in one word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obstacle: Option<Cause>,
    /// Why it is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Hints on what to do next.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
}

/// A stock that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotifiedStock {
    /// The stock's id.
    pub stock_id: StockId,
    /// The stock's name.
    pub name: StockName,
    /// Links to create.
    pub creates: u32,
    /// Priorities to write, of reordered and of renumbered sources.
    pub moves: u32,
    /// Links to delete.
    pub deletes: u32,
    /// Sources that change their place among the others.
    pub reorders: u32,
    /// Priorities to write of sources that are not reordered.
    pub renumbers: u32,
    /// True if its index is known to be stale.
    pub index_stale: bool,
}

impl Notification {
    /// The notification after a check with a report or a failure.
    pub fn new(
        transition: Transition,
        condition: &TargetState,
        target: TargetLabel,
        at: String,
        outcome: Result<&DriftReport, &FailureReport>,
    ) -> Self {
        let report = outcome.ok();
        let failure = outcome.err();
        let mut notification = Self {
            format_version: NOTIFICATION_FORMAT,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            at,
            target,
            transition,
            exit_code: outcome.map_or_else(|failure| failure.exit_code, |report| report.exit_code),
            text: String::new(),
            summary: report.map(|report| report.plan.summary),
            scope: report.and_then(|report| report.plan.scope.clone()),
            stocks: report.map(differing).unwrap_or_default(),
            reindex_owed: report.map(|report| report.reindex_owed),
            obstacle: match condition {
                TargetState::Unknown { cause } => Some(*cause),
                TargetState::InSync | TargetState::Drift { .. } => None,
            },
            error: match outcome {
                Ok(report) if report.exit_code == Exit::Error => unknown_reason(report),
                Ok(_) => None,
                Err(failure) => Some(failure.error.clone()),
            },
            hints: failure.map(|failure| failure.hints.clone()).unwrap_or_default(),
        };
        notification.text = notification.sentence(report, &|text| visible(text).into_owned());
        notification
    }

    /// The body of a message for Slack and compatible web hooks.
    pub fn slack(&self, report: Option<&DriftReport>) -> String {
        let icon = match self.transition {
            Transition::Drift | Transition::DriftChanged => "⚠️",
            Transition::InSync => "✅",
            Transition::Unknown => "❔",
        };
        let mut lines = vec![format!("{icon} {}", self.sentence(report, &|text| quoted(text)))];
        for stock in self.stocks.iter().take(NAMED) {
            lines.push(format!("• {}: {}", quoted(stock.name.as_str()), stock.words()));
        }
        if let Some(more @ 1..) = self.stocks.len().checked_sub(NAMED) {
            lines.push(format!("• and {}", count(more as u64, "more stock")));
        }
        json!({ "text": lines.join("\n") }).to_string()
    }

    /// The news in a sentence; `quote` writes texts from outside.
    fn sentence(&self, report: Option<&DriftReport>, quote: &dyn Fn(&str) -> String) -> String {
        let target = quote(&self.target.name);
        let rest = report.map_or_else(String::new, |report| {
            let Planned { status, summary, .. } = report.planned();
            let stale = if status == PlanStatus::Stale {
                "the index is stale, "
            } else {
                ""
            };
            let scope =
                scope_words(&report.plan, quote).map_or_else(String::new, |scope| format!(" {scope}"));
            format!("{stale}{summary}{scope}")
        });
        match self.transition {
            Transition::Drift => format!("{target} has drifted: {rest}"),
            Transition::DriftChanged => format!("The drift of {target} has changed: {rest}"),
            Transition::InSync => format!("{target} is in sync again: {rest}"),
            Transition::Unknown => {
                let error = self.error.as_deref().unwrap_or("some checks could not run");
                format!("It is unknown whether {target} is in sync: {}", quote(error))
            }
        }
    }
}

impl NotifiedStock {
    /// The differences in words.
    fn words(&self) -> String {
        let links = change_counts(Counts {
            creates: self.creates,
            moves: self.moves,
            deletes: self.deletes,
            reorders: self.reorders,
            renumbers: self.renumbers,
        });
        let index = if self.index_stale { "index stale" } else { "" };
        joined([&*links, index].iter().filter(|words| !words.is_empty()), ", ")
    }
}

/// The stocks that differ.
fn differing(report: &DriftReport) -> Vec<NotifiedStock> {
    let stale = |stock: &StockPlan| {
        let indexes = report.index.iter().flat_map(|index| &index.stocks);
        let stale = |index: &&StockIndex| matches!(index.index, IndexState::Stale { .. });
        indexes
            .filter(stale)
            .any(|index| index.stock_id == stock.stock_id)
    };
    let of = |stock: &StockPlan| {
        let counts = stock.counts();
        NotifiedStock {
            stock_id: stock.stock_id,
            name: stock.name.clone(),
            creates: counts.creates,
            moves: counts.moves,
            deletes: counts.deletes,
            reorders: counts.reorders,
            renumbers: counts.renumbers,
            index_stale: stale(stock),
        }
    };
    let stocks = report.plan.stocks.iter().map(of);
    stocks.filter(|stock| !stock.words().is_empty()).collect()
}

/// The reason why a report leaves the result unknown.
fn unknown_reason(report: &DriftReport) -> Option<String> {
    let unknown = |index: &IndexReport| {
        let stocks = index.stocks.iter().find_map(|stock| match &stock.index {
            IndexState::Unknown { reason } => Some(format!("the index of {}: {reason}", stock.name)),
            _ => None,
        });
        index.unreadable.clone().or(stocks)
    };
    let reason = report.plan.doubts.first().cloned();
    reason.or_else(|| report.index.as_ref().and_then(unknown))
}

/// A text from outside as code, in which Slack and compatible services look for no mentions, links or marks. Hidden
/// characters are spelt out, backticks cannot end it, and the characters special to Slack are escaped.
fn quoted(text: &str) -> String {
    let shown = match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", visible(&text[..end])),
        None => visible(text).into_owned(),
    };
    let safe = shown
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('`', "'");
    format!("`{safe}`")
}

#[cfg(test)]
mod tests {
    use super::{
        FailureReport, Notification, NotifiedStock, StockId, StockName, TargetLabel, TargetState, Transition,
        quoted,
    };
    use crate::run::Failure;

    #[test]
    fn a_message_names_some_stocks_and_counts_the_rest() {
        let stock = |id: u32| NotifiedStock {
            stock_id: StockId(id),
            name: StockName::from_server(&format!("Stock {id}")),
            creates: 0,
            moves: 1,
            deletes: 2,
            reorders: 0,
            renumbers: 1,
            index_stale: true,
        };
        let target = TargetLabel {
            name: "shop".to_owned(),
            url: String::new(),
        };
        let failure = Failure::error("never shown");
        let (state, failure) = (TargetState::InSync, FailureReport::from(&failure));
        let notification = Notification {
            stocks: (2..14).map(stock).collect(),
            ..Notification::new(Transition::Drift, &state, target, String::new(), Err(&failure))
        };
        let body: serde_json::Value = serde_json::from_str(&notification.slack(None)).unwrap();
        let lines: Vec<_> = body["text"].as_str().unwrap().lines().collect();
        assert_eq!(lines.len(), 12);
        assert_eq!(
            lines[1],
            "• `Stock 2`: 2 to delete, 1 priority renumbered, index stale"
        );
        assert_eq!(lines[11], "• and 2 more stocks");
    }

    #[test]
    fn characters_special_to_slack_are_escaped() {
        assert_eq!(
            quoted("<!channel> & <@U1>"),
            "`&lt;!channel&gt; &amp; &lt;@U1&gt;`"
        );
        assert_eq!(quoted("a`*b*`"), "`a'*b*'`");
        assert_eq!(quoted("a\n> b\u{202e}"), "`a\\u{a}&gt; b\\u{202e}`");
        assert_eq!(quoted(&"x".repeat(500)).chars().count(), 303);
    }
}
