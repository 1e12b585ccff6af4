//! What a target is made of, in words that tell no secret.

use std::path::Path;

use super::secret::SecretRef;
use super::types::{Auth, Reindex, StepKind, Target};

impl Auth {
    /// The kind, as targets.yaml names it.
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
    /// The kind: `steps`, `cron`, or `unsaid`, which relies on cron too.
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

impl Target {
    /// The files that it names: of secrets and of certificates, each once, in their order.
    pub fn files(&self) -> Vec<&Path> {
        let secrets = self
            .auth
            .secrets()
            .into_iter()
            .chain(self.notify.iter().map(|webhook| &webhook.url))
            .chain(self.reindex.secrets());
        let secrets = secrets.filter_map(|secret| match secret {
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
