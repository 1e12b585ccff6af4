//! `targets.yaml` as it is written: its keys and their JSON Schema.

mod auth;
mod connection;
mod either;
mod reindex;

use spanned_yaml::{Entries, List, NodeKind, Sensitive, Version, record};

use super::duration::duration_text;
use super::scalar::{
    ApiName, BaseUrl, CanarySku, EnvName, Flag, InventoryPath, MaxDeletes, Percent, ProtectedName, ProveWord,
    StoreCode, Timeout,
};
use super::types::{DEFAULT_PROVE_TIMEOUT, DEFAULT_STORE};
use crate::model::GuardLimits;
use either::{NonEmpty, either};

pub(super) use auth::{AdminEntry, AuthEntry, ImsEntry, OAuth1Entry, SecretEntry, ValueEntry};
pub(super) use connection::{BasicEntry, ConnectionEntry};
pub(super) use reindex::{HttpEntry, ReindexEntry, StepEntry};

record! {
    /// The shops, and how careful to be with them. Secrets do not belong here.
    pub struct TargetsFile<'t>: "a targets file" {
        /// The version of this format: 1.
        required version: Version,
        /// The targets by name. Each is one Commerce instance.
        required targets: Entries<'t, TargetEntry<'t>>,
    }
}

record! {
    /// One Commerce instance.
    pub struct TargetEntry<'t>: "a target" {
        /// The shop's base address: https, without credentials, query or `/rest`. http is only for this machine.
        required url: BaseUrl,
        /// The kind of API that the shop serves. `paas`: Magento Open Source, and Adobe Commerce on premises or on cloud
        /// infrastructure. `saas`: Adobe Commerce as a Cloud Service, whose address ends with the tenant's id.
        optional api: ApiName = "paas",
        /// The store code of REST calls, in the path or the `Store` header. `all` stands for all store views.
        optional store: StoreCode<'t> = DEFAULT_STORE,
        /// The credential that stocktake signs in with.
        required auth: Sensitive<AuthEntry<'t>>,
        /// Settings of the connection: timeouts, certificates, further headers.
        optional connection: ConnectionEntry<'t>,
        /// Limits above which deletes are refused.
        optional guard: GuardEntry<'t>,
        /// The names of protected stocks: none of their links may be deleted. No flag lifts that.
        optional protect: List<'t, ProtectedName>,
        /// The inventory files of this target, and folders of them. A relative path starts at the folder of this file. `-f`
        /// beats them; without both it is inventory.yaml.
        optional files: NonEmpty<'t, InventoryPath>,
        /// The way to bring the index up to date after link writes: `cron` if the shop's cron does it, or a list of steps.
        optional reindex: ReindexEntry<'t>,
        /// The level of proof after an apply, unless `--prove` sets another one: `links`; `index`, every index row of the
        /// changed stocks; or the index rows of some products.
        optional prove: ProveEntry<'t> = "links",
        /// The longest time to wait for the index proof after the reindex, such as `5m`.
        optional prove_timeout: Timeout = duration_text(DEFAULT_PROVE_TIMEOUT),
        /// The web hooks that `drift --notify` sends changes to.
        optional notify: Sensitive<List<'t, Sensitive<NotifyEntry<'t>>>>,
        /// Environment variables that programs which fetch secrets may see although they hold secrets. Such programs see
        /// all other variables, except those that hold a secret of any target here or that stocktake itself signs in with.
        optional pass_env: List<'t, EnvName<'t>>,
        /// True if this target is used if none is named.
        optional default: Flag = false,
    }
}

record! {
    /// Limits above which deletes are refused.
    pub struct GuardEntry<'t>: "`guard`" {
        /// The most links that a run may delete.
        optional max_deletes: MaxDeletes = GuardLimits::DEFAULT.max_deletes,
        /// The most links that a run may delete from one stock, in percent of its live links.
        optional max_delete_percent: Percent = GuardLimits::DEFAULT.max_delete_percent,
    }
}

record! {
    /// A web hook that receives drift. Its address is a secret: whoever has it can post there.
    pub struct NotifyEntry<'t>: "a web hook" {
        /// The place of the address of a Slack incoming web hook, or of a service that accepts the same message.
        optional slack: SecretEntry<'t>,
        /// The place of the address of a service that accepts stocktake's own document (`schemas/notification.schema.json`).
        optional webhook: SecretEntry<'t>,
    }
    exactly one of slack, webhook;
}

record! {
    /// The products whose index rows are checked.
    pub struct CanaryEntry<'t>: "`prove`" {
        /// The SKUs.
        required canary: NonEmpty<'t, CanarySku<'t>>,
    }
}

either! {
    /// The value of `prove`.
    pub enum ProveEntry<'t>: "Prove" {
        /// A level of proof.
        Word(ProveWord),
        /// Some products.
        Canary(CanaryEntry<'t>) if NodeKind::Mapping,
    }
}
