//! Describes targets without their secrets: sign-in method, precautions, variables and files.

use std::path::Path;

use spanned_yaml::diag::{joined, shown};

use super::keyring::Keyring;
use super::secret::SecretRef;
use super::types::{Auth, ConnectionSettings, Prove, Reindex, StepKind, Target, Targets};
use crate::model::GuardLimits;

impl Auth {
    /// The kind, as in targets.yaml.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Bearer(_) => "bearer",
            Self::OAuth1 { .. } => "oauth1",
            Self::Admin { .. } => "admin",
            Self::Ims { .. } => "ims",
        }
    }

    fn secrets(&self) -> Vec<&SecretRef> {
        match self {
            Self::Bearer(token) => vec![token],
            Self::OAuth1 {
                consumer_key,
                consumer_secret,
                token,
                token_secret,
            } => vec![consumer_key, consumer_secret, token, token_secret],
            Self::Admin { user, password, totp } => {
                [user, password].into_iter().chain(totp.as_ref()).collect()
            }
            Self::Ims {
                client_id,
                client_secret,
                organization,
                ..
            } => vec![client_id, client_secret, organization],
        }
    }
}

impl Reindex {
    /// The kind: `steps`, `cron`, or `unsaid`, which also relies on cron.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Steps(_) => "steps",
            Self::Cron => "cron",
            Self::Absent => "unsaid",
        }
    }

    fn secrets(&self) -> Vec<&SecretRef> {
        let Self::Steps(steps) = self else {
            return Vec::new();
        };
        let headers = steps.iter().flat_map(|step| match &step.kind {
            StepKind::Http(request) => request.headers.as_slice(),
            StepKind::Run { .. } | StepKind::Wait { .. } => &[],
        });
        headers.map(|(_, value)| value).collect()
    }
}

impl ConnectionSettings {
    fn secrets(&self) -> impl Iterator<Item = &SecretRef> {
        let basic = self.basic.iter().flat_map(|basic| [&basic.user, &basic.password]);
        self.headers.iter().map(|(_, value)| value).chain(basic)
    }
}

impl Target {
    /// The settings that protect the shop or bring its index up to date, without those that equal the default.
    pub fn precautions(&self) -> Vec<String> {
        let (guard, usual) = (self.guard, GuardLimits::default());
        let mut set = Vec::new();
        if guard != usual {
            set.push(format!(
                "guard (max_deletes {}, max_delete_percent {})",
                guard.max_deletes, guard.max_delete_percent
            ));
        }
        if !self.protect.is_empty() {
            let stocks = self.protect.iter().map(|stock| shown(stock.as_str()));
            set.push(format!("protect (`{}`)", joined(stocks, "`, `")));
        }
        match &self.prove {
            Prove::Links => {}
            Prove::Index => set.push("prove (index)".to_owned()),
            Prove::Canary(_) => set.push("prove (canary)".to_owned()),
        }
        match &self.reindex {
            Reindex::Steps(steps) => set.push(format!("reindex ({} step(s))", steps.len())),
            Reindex::Cron => set.push("reindex (cron)".to_owned()),
            Reindex::Absent => {}
        }
        if !self.notify.is_empty() {
            set.push(format!("notify ({} web hook(s))", self.notify.len()));
        }
        set
    }

    /// The environment variables that hold its secrets.
    pub fn variables(&self) -> Vec<&str> {
        let names = self.secrets().filter_map(|secret| match secret {
            SecretRef::Env(name) => Some(name.as_str()),
            SecretRef::File(_) | SecretRef::Command(_) | SecretRef::Value(_) => None,
        });
        names.collect()
    }

    fn secrets(&self) -> impl Iterator<Item = &SecretRef> {
        let hooks = self.notify.iter().map(|webhook| &webhook.url);
        let own = self.auth.secrets().into_iter();
        let steps = self.reindex.secrets();
        own.chain(hooks).chain(steps).chain(self.connection.secrets())
    }

    /// The files of its secrets and certificates, each once, in order.
    pub fn files(&self) -> Vec<&Path> {
        let secrets = self.secrets().filter_map(|secret| match secret {
            SecretRef::File(path) => Some(path.as_path()),
            SecretRef::Env(_) | SecretRef::Command(_) | SecretRef::Value(_) => None,
        });
        let connection = &self.connection;
        let certificates = [&connection.ca_file, &connection.client_certificate];
        let certificates = certificates.into_iter().filter_map(Option::as_deref);
        let mut files: Vec<&Path> = Vec::new();
        for path in secrets.chain(certificates) {
            if !files.contains(&path) {
                files.push(path);
            }
        }
        files
    }
}

impl Targets {
    /// Gives every target a keyring that knows the secrets of all.
    pub(super) fn with_keyring(mut self) -> Self {
        let names = self.targets.iter().flat_map(Target::variables);
        let keyring = Keyring::of(names.map(str::to_owned).collect());
        for target in &mut self.targets {
            target.keyring = target.keyring.of_file(&keyring);
        }
        self
    }
}
