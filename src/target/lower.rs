//! From what is written to targets: defaults are filled in, and what must hold between keys is checked.

use std::collections::HashMap;

use super::address::step_address;
use super::document::{
    AdminEntry, AuthEntry, ConnectionEntry, GuardEntry, HttpEntry, ImsEntry, OAuth1Entry, ReindexEntry,
    SecretEntry, StepEntry, TargetEntry, TargetsFile, ValueEntry,
};
use super::leaf::{ApiName, Flag, MaxDeletes, MethodName, Percent, StoreCode, Timeout};
use super::rules::{
    DUPLICATE_TARGET, INVALID_HEADER, INVALID_TARGET_NAME, NO_STEPS, NO_TARGETS, PLAIN_SECRET, TWO_DEFAULTS,
};
use super::secret::SecretRef;
use super::types::{
    Api, Auth, ConnectionSettings, DEFAULT_STORE, DEFAULT_TIMEOUT, GuardSettings, HttpStep, IMS_TOKEN_URL,
    Method, Reindex, Step, StepKind, Target, Targets,
};
use crate::diag::{Span, shown};
use crate::yaml::{Entries, Found, Reading, Text};

/// Headers that hold a credential whenever they are there.
const SECRET_HEADERS: [&str; 5] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "x-api-key",
    "x-auth-token",
];

/// Makes targets of what the files say.
#[derive(Debug, Default)]
pub struct Lowering {
    /// The targets that could be read.
    pub targets: Targets,
    names: HashMap<String, Span>,
    default: Option<Span>,
}

impl Lowering {
    /// Takes in what one file says.
    pub fn file(&mut self, file: TargetsFile<'_>, reading: &mut Reading) {
        let Some(entries) = file.targets.good() else {
            return;
        };
        if entries.entries.is_empty() {
            reading
                .findings
                .push(NO_TARGETS.at(file.head, "this file lists no target"));
        }
        for (name, entry) in entries.entries {
            self.check_name(name, reading);
            let Some(entry) = entry else { continue };
            self.check_default(name, &entry, reading);
            self.targets.targets.extend(target(name.value, entry, reading));
        }
    }

    fn check_name(&mut self, name: Text<'_>, reading: &mut Reading) {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if !(1..=64).contains(&name.value.len()) || !name.value.chars().all(fits) {
            let message = format!("`{}` cannot be the name of a target", shown(name.value));
            let found = INVALID_TARGET_NAME.at(name.span, message);
            reading
                .findings
                .push(found.help("a name has 1 to 64 letters, digits, dots, hyphens and underscores"));
        }
        match self.names.get(name.value) {
            // Within a file, that the key stands twice has been said.
            Some(first) if first.file != name.span.file => {
                let message = format!("the target `{}` stands in two files", shown(name.value));
                let found = DUPLICATE_TARGET.found(message).at(name.span, "again here");
                reading.findings.push(found.related(*first, "first here"));
            }
            Some(_) => {}
            None => {
                self.names.insert(name.value.to_owned(), name.span);
            }
        }
    }

    fn check_default(&mut self, name: Text<'_>, entry: &TargetEntry<'_>, reading: &mut Reading) {
        if !matches!(entry.default, Found::Good(Flag(true))) {
            return;
        }
        match self.default {
            None => self.default = Some(name.span),
            Some(first) => reading.findings.push(
                TWO_DEFAULTS
                    .at(name.span, "a second target is marked `default: true`")
                    .related(first, "the first one"),
            ),
        }
    }
}

/// Reads all parts before the first missing one makes the whole useless, so that each is reported.
fn target(name: &str, entry: TargetEntry<'_>, reading: &mut Reading) -> Option<Target> {
    let auth = entry.auth.good().and_then(|entry| auth(entry, reading));
    let connection = connection(entry.connection);
    let guard = guard(entry.guard);
    let reindex = match entry.reindex {
        Found::Absent => Some(Reindex::Absent),
        Found::Bad => None,
        Found::Good(entry) => reindex(entry, reading),
    };
    let api = entry.api.or(ApiName(Api::Paas));
    let store = entry.store.or(StoreCode(DEFAULT_STORE));
    Some(Target {
        name: name.to_owned(),
        url: entry.url.good()?.0,
        api: api?.0,
        store: store?.0.to_owned(),
        auth: auth?,
        connection: connection?,
        guard: guard?,
        reindex: reindex?,
        default: entry.default.or(Flag(false))?.0,
    })
}

