//! Formats plans, results and statuses for people and programs, all from the same typed values.

mod apply;
mod apply_text;
mod cron_check;
mod difference_text;
mod doctor;
mod drift;
mod failure;
mod filters;
mod finding;
mod graph;
mod html;
mod index;
mod junit;
mod markdown;
mod metrics;
mod notification;
mod plan_text;
mod pre_images;
mod proof;
mod question;
mod ranks;
mod reindex;
mod schemas;
mod several;
mod status;
mod status_text;
mod style;
mod table;
mod target_list;
mod unfinished;
mod validate;
mod view;
mod words;

pub use apply::{APPLY_FORMAT, ApplyReport, ChangeReport, StockReport};
pub use apply_text::apply_text;
pub use cron_check::{CronCheckReport, CronResultReport};
pub use difference_text::differences_text;
pub use doctor::{Check, CheckState, DOCTOR_FORMAT, DoctorReport, doctor_text};
pub use drift::{DRIFT_FORMAT, DriftReport, drift_text, notification_sentence};
pub use failure::{FAILURE_FORMAT, FailureReport, failure_text};
pub use finding::{
    Finding, FindingRule, INDEX_STALE, INDEX_UNKNOWN, Level, NO_RESULT, NOT_NOTIFIED, REINDEX_OWED,
    diagnostic_findings, finding_rules, github, plan_findings, plan_sarif, sarif,
};
pub use graph::{Graph, dot, mermaid, svg};
pub use html::html;
pub use index::{IndexReport, index_text};
pub use junit::junit;
pub use markdown::{MARKDOWN_LIMIT, markdown};
pub use metrics::{METRICS, Measured, Metric, metrics_text};
pub use notification::{NOTIFICATION_FORMAT, Notification, NotifiedStock};
pub use plan_text::{plan_text, warning_text};
pub use pre_images::{PRE_IMAGES_FORMAT, PreImageReport, PreImagesReport, pre_images_text};
pub use proof::ProofReport;
pub use question::question;
pub use reindex::{REINDEX_FORMAT, ReindexReport, ReindexRunReport, reindex_text};
pub use schemas::schemas;
pub use several::{
    CommandReport, SEVERAL_FORMAT, SeveralReport, TargetOutcome, TargetReport, heading_text, section_text,
    several_text, summary_text,
};
pub use status::{STATUS_FORMAT, SourceStatus, StatusReport, StockStatus};
pub use status_text::status_text;
pub use target_list::{ListedTarget, TARGET_LIST_FORMAT, TargetList, github_matrix, target_list_text};
pub use validate::ValidateReport;
pub use view::{PlanView, Planned, TargetPlan, Unplanned};
pub use words::{count, whole_second};
