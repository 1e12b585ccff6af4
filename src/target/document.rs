//! `targets.yaml` as it is written: its keys and the JSON Schema of them.

use spanned_yaml::{Decode, DecodeContext, Entries, List, Node, NodeKind, Sensitive, Version, record};

use super::leaf::{
    ApiName, Argv, BaseUrl, Body, CanarySku, CronWord, EnvName, FilePath, Flag, MaxDeletes, MethodName,
    Pause, Percent, PlainText, ProtectedName, ProveWord, StepUrl, StoreCode, Timeout,
};

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
        /// The kind of API that the shop serves. `paas`: Magento Open Source, and Adobe Commerce on premises or on cloud
        /// infrastructure. `saas`: Adobe Commerce as a Cloud Service, whose address ends with the tenant's id.
        optional api: ApiName = "paas",
        /// The store code of REST calls, in the path or the `Store` header; `all` answers in no store's language.
        optional store: StoreCode<'t> = "all",
        /// How the shop knows us.
        required auth: Sensitive<AuthEntry<'t>>,
        /// How connections are made, beyond what the system knows.
        optional connection: ConnectionEntry<'t>,
        /// From when on deletes are refused.
        optional guard: GuardEntry<'t>,
        /// The names of stocks none of whose links may be deleted. No flag lifts that.
        optional protect: List<'t, ProtectedName>,
        /// How the index is brought up to date after link writes: `cron` when the shop does it, or a list of steps.
        optional reindex: ReindexEntry<'t>,
        /// How much of a result is proven, when no `--prove` says otherwise: `links`; `index`, every row of the index of the
        /// stocks in question; or the rows of some products.
        optional prove: ProveEntry<'t> = "links",
        /// How long a proof of the index may be looked for after the reindex, such as `5m`.
        optional prove_timeout: Timeout = "1m",
        /// The web hooks that `drift --notify` tells of changes.
        optional notify: Sensitive<List<'t, Sensitive<NotifyEntry<'t>>>>,
        /// The variables of the environment that programs which fetch secrets may see, though they hold secrets: they see no
        /// variable that a secret of any target here names, nor those by which stocktake itself signs in, but all others.
        optional pass_env: List<'t, EnvName<'t>>,
        /// Whether this target is meant when none is named.
        optional default: Flag = false,
    }
}

record! {
    /// The credential that is sent.
    pub struct AuthEntry<'t>: "`auth`" {
        /// A token for the `Authorization: Bearer` header.
        optional bearer: SecretEntry<'t>,
        /// The four secrets of an integration, with which each request is signed (OAuth 1.0a, HMAC-SHA256).
        optional oauth1: OAuth1Entry<'t>,
        /// An admin user, whose token is fetched and renewed.
        optional admin: AdminEntry<'t>,
        /// Client credentials at Adobe's identity service, for `api: saas`.
        optional ims: ImsEntry<'t>,
    }
    exactly one of bearer, oauth1, admin, ims;
}

record! {
    /// The four secrets of an integration, as Admin shows them when it is activated.
    pub struct OAuth1Entry<'t>: "`oauth1`" {
        /// The consumer key.
        required consumer_key: ValueEntry<'t>,
        /// The consumer's secret.
        required consumer_secret: SecretEntry<'t>,
        /// The access token.
        required token: SecretEntry<'t>,
        /// The access token's secret.
        required token_secret: SecretEntry<'t>,
    }
}

record! {
    /// An admin user.
    pub struct AdminEntry<'t>: "`admin`" {
        /// The user's name.
        required user: ValueEntry<'t>,
        /// The password.
        required password: SecretEntry<'t>,
        /// The secret of the user's authenticator app, in base32, where two-factor sign-in is on.
        optional totp: SecretEntry<'t>,
    }
}

record! {
    /// OAuth 2 client credentials.
    pub struct ImsEntry<'t>: "`ims`" {
        /// The client id, sent as `x-api-key` too.
        required client_id: ValueEntry<'t>,
        /// The client's secret.
        required client_secret: SecretEntry<'t>,
        /// The scopes to ask for, such as `openid`, `AdobeID` and `commerce.accs`.
        required scopes: List<'t, PlainText<'t>>,
        /// The organization, sent as `x-gw-ims-org-id`.
        required organization: ValueEntry<'t>,
        /// Where tokens are had.
        optional token_url: StepUrl = "https://ims-na1.adobelogin.com/ims/token/v3",
    }
}

record! {
    /// How connections are made. Proxies come from the environment (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    pub struct ConnectionEntry<'t>: "`connection`" {
        /// A PEM file with the certificates of private authorities, trusted besides the system's.
        optional ca_file: FilePath<'t>,
        /// A PEM file with a client certificate and its key.
        optional client_certificate: FilePath<'t>,
        /// The longest time to get a connection, such as `10s`.
        optional connect_timeout: Timeout = "10s",
        /// The longest time of one request, such as `2m`.
        optional request_timeout: Timeout = "2m",
        /// The longest time for all requests of a run to the shop together, with the pauses between them. Reindex steps, and
        /// a proof of the index, have times of their own.
        optional run_timeout: Timeout = "30m",
        /// The first pause before something is tried again, such as `1s` or `50ms`. Further pauses grow to twenty times
        /// as much, and a `Retry-After` of the server makes them longer.
        optional retry_pause: Pause = "250ms",
        /// How long reads may go on showing what stood before a write, as they do where the shop answers them from a replica
        /// of its database, such as `10s`. A read that shows that is made again until then, before anything is concluded from
        /// it.
        optional consistency_wait: Pause = "10s",
        /// Further headers of every request to the shop, by their names, for what stands in front of it: an identity
        /// proxy (`CF-Access-Client-Id`, `Proxy-Authorization`), a firewall. Their values are secrets, and go to the shop
        /// alone: not to an identity service, a web hook or a step.
        optional headers: Sensitive<Entries<'t, ValueEntry<'t>>>,
        /// The user and the password that an access gate in front of the shop asks for (HTTP Basic); with `auth: oauth1` only.
        optional basic: Sensitive<BasicEntry<'t>>,
    }
}

