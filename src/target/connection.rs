//! From what is written to how connections are made.

use spanned_yaml::{DecodeContext, Field};

use super::auth::{secret, value};
use super::document::{BasicEntry, ConnectionEntry, ValueEntry};
use super::headers::{Sender, headers};
use super::rules::{BASIC_WITHOUT_OAUTH1, INVALID_HEADER};
use super::types::{Auth, BasicSettings, ConnectionSettings};

/// How connections are made; `None` when something about it is wrong. `auth` is `None` when it could not be read.
pub(super) fn connection(
    entry: Field<ConnectionEntry<'_>>,
    auth: Option<&Auth>,
    reading: &mut DecodeContext,
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
            reading.sensitive(|reading| headers(entries.0, Sender::Connection { auth }, reading))
        }
    };
    let basic = maybe(entry.basic);
    let basic = basic.and_then(|entry| match entry {
        None => Some(None),
        Some(entry) => basic_settings(entry.0, auth, reading).map(Some),
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

/// HTTP Basic in front of a shop, which only a signed request can carry besides its own credential.
fn basic_settings(
    entry: BasicEntry<'_>,
    auth: Option<&Auth>,
    reading: &mut DecodeContext,
) -> Option<BasicSettings> {
    if let Some(auth) = auth.filter(|auth| !matches!(auth, Auth::OAuth1 { .. })) {
        let kind = auth.kind();
        let message = format!("`basic` goes with `auth: oauth1` only, and this target signs in by `{kind}`");
        let found = BASIC_WITHOUT_OAUTH1.at(entry.head, message);
        reading.findings.push(found.help(
            "both stand in the header `Authorization`, and a shop reads a token there only when nothing else does; sign with \
             an integration's four secrets, or have the access gate accept a header (`connection.headers`)",
        ));
    }
    let user = match entry.user {
        Field::Good(ValueEntry::Plain(text)) if text.0.value.contains(':') => {
            reading
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

/// What is there, which may be nothing; `None` when what is there is of no use.
#[expect(
    clippy::option_option,
    reason = "absent and useless are different things here"
)]
fn maybe<T>(found: Field<T>) -> Option<Option<T>> {
    match found {
        Field::Absent => Some(None),
        Field::Bad => None,
        Field::Good(value) => Some(Some(value)),
    }
}
