//! Lowers the decoded file to targets: fills in defaults and checks rules between keys.

use std::collections::HashMap;

use spanned_yaml::diag::{InputFiles, Span, shown};
use spanned_yaml::{DecodeContext, Field, List, Sensitive, StrLit};

use super::auth::{auth as auth_of, secret};
use super::connection::connection;
use super::document::{GuardEntry, NotifyEntry, ProveEntry, TargetEntry, TargetsFile};
use super::keyring::Keyring;
use super::listed_file::ListedFile;
use super::rules::{
    DUPLICATE_TARGET, INVALID_CANARY, INVALID_FILES, INVALID_TARGET_NAME, NO_TARGETS, TWO_DEFAULTS,
};
use super::scalar::{ApiName, Flag, InventoryPath, MaxDeletes, Percent, ProtectedName, StoreCode, Timeout};
use super::steps::{names, reindex};
use super::types::{
    Api, DEFAULT_PROVE_TIMEOUT, DEFAULT_STORE, Prove, Reindex, Target, Targets, Webhook, WebhookKind,
};
use crate::model::{GuardLimits, StockName};

/// Collects the targets of all files.
#[derive(Debug, Default)]
pub struct Lowering {
    /// The valid targets.
    pub targets: Targets,
    names: HashMap<String, Span>,
    default: Option<Span>,
}

impl Lowering {
    /// Adds the targets of one file.
    pub fn file(&mut self, file: TargetsFile<'_>, files: &InputFiles, context: &mut DecodeContext) {
        let Some(entries) = file.targets.good() else {
            return;
        };
        if entries.entries.is_empty() {
            context.report(NO_TARGETS.at(file.head, "this file lists no target"));
        }
        for (name, entry) in entries.entries {
            self.check_name(name, context);
            let Some(entry) = entry else { continue };
            self.check_default(name, &entry, context);
            self.targets
                .targets
                .extend(target(name.value, entry, files, context));
        }
    }

    fn check_name(&mut self, name: StrLit<'_>, context: &mut DecodeContext) {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if !(1..=64).contains(&name.value.len()) || !name.value.chars().all(fits) {
            let message = format!("`{}` cannot be the name of a target", shown(name.value));
            let found = INVALID_TARGET_NAME.at(name.span, message);
            context.report(found.help("a name has 1 to 64 letters, digits, dots, hyphens and underscores"));
        }
        match self.names.get(name.value) {
            // A key that stands twice in one file has been reported.
            Some(first) if first.file != name.span.file => {
                let message = format!("the target `{}` stands in two files", shown(name.value));
                let found = DUPLICATE_TARGET.found(message).at(name.span, "again here");
                context.report(found.related(*first, "first here"));
            }
            Some(_) => {}
            None => {
                self.names.insert(name.value.to_owned(), name.span);
            }
        }
    }

    fn check_default(&mut self, name: StrLit<'_>, entry: &TargetEntry<'_>, context: &mut DecodeContext) {
        if !matches!(entry.default, Field::Good(Flag(true))) {
            return;
        }
        match self.default {
            None => self.default = Some(name.span),
            Some(first) => context.report(
                TWO_DEFAULTS
                    .at(name.span, "a second target is marked `default: true`")
                    .related(first, "the first one"),
            ),
        }
    }
}

/// Reads all parts before it gives up, so that each error is reported.
fn target(
    name: &str,
    entry: TargetEntry<'_>,
    files: &InputFiles,
    context: &mut DecodeContext,
) -> Option<Target> {
    // Lists are read lazily, so the context must be sensitive here too.
    let auth = entry.auth.good();
    let auth = auth.and_then(|entry| context.sensitive(|context| auth_of(entry.0, context)));
    let connection = connection(entry.connection, auth.as_ref(), context);
    let guard = guard(entry.guard);
    let protect = protect(entry.protect, context);
    let inventory = entry
        .files
        .lowered(Vec::new(), |list| inventory(&list.0, files, context));
    let reindex = entry
        .reindex
        .lowered(Reindex::Absent, |entry| reindex(entry, context));
    let prove = entry.prove.lowered(Prove::Links, |entry| prove(entry, context));
    let notify = notify(entry.notify, context);
    let pass_env = names(entry.pass_env, context);
    let prove_timeout = entry.prove_timeout.or(Timeout(DEFAULT_PROVE_TIMEOUT));
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
        protect: protect?,
        inventory: inventory?,
        reindex: reindex?,
        prove: prove?,
        prove_timeout: prove_timeout?.0,
        notify: notify?,
        default: entry.default.or(Flag(false))?.0,
        keyring: Keyring::default().passing(&pass_env?),
    })
}

/// The level of proof; `None` if the named products are wrong.
fn prove(entry: ProveEntry<'_>, context: &mut DecodeContext) -> Option<Prove> {
    let canary = match entry {
        ProveEntry::Word(word) => return Some(word.0),
        ProveEntry::Canary(entry) => entry.canary.good()?.0,
    };
    if canary.is_empty() {
        context.report(INVALID_CANARY.at(canary.head(), "a canary names at least one product"));
        return None;
    }
    let skus = canary.all(context)?;
    Some(Prove::Canary(skus.iter().map(|sku| sku.0.to_owned()).collect()))
}

fn inventory(
    list: &List<'_, InventoryPath>,
    files: &InputFiles,
    context: &mut DecodeContext,
) -> Option<Vec<ListedFile>> {
    if list.is_empty() {
        let found = INVALID_FILES.at(list.head(), "`files` lists at least one inventory file or folder");
        context.report(found.help("without `files`, the target's inventory is inventory.yaml"));
        return None;
    }
    let listed = list.nodes().map(|node| {
        let place = files.place(node.head());
        let path = list.item(node, context)?.0;
        Some(ListedFile { path, place })
    });
    let listed: Vec<_> = listed.collect();
    listed.into_iter().collect()
}

fn notify(
    entry: Field<Sensitive<List<'_, Sensitive<NotifyEntry<'_>>>>>,
    context: &mut DecodeContext,
) -> Option<Vec<Webhook>> {
    entry.lowered(Vec::new(), |list| {
        let entries = list.0.all(context)?;
        entries.into_iter().map(|entry| webhook(entry.0)).collect()
    })
}

fn webhook(entry: NotifyEntry<'_>) -> Option<Webhook> {
    let of = |kind, url| Webhook { kind, url };
    let slack = entry.slack.good().and_then(secret);
    let plain = entry.webhook.good().and_then(secret);
    slack
        .map(|url| of(WebhookKind::Slack, url))
        .or_else(|| plain.map(|url| of(WebhookKind::Plain, url)))
}

fn protect(entry: Field<List<'_, ProtectedName>>, context: &mut DecodeContext) -> Option<Vec<StockName>> {
    let names =
        |list: List<'_, ProtectedName>| Some(list.all(context)?.into_iter().map(|name| name.0).collect());
    entry.lowered(Vec::new(), names)
}

fn guard(entry: Field<GuardEntry<'_>>) -> Option<GuardLimits> {
    let default = GuardLimits::DEFAULT;
    entry.lowered(default, |entry| {
        let percent = entry.max_delete_percent.or(Percent(default.max_delete_percent))?;
        Some(GuardLimits {
            max_deletes: entry.max_deletes.or(MaxDeletes(default.max_deletes))?.0,
            max_delete_percent: percent.0,
        })
    })
}