record! {
    /// HTTP Basic in front of a shop, sent as `Authorization: Basic …, OAuth …`.
    pub struct BasicEntry<'t>: "`basic`" {
        /// The user.
        required user: ValueEntry<'t>,
        /// The password.
        required password: SecretEntry<'t>,
    }
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
        /// The most links that a run may delete.
        optional max_deletes: MaxDeletes = 10,
        /// The greatest part of a stock's live links that a run may delete, in percent.
        optional max_delete_percent: Percent = 30,
    }
}

record! {
    /// A web hook that is told of drift. Its address is a secret, since who knows it can write there.
    pub struct NotifyEntry<'t>: "a web hook" {
        /// Where the address of an incoming web hook of Slack is kept, or of something that takes the same message.
        optional slack: SecretEntry<'t>,
        /// Where the address of something is kept that takes stocktake's own document (`schemas/notification.schema.json`).
        optional webhook: SecretEntry<'t>,
    }
    exactly one of slack, webhook;
}

record! {
    /// A step of a reindex.
    pub struct StepEntry<'t>: "a step" {
        /// A program with its arguments; there is no shell.
        optional run: Argv,
        /// A request.
        optional http: HttpEntry<'t>,
        /// A wait until the index shows the links, where cron or a queue brings it up to date.
        optional wait: WaitEntry<'t>,
        /// The variables of the environment that the program of `run` may see, though they hold secrets.
        optional pass_env: List<'t, EnvName<'t>>,
        /// How long the step may take, such as `90s`, `30m` or `1h`.
        optional timeout: Timeout = "30m",
    }
    exactly one of run, http, wait;
}

record! {
    /// A wait until the index shows the links.
    pub struct WaitEntry<'t>: "`wait`" {
        /// The pause between two looks, such as `30s`.
        optional interval: Timeout = "15s",
    }
}

record! {
    /// The products whose rows of the index are looked at.
    pub struct CanaryEntry<'t>: "`prove`" {
        /// The SKUs.
        required canary: Skus<'t>,
    }
}

record! {
    /// A request that a step sends.
    pub struct HttpEntry<'t>: "`http`" {
        /// The method.
        optional method: MethodName = "POST",
        /// The address: https, without credentials. http is for this machine alone.
        required url: StepUrl,
        /// The headers by their names.
        optional headers: Sensitive<Entries<'t, ValueEntry<'t>>>,
        /// The body.
        optional body: Sensitive<Body<'t>>,
    }
}

/// The SKUs of a canary; the lowering refuses an empty list.
#[derive(Debug)]
pub struct Skus<'t>(pub List<'t, CanarySku<'t>>);

impl<'t> Decode<'t> for Skus<'t> {
    fn decode(node: Node<'t>, reading: &mut DecodeContext) -> Option<Self> {
        List::decode(node, reading).map(Self)
    }
}

impl schemars::JsonSchema for Skus<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Skus".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let mut skus = generator.subschema_for::<List<'_, CanarySku<'_>>>();
        skus.insert("minItems".to_owned(), 1.into());
        skus
    }
}

/// What `prove` says.
#[derive(Debug)]
pub enum ProveEntry<'t> {
    /// A word.
    Word(ProveWord),
    /// Some products.
    Canary(CanaryEntry<'t>),
}

/// What `reindex` says.
#[derive(Debug)]
pub enum ReindexEntry<'t> {
    /// A word.
    Word(CronWord),
    /// A list of steps.
    Steps(List<'t, StepEntry<'t>>),
}

/// A text, or the place where it is kept.
#[derive(Debug)]
pub enum ValueEntry<'t> {
    /// A text.
    Plain(PlainText<'t>),
    /// The place where it is kept.
    Secret(SecretEntry<'t>),
}

impl<'t> Decode<'t> for ReindexEntry<'t> {
    fn decode(node: Node<'t>, reading: &mut DecodeContext) -> Option<Self> {
        match node.kind() {
            NodeKind::Plain(_) | NodeKind::Text(_) => CronWord::decode(node, reading).map(Self::Word),
            _ => List::decode(node, reading).map(Self::Steps),
        }
    }
}

impl<'t> Decode<'t> for ProveEntry<'t> {
    fn decode(node: Node<'t>, reading: &mut DecodeContext) -> Option<Self> {
        match node.kind() {
            NodeKind::Mapping => CanaryEntry::decode(node, reading).map(Self::Canary),
            _ => ProveWord::decode(node, reading).map(Self::Word),
        }
    }
}

impl<'t> Decode<'t> for ValueEntry<'t> {
    fn decode(node: Node<'t>, reading: &mut DecodeContext) -> Option<Self> {
        match node.kind() {
            NodeKind::Mapping => SecretEntry::decode(node, reading).map(Self::Secret),
            _ => PlainText::decode(node, reading).map(Self::Plain),
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

impl schemars::JsonSchema for ProveEntry<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Prove".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let word = generator.subschema_for::<ProveWord>();
        let canary = generator.subschema_for::<CanaryEntry<'_>>();
        schemars::json_schema!({ "anyOf": [word, canary] })
    }
}

impl schemars::JsonSchema for ValueEntry<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let text = generator.subschema_for::<PlainText<'_>>();
        let secret = generator.subschema_for::<SecretEntry<'_>>();
        schemars::json_schema!({ "anyOf": [text, secret] })
    }
}