fn auth(entry: AuthEntry<'_>, reading: &mut Reading) -> Option<Auth> {
    let bearer = entry.bearer.good().and_then(secret).map(Auth::Bearer);
    let oauth1 = entry.oauth1.good().and_then(oauth1);
    let admin = entry.admin.good().and_then(admin);
    let ims = entry.ims.good().and_then(|entry| ims(entry, reading));
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
    let totp = match entry.totp {
        Found::Absent => None,
        Found::Bad => return None,
        Found::Good(entry) => Some(secret(entry)?),
    };
    Some(Auth::Admin {
        user: entry.user.good().and_then(value)?,
        password: entry.password.good().and_then(secret)?,
        totp,
    })
}

fn ims(entry: ImsEntry<'_>, reading: &mut Reading) -> Option<Auth> {
    let scopes = entry.scopes.good().and_then(|list| {
        let scopes: Vec<Option<String>> = list
            .nodes()
            .map(|node| list.item(node, reading).map(|text| text.0.value.to_owned()))
            .collect();
        scopes.into_iter().collect::<Option<Vec<String>>>()
    });
    let token_url = match entry.token_url {
        Found::Absent => step_address(IMS_TOKEN_URL).ok(),
        Found::Bad => None,
        Found::Good(url) => Some(url.0),
    };
    Some(Auth::Ims {
        client_id: entry.client_id.good().and_then(value)?,
        client_secret: entry.client_secret.good().and_then(secret)?,
        scopes: scopes?,
        organization: entry.organization.good().and_then(value)?,
        token_url: token_url?,
    })
}

fn connection(entry: Found<ConnectionEntry<'_>>) -> Option<ConnectionSettings> {
    let entry = match entry {
        Found::Absent => return Some(ConnectionSettings::default()),
        Found::Bad => return None,
        Found::Good(entry) => entry,
    };
    Some(ConnectionSettings {
        ca_file: maybe(entry.ca_file)?.map(|path| path.0.into()),
        client_certificate: maybe(entry.client_certificate)?.map(|path| path.0.into()),
        connect_timeout: maybe(entry.connect_timeout)?.map(|timeout| timeout.0),
        request_timeout: maybe(entry.request_timeout)?.map(|timeout| timeout.0),
        run_timeout: maybe(entry.run_timeout)?.map(|timeout| timeout.0),
    })
}

/// What is there, which may be nothing; `None` when what is there is of no use.
#[expect(
    clippy::option_option,
    reason = "absent and useless are different things here"
)]
fn maybe<T>(found: Found<T>) -> Option<Option<T>> {
    match found {
        Found::Absent => Some(None),
        Found::Bad => None,
        Found::Good(value) => Some(Some(value)),
    }
}

fn value(entry: ValueEntry<'_>) -> Option<SecretRef> {
    match entry {
        ValueEntry::Plain(text) => Some(SecretRef::Value(text.0.value.into())),
        ValueEntry::Secret(entry) => secret(entry),
    }
}

fn secret(entry: SecretEntry<'_>) -> Option<SecretRef> {
    let env = entry.env.good().map(|name| SecretRef::Env(name.0.to_owned()));
    let file = entry.file.good().map(|path| SecretRef::File(path.0.into()));
    let command = entry.command.good().map(|argv| SecretRef::Command(argv.0));
    env.or(file).or(command)
}

fn guard(entry: Found<GuardEntry<'_>>) -> Option<GuardSettings> {
    let default = GuardSettings::default();
    let entry = match entry {
        Found::Absent => return Some(default),
        Found::Bad => return None,
        Found::Good(entry) => entry,
    };
    Some(GuardSettings {
        max_deletes: entry.max_deletes.or(MaxDeletes(default.max_deletes))?.0,
        max_delete_percent: entry
            .max_delete_percent
            .or(Percent(default.max_delete_percent))?
            .0,
    })
}

