//! Lowers `connection` to its settings.

use spanned_yaml::{DecodeContext, Field};

use super::auth::{secret, value};
use super::document::{BasicEntry, ConnectionEntry, ValueEntry};
use super::headers::{Sender, headers};
use super::rules::{BASIC_WITHOUT_OAUTH1, INVALID_HEADER};
use super::types::{Auth, BasicSettings, ConnectionSettings};

/// The settings of the connection; `None` if a part is wrong. `auth` is `None` if it could not be read.
pub(super) fn connection(
    entry: Field<ConnectionEntry<'_>>,
    auth: Option<&Auth>,
    context: &mut DecodeContext,
) -> Option<ConnectionSettings> {
    let entry = match entry {
        Field::Absent => return Some(ConnectionSettings::default()),
        Field::Bad => return None,
        Field::Good(entry) => entry,
    };
    let added = match entry.headers {
        Field::Absent => Some(Vec::new()),
        Field::Bad => None,
        Field::Good(entries) => {
            context.sensitive(|context| headers(entries.0, Sender::Connection { auth }, context))
        }
    };
    let basic = maybe(entry.basic);
    let basic = basic.and_then(|entry| match entry {
        None => Some(None),
        Some(entry) => basic_settings(entry.0, auth, context).map(Some),
    });
    Some(ConnectionSettings {
        ca_file: maybe(entry.ca_file)?.map(|path| path.0.into()),
        client_certificate: maybe(entry.client_certificate)?.map(|path| path.0.into()),
        connect_timeout: maybe(entry.connect_timeout)?.map(|timeout| timeout.0),
        request_timeout: maybe(entry.request_timeout)?.map(|timeout| timeout.0),
        run_timeout: maybe(entry.run_timeout)?.map(|timeout| timeout.0),
        retry_pause: maybe(entry.retry_pause)?.map(|pause| pause.0),
        consistency_wait: maybe(entry.consistency_wait)?.map(|wait| wait.0),
        headers: added?,
        basic: basic?,
    })
}

/// HTTP Basic in front of a shop. Only a signed request can carry it besides its own credential.
fn basic_settings(
    entry: BasicEntry<'_>,
    auth: Option<&Auth>,
    context: &mut DecodeContext,
) -> Option<BasicSettings> {
    if let Some(auth) = auth.filter(|auth| !matches!(auth, Auth::OAuth1 { .. })) {
        let kind = auth.kind();
        let message = format!("`basic` goes with `auth: oauth1` only, and this target signs in by `{kind}`");
        let found = BASIC_WITHOUT_OAUTH1.at(entry.head, message);
        context.findings.push(found.help(
            "both stand in the header `Authorization`, and a shop reads a token there only when nothing else does; sign with \
             an integration's four secrets, or have the access gate accept a header (`connection.headers`)",
        ));
    }
    let user = match entry.user {
        Field::Good(ValueEntry::Plain(text)) if text.0.value.contains(':') => {
            context
                .findings
                .push(INVALID_HEADER.at(text.0.span, "the user of HTTP Basic cannot contain a colon"));
            None
        }
        user => user.good().and_then(value),
    };
    Some(BasicSettings {
        password: entry.password.good().and_then(secret)?,
        user: user?,
    })
}

/// The value, or `Some(None)` for an absent key; `None` for a value that cannot be used.
#[expect(clippy::option_option, reason = "an absent and an unusable value differ here")]
fn maybe<T>(found: Field<T>) -> Option<Option<T>> {
    match found {
        Field::Absent => Some(None),
        Field::Bad => None,
        Field::Good(value) => Some(Some(value)),
    }
}
