//! From a target's settings to a connection: secrets are fetched, certificates read.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::failure::Failure;
use crate::commerce::oauth::Secrets;
use crate::commerce::{Api, Connection, Credential, Limits, Tls};
use crate::target::{self, Auth, ConnectionSettings, SecretRef, Target, resolve_secret};

/// Prepares the way to a target; nothing is sent yet.
pub(crate) fn connect(target: &Target) -> Result<Connection, Failure> {
    let store = target.store.clone();
    let api = match target.api {
        target::Api::Paas => Api::Paas { store },
        target::Api::Saas => Api::Saas { store },
    };
    let tls = tls(&target.connection)?;
    Ok(Connection::new(
        &target.url,
        &api,
        credential(&target.auth)?,
        limits(&target.connection),
        &tls,
    )?)
}

fn credential(auth: &Auth) -> Result<Credential, Failure> {
    Ok(match auth {
        Auth::Bearer(token) => Credential::Bearer(secret(token)?),
        Auth::OAuth1 {
            consumer_key,
            consumer_secret,
            token,
            token_secret,
        } => Credential::OAuth1(Secrets {
            consumer_key: text(consumer_key)?,
            consumer_secret: secret(consumer_secret)?,
            token: secret(token)?,
            token_secret: secret(token_secret)?,
        }),
        Auth::Admin { user, password, totp } => Credential::Admin {
            user: text(user)?,
            password: secret(password)?,
            totp: totp.as_ref().map(secret).transpose()?,
        },
        Auth::Ims {
            client_id,
            client_secret,
            scopes,
            organization,
            token_url,
        } => Credential::Ims {
            token_url: token_url.clone(),
            client_id: text(client_id)?,
            client_secret: secret(client_secret)?,
            scopes: scopes.clone(),
            organization: text(organization)?,
        },
    })
}

fn secret(place: &SecretRef) -> Result<SecretString, Failure> {
    resolve_secret(place).map_err(|error| Failure::error(error.to_string()).caused_by(&error))
}

/// A name that is no secret, wherever it is kept.
fn text(place: &SecretRef) -> Result<String, Failure> {
    secret(place).map(|text| text.expose_secret().to_owned())
}

fn limits(settings: &ConnectionSettings) -> Limits {
    let default = Limits::default();
    Limits {
        connect: settings.connect_timeout.unwrap_or(default.connect),
        request: settings.request_timeout.unwrap_or(default.request),
        run: settings.run_timeout,
        pause: settings.retry_pause.unwrap_or(default.pause),
        ..default
    }
}

fn tls(settings: &ConnectionSettings) -> Result<Tls, Failure> {
    Ok(Tls {
        authorities: settings.ca_file.as_deref().map(read).transpose()?,
        identity: settings.client_certificate.as_deref().map(read).transpose()?,
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path)
        .map_err(|error| Failure::error(format!("{} cannot be read", path.display())).caused_by(&error))
}
