//! `drift --notify`: sends the web hooks of a target what is new to them, and prints the outcome.

use jiff::Timestamp;
use spanned_yaml::diag::{joined, visible};

use crate::cli::args::comparison::ComparisonArgs;
use crate::cli::args::select_target::SelectedTarget;
use crate::cli::output::printer::Printer;
use crate::cli::output::progress::Progress;
use crate::report::{self, DriftReport, FailureReport, notification_sentence};
use crate::run::{Failure, NotificationReport, Notifier, TargetState, Transition};
use crate::target::{Webhook, WebhookKind};

/// The notification of one target's web hooks.
pub(crate) struct Notification(Notifier);

impl Notification {
    /// Fails if the target names no web hook, so that nobody would ever hear.
    pub(crate) fn new(selected: &SelectedTarget, args: &ComparisonArgs) -> Result<Self, Failure> {
        let SelectedTarget {
            target, state_dir, ..
        } = selected;
        if target.notify.is_empty() {
            return Err(no_webhook(&format!("the target {} names", target.name)));
        }
        let files = args.files.of(target, &args.target.place.typed);
        let files = joined(files.iter().map(|path| path.display()), "\n");
        let mut watched = format!("{} {files}", args.prove.word(&target.prove));
        // What is found of some stocks is not news about all of them.
        for stock in args.stocks.scope().names() {
            watched = watched + "\nstock " + stock.folded();
        }
        Ok(Self(Notifier::new(target, state_dir.clone(), &watched)))
    }

    /// Sends what the check found.
    pub(crate) async fn send(
        &self,
        outcome: Result<&DriftReport, &Failure>,
        printer: &Printer,
    ) -> Vec<NotificationReport> {
        let condition = match outcome {
            Ok(report) => {
                TargetState::of_check(report.exit_code, report.digest(), !report.plan.doubts.is_empty())
            }
            Err(failure) => TargetState::Unknown { cause: failure.cause },
        };
        let body = |webhook: &Webhook, transition| self.body(webhook, transition, &condition, outcome);
        let reports = self.0.notify(&condition, body, &Progress::new(printer)).await;
        for report in &reports {
            let sentence = notification_sentence(report);
            if report.error.is_some() {
                printer.alarm(&visible(&sentence));
            } else {
                printer.note(&visible(&sentence));
            }
        }
        reports
    }

    /// The message for a web hook.
    fn body(
        &self,
        webhook: &Webhook,
        transition: Transition,
        condition: &TargetState,
        outcome: Result<&DriftReport, &Failure>,
    ) -> Result<String, String> {
        let seen = outcome.map_err(FailureReport::from);
        let at = Timestamp::now().to_string();
        let label = self.0.label().clone();
        let message = report::Notification::new(transition, condition, label, at, seen.as_ref().copied());
        match webhook.kind {
            WebhookKind::Slack => Ok(message.slack(outcome.ok())),
            WebhookKind::Plain => serde_json::to_string(&message).map_err(|error| error.to_string()),
        }
    }
}

/// The failure of a target without web hooks.
pub(crate) fn no_webhook(who: &str) -> Failure {
    Failure::usage(format!("--notify: {who} no web hook"))
        .hint("name one in targets.yaml, such as `notify: [{ slack: { env: SLACK_WEBHOOK_URL } }]`")
}