fn reindex(entry: ReindexEntry<'_>, reading: &mut Reading) -> Option<Reindex> {
    let list = match entry {
        ReindexEntry::Word(_) => return Some(Reindex::Cron),
        ReindexEntry::Steps(list) => list,
    };
    if list.is_empty() {
        let found = NO_STEPS.at(list.head(), "a list of reindex steps has at least one");
        reading
            .findings
            .push(found.help("write `reindex: cron` when the shop's cron brings the index up to date"));
        return None;
    }
    let mut steps = Vec::new();
    for node in list.nodes() {
        let entry = list.item(node, reading);
        steps.push(entry.and_then(|entry| step(entry, reading)));
    }
    steps.into_iter().collect::<Option<_>>().map(Reindex::Steps)
}

fn step(entry: StepEntry<'_>, reading: &mut Reading) -> Option<Step> {
    let run = entry.run.good().map(|argv| StepKind::Run { argv: argv.0 });
    let http = entry
        .http
        .good()
        .and_then(|http| request(http, reading))
        .map(StepKind::Http);
    Some(Step {
        kind: run.or(http)?,
        timeout: entry.timeout.or(Timeout(DEFAULT_TIMEOUT))?.0,
    })
}

fn request(entry: HttpEntry<'_>, reading: &mut Reading) -> Option<HttpStep> {
    let headers = match entry.headers {
        Found::Absent => Some(Vec::new()),
        Found::Bad => None,
        Found::Good(entries) => headers(entries, reading),
    };
    let body = match entry.body {
        Found::Absent => None,
        Found::Bad => return None,
        Found::Good(body) => Some(body.0.to_owned()),
    };
    Some(HttpStep {
        method: entry.method.or(MethodName(Method::Post))?.0,
        url: entry.url.good()?.0,
        headers: headers?,
        body,
    })
}

fn headers(entries: Entries<'_, ValueEntry<'_>>, reading: &mut Reading) -> Option<Vec<(String, SecretRef)>> {
    let mut headers: Vec<Option<(String, SecretRef)>> = Vec::new();
    for (name, value) in entries.entries {
        let lower = name.value.to_ascii_lowercase();
        let known = headers.iter().flatten().any(|(known, _)| *known == lower);
        headers.push(match value {
            None => None,
            Some(_) if known => {
                let message = format!("the header `{}` stands here twice", shown(name.value));
                reading.findings.push(INVALID_HEADER.at(name.span, message));
                None
            }
            Some(value) => header(name, lower, value, reading),
        });
    }
    headers.into_iter().collect()
}

fn header(
    name: Text<'_>,
    lower: String,
    value: ValueEntry<'_>,
    reading: &mut Reading,
) -> Option<(String, SecretRef)> {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if lower.is_empty() || !lower.chars().all(token) {
        let message = format!("`{}` cannot be the name of a header", shown(name.value));
        reading.findings.push(INVALID_HEADER.at(name.span, message));
        return None;
    }
    let value =
        match value {
            ValueEntry::Secret(entry) => secret(entry)?,
            ValueEntry::Plain(_) if SECRET_HEADERS.contains(&lower.as_str()) => {
                let message =
                    format!("the value of the header `{lower}` is a secret and does not stand in this file");
                let found = PLAIN_SECRET.at(name.span, message);
                reading.findings.push(found.help(
                    "say where it is kept: `{ env: NAME }`, `{ file: PATH }` or `{ command: [PROGRAM] }`",
                ));
                return None;
            }
            ValueEntry::Plain(text) if text.0.value.chars().any(|c| c.is_control() || !c.is_ascii()) => {
                let message =
                    format!("the value of the header `{lower}` has characters that HTTP does not allow");
                reading.findings.push(INVALID_HEADER.at(name.span, message));
                return None;
            }
            ValueEntry::Plain(text) => SecretRef::Value(text.0.value.into()),
        };
    Some((lower, value))
}
