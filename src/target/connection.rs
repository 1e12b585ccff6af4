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
    entry.lowered(ConnectionSettings::default(), |entry| {
        settings(entry, auth, context)
    })
}

fn settings(
    entry: ConnectionEntry<'_>,
    auth: Option<&Auth>,
    context: &mut DecodeContext,
) -> Option<ConnectionSettings> {
    let added = entry.headers.lowered(Vec::new(), |entries| {
        context.sensitive(|context| headers(entries.0, Sender::Connection { auth }, context))
    });
    let basic = entry
        .basic
        .lowered(None, |entry| basic_settings(entry.0, auth, context).map(Some));
    Some(ConnectionSettings {
        ca_file: entry.ca_file.optional()?.map(|path| path.0.into()),
        client_certificate: entry.client_certificate.optional()?.map(|path| path.0.into()),
        connect_timeout: entry.connect_timeout.optional()?.map(|timeout| timeout.0),
        request_timeout: entry.request_timeout.optional()?.map(|timeout| timeout.0),
        run_timeout: entry.run_timeout.optional()?.map(|timeout| timeout.0),
        retry_pause: entry.retry_pause.optional()?.map(|pause| pause.0),
        consistency_wait: entry.consistency_wait.optional()?.map(|wait| wait.0),
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
        context.report(found.help(
            "both stand in the header `Authorization`, and a shop reads a token there only when nothing else does; sign with \
             an integration's four secrets, or have the access gate accept a header (`connection.headers`)",
        ));
    }
    let user = match entry.user {
        Field::Good(ValueEntry::Plain(text)) if text.0.value.contains(':') => {
            context.report(INVALID_HEADER.at(text.0.span, "the user of HTTP Basic cannot contain a colon"));
            None
        }
        user => user.good().and_then(value),
    };
    Some(BasicSettings {
        password: entry.password.good().and_then(secret)?,
        user: user?,
    })
}
