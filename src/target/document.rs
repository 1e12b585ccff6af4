//! `targets.yaml` as it is written: its keys and the JSON Schema of them.

use super::leaf::{
    ApiName, Argv, BaseUrl, Body, CronWord, EnvName, FilePath, Flag, HeaderText, MaxDeletes, MethodName,
    Percent, StepUrl, StoreCode, Timeout,
};
use crate::yaml::{Decode, Entries, List, Node, Reading, Shape, Version, record};

record! {
    /// Where the shops are, and how careful to be with them. Secrets do not stand here.
    pub struct TargetsFile<'t>: "a targets file" {
        /// The version of this format: 1.
        required version: Version,
        /// The targets by their names, one Commerce instance each.
        required targets: Entries<'t, TargetEntry<'t>>,
    }
}

record! {
    /// One Commerce instance.
    pub struct TargetEntry<'t>: "a target" {
        /// The shop's base address: https, without credentials, query or `/rest`. http is for this machine alone.
        required url: BaseUrl,
        /// The kind of API that the shop serves; `paas`, also when nothing is said: Magento Open Source, and Adobe
        /// Commerce on premises or on cloud infrastructure.
        optional api: ApiName,
        /// The store code in the path of REST calls; `all` when nothing is said.
        optional store: StoreCode<'t>,
        /// How the shop knows us.
        required auth: AuthEntry<'t>,
        /// From when on deletes are refused.
        optional guard: GuardEntry<'t>,
        /// How the index is brought up to date after link writes: `cron` when the shop does it, or a list of steps.
        optional reindex: ReindexEntry<'t>,
        /// Whether this target is meant when none is named.
        optional default: Flag,
    }
}

record! {
    /// The credential that is sent.
    pub struct AuthEntry<'t>: "`auth`" {
        /// A token for the `Authorization: Bearer` header.
        optional bearer: SecretEntry<'t>,
    }
    exactly one of bearer;
}

record! {
    /// Where a secret is kept.
    pub struct SecretEntry<'t>: "the place of a secret" {
        /// The name of an environment variable.
        optional env: EnvName<'t>,
        /// The path of a file; a relative one counts from the working directory.
        optional file: FilePath<'t>,
        /// A program with its arguments that writes the secret to its standard output; there is no shell.
        optional command: Argv,
    }
    exactly one of env, file, command;
}

record! {
    /// From when on deletes are refused.
    pub struct GuardEntry<'t>: "`guard`" {
        /// The most links that a run may delete; 10 when nothing is said.
        optional max_deletes: MaxDeletes,
        /// The greatest part of a stock's live links that a run may delete, in percent; 30 when nothing is said.
        optional max_delete_percent: Percent,
    }
}

record! {
    /// A step of a reindex.
    pub struct StepEntry<'t>: "a step" {
        /// A program with its arguments; there is no shell.
        optional run: Argv,
        /// A request.
        optional http: HttpEntry<'t>,
        /// How long the step may take, such as `90s`, `30m` or `1h`; 30m when nothing is said.
        optional timeout: Timeout,
    }
    exactly one of run, http;
}

record! {
    /// A request that a step sends.
    pub struct HttpEntry<'t>: "`http`" {
        /// The method; POST when nothing is said.
        optional method: MethodName,
        /// The address: https, without credentials. http is for this machine alone.
        required url: StepUrl,
        /// The headers by their names.
        optional headers: Entries<'t, HeaderEntry<'t>>,
        /// The body.
        optional body: Body<'t>,
    }
}

/// What `reindex` says.
#[derive(Debug)]
pub enum ReindexEntry<'t> {
    /// A word.
    Word(CronWord),
    /// A list of steps.
    Steps(List<'t, StepEntry<'t>>),
}

/// The value of a header: a text, or the place of a secret.
#[derive(Debug)]
pub enum HeaderEntry<'t> {
    /// A text.
    Plain(HeaderText<'t>),
    /// The place of a secret.
    Secret(SecretEntry<'t>),
}

impl<'t> Decode<'t> for ReindexEntry<'t> {
    fn decode(node: Node<'t>, reading: &mut Reading) -> Option<Self> {
        match node.shape() {
            Shape::Plain(_) | Shape::Text(_) => CronWord::decode(node, reading).map(Self::Word),
            _ => List::decode(node, reading).map(Self::Steps),
        }
    }
}

impl<'t> Decode<'t> for HeaderEntry<'t> {
    fn decode(node: Node<'t>, reading: &mut Reading) -> Option<Self> {
        match node.shape() {
            Shape::Mapping => SecretEntry::decode(node, reading).map(Self::Secret),
            _ => HeaderText::decode(node, reading).map(Self::Plain),
        }
    }
}

impl schemars::JsonSchema for ReindexEntry<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Reindex".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let word = generator.subschema_for::<CronWord>();
        let mut steps = generator.subschema_for::<List<'_, StepEntry<'_>>>();
        steps.insert("minItems".to_owned(), 1.into());
        schemars::json_schema!({ "anyOf": [word, steps] })
    }
}

impl schemars::JsonSchema for HeaderEntry<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Header".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let text = generator.subschema_for::<HeaderText<'_>>();
        let secret = generator.subschema_for::<SecretEntry<'_>>();
        schemars::json_schema!({ "anyOf": [text, secret] })
    }
}
