//! From a target's settings to a connection: secrets are fetched, certificates read.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use super::failure::Failure;
use crate::commerce::oauth::Secrets;
use crate::commerce::{AccessGate, Api, Connection, Credential, Limits, Tls};
use crate::disk;
use crate::target::{
    self, Auth, ConnectionSettings, Keyring, SecretRef, SecretUse, Target, resolve_secret_for,
};

/// Prepares the way to a target; nothing is sent yet.
pub(super) async fn connect(target: &Target, tls: &Tls) -> Result<Connection, Failure> {
    let store = target.store.clone();
    let api = match target.api {
        target::Api::Paas => Api::Paas { store },
        target::Api::Saas => Api::Saas { store },
    };
    let keyring = &target.keyring;
    let credential = credential(&target.auth, keyring).await?;
    let gate = access_gate(&target.connection, keyring).await?;
    let limits = limits(&target.connection);
    let connection = Connection::new(&target.url, &api, credential, limits, tls)?;
    Ok(connection.behind(gate))
}

/// What an access gate in front of the shop asks for.
async fn access_gate(settings: &ConnectionSettings, keyring: &Keyring) -> Result<AccessGate, Failure> {
    let mut headers = Vec::new();
    for (name, place) in &settings.headers {
        headers.push((name.clone(), secret(SecretUse::Header, place, keyring).await?));
    }
    let Some(basic) = &settings.basic else {
        return Ok(AccessGate::new(&headers, None)?);
    };
    let (user, password) = (
        text(SecretUse::Name, &basic.user, keyring).await?,
        secret(SecretUse::Password, &basic.password, keyring).await?,
    );
    Ok(AccessGate::new(&headers, Some((&user, &password)))?)
}

async fn credential(auth: &Auth, keyring: &Keyring) -> Result<Credential, Failure> {
    Ok(match auth {
        Auth::Bearer(token) => Credential::Bearer(secret(SecretUse::Bearer, token, keyring).await?),
        Auth::OAuth1 {
            consumer_key,
            consumer_secret,
            token,
            token_secret,
        } => Credential::OAuth1(Secrets {
            consumer_key: text(SecretUse::Key, consumer_key, keyring).await?,
            consumer_secret: secret(SecretUse::Key, consumer_secret, keyring).await?,
            token: secret(SecretUse::Key, token, keyring).await?,
            token_secret: secret(SecretUse::Key, token_secret, keyring).await?,
        }),
        Auth::Admin { user, password, totp } => Credential::Admin {
            user: text(SecretUse::Name, user, keyring).await?,
            password: secret(SecretUse::Password, password, keyring).await?,
            totp: match totp {
                Some(totp) => Some(secret(SecretUse::Totp, totp, keyring).await?),
                None => None,
            },
        },
        Auth::Ims {
            client_id,
            client_secret,
            scopes,
            organization,
            token_url,
        } => Credential::Ims {
            token_url: token_url.clone(),
            client_id: text(SecretUse::Key, client_id, keyring).await?,
            client_secret: secret(SecretUse::Key, client_secret, keyring).await?,
            scopes: scopes.clone(),
            organization: text(SecretUse::Key, organization, keyring).await?,
        },
    })
}

async fn secret(of: SecretUse, place: &SecretRef, keyring: &Keyring) -> Result<SecretString, Failure> {
    Ok(resolve_secret_for(of, place, keyring).await?)
}

/// Reads a name, which is not a secret, from its place.
async fn text(of: SecretUse, place: &SecretRef, keyring: &Keyring) -> Result<String, Failure> {
    secret(of, place, keyring)
        .await
        .map(|text| text.expose_secret().to_owned())
}

fn limits(settings: &ConnectionSettings) -> Limits {
    let default = Limits::default();
    Limits {
        connect: settings.connect_timeout.unwrap_or(default.connect),
        request: settings.request_timeout.unwrap_or(default.request),
        run: settings.run_timeout.or(default.run),
        pause: settings.retry_pause.unwrap_or(default.pause),
        consistency: settings.consistency_wait.unwrap_or(default.consistency),
        ..default
    }
}

/// Reads the certificates that a target names.
pub(super) fn tls(settings: &ConnectionSettings) -> Result<Tls, Failure> {
    Ok(Tls {
        authorities: settings.ca_file.as_deref().map(read).transpose()?,
        identity: settings.client_certificate.as_deref().map(read).transpose()?,
    })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    disk::read(path, disk::LARGEST_TEXT)
        .map_err(|error| Failure::error(format!("{} cannot be read", path.display())).caused_by(&error))
}
