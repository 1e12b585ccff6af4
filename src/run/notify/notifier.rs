//! Tells a target's web hooks what is new, each until it has taken the message.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;
use spanned_yaml::diag::escape_json;

use super::deliver::deliver;
use super::transition::{Cause, TargetState, Transition};
use crate::reconcile::{TargetLabel, digest_hex};
use crate::run::connect::tls;
use crate::run::event::Observer;
use crate::run::exit::Exit;
use crate::run::failure::Failure;
use crate::run::journal::DeliveryLog;
use crate::target::{SecretRef, Target, Webhook, WebhookKind};

/// Tells the web hooks of one target.
pub struct Notifier {
    target: Target,
    label: TargetLabel,
    state_dir: PathBuf,
    watched: String,
}

/// A web hook with news.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotificationReport {
    /// The web hook: its kind and where its address comes from.
    pub webhook: String,
    /// The news; left out when the last delivery could not be looked up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "news")]
    pub transition: Option<Transition>,
    /// True if the web hook accepted the message.
    pub delivered: bool,
    /// Why it was not notified, or why the delivery could not be recorded; left out on success.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Notifier {
    /// `watched` says what is checked: with other files or another level of proof, other things are found.
    pub fn new(target: &Target, state_dir: PathBuf, watched: &str) -> Self {
        Self {
            label: TargetLabel {
                name: target.name.clone(),
                url: target.url.to_string(),
            },
            watched: format!("{} {watched}", target.name),
            target: target.clone(),
            state_dir,
        }
    }

    /// The target.
    pub fn label(&self) -> &TargetLabel {
        &self.label
    }

    /// Tells each web hook for which the condition is new. One that takes no message now gets it on the next run.
    pub async fn notify(
        &self,
        condition: &TargetState,
        body: impl Fn(&Webhook, Transition) -> Result<String, String>,
        observer: &dyn Observer,
    ) -> Vec<NotificationReport> {
        let mut log = match DeliveryLog::open(&self.state_dir, &self.label, observer).await {
            Ok(log) => log,
            Err(error) => return self.untold(&Failure::from(error)),
        };
        let mut reports = Vec::new();
        for webhook in &self.target.notify {
            let key = self.key(webhook);
            let Some(transition) = condition.transition_from(log.last(&key)) else {
                continue;
            };
            let sent = match body(webhook, transition) {
                Ok(body) => self.send(webhook, &body).await,
                Err(error) => Err(error),
            };
            let delivered = sent.is_ok();
            let recorded = sent.and_then(|()| {
                let recorded = log.record(&key, webhook.to_string(), condition.clone());
                recorded.map_err(|error| Failure::from(error).words())
            });
            reports.push(NotificationReport {
                webhook: webhook.to_string(),
                transition: Some(transition),
                delivered,
                error: recorded.err(),
            });
        }
        reports
    }

    async fn send(&self, webhook: &Webhook, body: &str) -> Result<(), String> {
        let tls = tls(&self.target.connection).map_err(|failure| failure.message)?;
        let delivered = deliver(webhook, &escape_json(body), &self.target.keyring, &tls).await;
        delivered.map_err(|error| error.to_string())
    }

    /// Identifies a web hook and what is watched for it. It is known by the place of its address: a new address in the same
    /// place is the same web hook.
    fn key(&self, webhook: &Webhook) -> String {
        let place = match &webhook.url {
            // The words for a program leave out its arguments, which may be all that differs between two places.
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

    /// The reports when the last messages cannot be read.
    fn untold(&self, failure: &Failure) -> Vec<NotificationReport> {
        let webhooks = self.target.notify.iter();
        let reports = webhooks.map(|webhook| NotificationReport {
            webhook: webhook.to_string(),
            transition: None,
            delivered: false,
            error: Some(failure.words()),
        });
        reports.collect()
    }
}

impl TargetState {
    /// The condition that a drift check found: its exit, the digest of the differences, whether the read was incomplete.
    pub fn of_check(exit: Exit, digest: String, may_be_incomplete: bool) -> Self {
        let cause = if may_be_incomplete {
            Cause::DoubtfulRead
        } else {
            Cause::Index
        };
        match exit {
            Exit::Done => Self::InSync,
            Exit::Changes => Self::Drift { digest },
            _ => Self::Unknown { cause },
        }
    }
}
