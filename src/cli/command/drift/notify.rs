//! `drift --notify`: the web hooks of a target are told what is new to them, each until it has taken it.

use std::path::PathBuf;

use jiff::Timestamp;
use spanned_yaml::diag::{escape_json, visible};

use crate::cli::args::comparison::LookArgs;
use crate::cli::connect::tls;
use crate::cli::failure::Failure;
use crate::cli::output::printer::Printer;
use crate::cli::output::progress::Progress;
use crate::cli::session::Found;
use crate::reconcile::{TargetLabel, digest_hex};
use crate::report::{DriftReport, FailureReport, Notification, NotificationReport};
use crate::run::{Cause, DeliveryLog, TargetState, Transition, deliver};
use crate::target::{SecretRef, Target, Webhook, WebhookKind};

/// Tells the web hooks of one target.
pub(crate) struct Notifier {
    target: Target,
    label: TargetLabel,
    state_dir: PathBuf,
    /// What is looked at, and by which name of the shop: with another credential, another set of files or another level of
    /// proof, other things are found.
    watched: String,
}

impl Notifier {
    /// Fails when the target names no web hook: nobody would ever be told.
    pub(crate) fn new(found: &Found, look: &LookArgs) -> Result<Self, Failure> {
        let Found {
            target, state_dir, ..
        } = found;
        if target.notify.is_empty() {
            return Err(no_webhook(&format!("the target {} names", target.name)));
        }
        let files = look.files.files.iter();
        let files: Vec<String> = files.map(|path| path.display().to_string()).collect();
        Ok(Self {
            target: target.clone(),
            label: TargetLabel {
                name: target.name.clone(),
                url: target.url.to_string(),
            },
            state_dir: state_dir.clone(),
            watched: format!(
                "{} {} {}",
                target.name,
                look.prove.word(&target.prove),
                files.join("\n")
            ),
        })
    }

    /// Tells what a look at the target is news to. One that cannot be told now is told on the next run.
    pub(crate) async fn tell(
        &self,
        outcome: Result<&DriftReport, &Failure>,
        printer: &Printer,
    ) -> Vec<NotificationReport> {
        let condition = condition(outcome);
        let mut told = match DeliveryLog::open(&self.state_dir, &self.label, &Progress::new(printer)).await {
            Ok(told) => told,
            Err(error) => return self.untold(&Failure::from(error), printer),
        };
        let mut reports = Vec::new();
        for webhook in &self.target.notify {
            let key = self.key(webhook);
            let Some(news) = condition.transition_from(told.last(&key)) else {
                continue;
            };
            let sent = self.send(webhook, news, &condition, outcome).await;
            let delivered = sent.is_ok();
            let kept = sent.and_then(|()| {
                let kept = told.remember(&key, webhook.to_string(), condition.clone());
                kept.map_err(|error| in_words(&error.into()))
            });
            let report = NotificationReport {
                webhook: webhook.to_string(),
                news: Some(news),
                delivered,
                error: kept.err(),
            };
            tell_of(&report, printer);
            reports.push(report);
        }
        reports
    }

    async fn send(
        &self,
        webhook: &Webhook,
        news: Transition,
        condition: &TargetState,
        outcome: Result<&DriftReport, &Failure>,
    ) -> Result<(), String> {
        let seen = outcome.map_err(FailureReport::from);
        let at = Timestamp::now().to_string();
        let notification = Notification::new(news, condition, self.label.clone(), at, seen.as_ref().copied());
        let body = match webhook.kind {
            WebhookKind::Slack => notification.slack(outcome.ok()),
            WebhookKind::Plain => serde_json::to_string(&notification).map_err(|error| error.to_string())?,
        };
        let tls = tls(&self.target.connection).map_err(|failure| failure.message)?;
        let delivered = deliver(webhook, &escape_json(&body), &self.target.keyring, &tls).await;
        delivered.map_err(|error| error.to_string())
    }

    /// What stands for a web hook and what is watched for it. The place of its address tells it from others, so that a new
    /// address in the same place is the same web hook.
    fn key(&self, webhook: &Webhook) -> String {
        let place = match &webhook.url {
            // In words a program stands without its arguments, which may be all that tells two places apart.
            SecretRef::Command(argv) => argv.join("\0"),
            place => place.to_string(),
        };
        let kind = match webhook.kind {
            WebhookKind::Slack => "slack",
            WebhookKind::Plain => "webhook",
        };
        let text = format!("{kind}\n{place}\n{}", self.watched);
        digest_hex(text.as_bytes())[..16].to_owned()
    }

    /// When it cannot be found out what they were told last.
    fn untold(&self, failure: &Failure, printer: &Printer) -> Vec<NotificationReport> {
        let of = |webhook: &Webhook| NotificationReport {
            webhook: webhook.to_string(),
            news: None,
            delivered: false,
            error: Some(in_words(failure)),
        };
        let reports: Vec<_> = self.target.notify.iter().map(of).collect();
        for report in &reports {
            tell_of(report, printer);
        }
        reports
    }
}

fn in_words(failure: &Failure) -> String {
    let causes = failure.causes.iter().map(String::as_str);
    let words: Vec<&str> = std::iter::once(&*failure.message).chain(causes).collect();
    words.join(": ")
}

fn tell_of(report: &NotificationReport, printer: &Printer) {
    let told = report.sentence();
    if report.error.is_some() {
        printer.alarm(&visible(&told));
    } else {
        printer.note(&visible(&told));
    }
}

/// Nobody would ever be told.
pub(crate) fn no_webhook(who: &str) -> Failure {
    Failure::usage(format!("--notify: {who} no web hook"))
        .hint("name one in targets.yaml, such as `notify: [{ slack: { env: SLACK_WEBHOOK_URL } }]`")
}

/// The condition of a target after a look at it.
fn condition(outcome: Result<&DriftReport, &Failure>) -> TargetState {
    match outcome {
        Ok(report) => match report.exit_code {
            0 => TargetState::InSync,
            2 => TargetState::Drift {
                digest: report.digest(),
            },
            _ if report.plan.doubts.is_empty() => TargetState::Unknown {
                obstacle: Cause::Index,
            },
            _ => TargetState::Unknown {
                obstacle: Cause::DoubtfulRead,
            },
        },
        Err(failure) => TargetState::Unknown {
            obstacle: failure.obstacle,
        },
    }
}
