//! Lowers `auth` and the places of secrets to their types.

use spanned_yaml::DecodeContext;

use super::address::step_address;
use super::document::{AdminEntry, AuthEntry, ImsEntry, OAuth1Entry, SecretEntry, ValueEntry};
use super::secret::SecretRef;
use super::types::{Auth, IMS_TOKEN_URL};

/// The sign-in method of a target.
pub(super) fn auth(entry: AuthEntry<'_>, context: &mut DecodeContext) -> Option<Auth> {
    let bearer = entry.bearer.good().and_then(secret).map(Auth::Bearer);
    let oauth1 = entry.oauth1.good().and_then(oauth1);
    let admin = entry.admin.good().and_then(admin);
    let ims = entry.ims.good().and_then(|entry| ims(entry, context));
    bearer.or(oauth1).or(admin).or(ims)
}

fn oauth1(entry: OAuth1Entry<'_>) -> Option<Auth> {
    Some(Auth::OAuth1 {
        consumer_key: entry.consumer_key.good().and_then(value)?,
        consumer_secret: entry.consumer_secret.good().and_then(secret)?,
        token: entry.token.good().and_then(secret)?,
        token_secret: entry.token_secret.good().and_then(secret)?,
    })
}

fn admin(entry: AdminEntry<'_>) -> Option<Auth> {
    let totp = entry.totp.lowered(None, |entry| secret(entry).map(Some))?;
    Some(Auth::Admin {
        user: entry.user.good().and_then(value)?,
        password: entry.password.good().and_then(secret)?,
        totp,
    })
}

fn ims(entry: ImsEntry<'_>, context: &mut DecodeContext) -> Option<Auth> {
    let scopes = entry.scopes.good().and_then(|list| list.all(context));
    let scopes = scopes.map(|scopes| scopes.iter().map(|text| text.0.value.to_owned()).collect());
    let usual = step_address(IMS_TOKEN_URL).ok();
    let token_url = entry.token_url.lowered(usual, |url| Some(Some(url.0)))?;
    Some(Auth::Ims {
        client_id: entry.client_id.good().and_then(value)?,
        client_secret: entry.client_secret.good().and_then(secret)?,
        scopes: scopes?,
        organization: entry.organization.good().and_then(value)?,
        token_url: token_url?,
    })
}

/// A value that may stand in the file or be kept elsewhere.
pub(super) fn value(entry: ValueEntry<'_>) -> Option<SecretRef> {
    match entry {
        ValueEntry::Plain(text) => Some(SecretRef::Value(text.0.value.into())),
        ValueEntry::Secret(entry) => secret(entry),
    }
}

/// The place of a secret.
pub(super) fn secret(entry: SecretEntry<'_>) -> Option<SecretRef> {
    let env = entry.env.good().map(|name| SecretRef::Env(name.0.to_owned()));
    let file = entry.file.good().map(|path| SecretRef::File(path.0.into()));
    let command = entry.command.good().map(|argv| SecretRef::Command(argv.0));
    env.or(file).or(command)
}
