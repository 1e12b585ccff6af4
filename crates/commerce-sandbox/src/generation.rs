//! The differences between the generations of Commerce: one table, a row for each profile.
//!
//! The rows of 2.4.1, 2.4.7 and 2.4.8 are recorded, except where a comment says *read*. The others are read in source code.

use crate::index::indexer::{self, IndexerInfo};
use crate::magento::cache;
use crate::profile::Profile;

/// The properties of a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a row of the table names each of its facts"
)]
pub struct Generation {
    /// Limits on requests (read; the spelling that they see was observed).
    pub limits: Limits,
    /// Reaction to a field that an object does not have (04-196).
    pub unknown_field: UnknownField,
    /// Reaction to a method that the API does not have (05-038).
    pub unknown_method: UnknownMethod,
    /// Answer of a shop whose PHP crashes (04-184).
    pub crash: Crash,
    /// The PHP it runs on.
    pub php: Php,
    /// Reaction to a text that contains `<script>` (observed).
    pub scripts: Scripts,
    /// True if an integration's access token works as a bearer token unless the shop says otherwise (01-134).
    pub integration_bearer: bool,
    /// Methods that may sign a request (01-209).
    pub signature_methods: &'static [&'static str],
    /// Order of signed arguments (`oauth-vectors.json`).
    pub signed_order: SignedOrder,
    /// Form of tokens (01-000).
    pub token_form: TokenForm,
    /// Lifetime of users' tokens, in seconds.
    pub token_life: u64,
    /// Permissions for source selection and for writes of source items (01-058).
    pub permissions: Permissions,
    /// True if no two sources may have the same name (observed).
    pub unique_source_names: bool,
    /// Salable quantity of a SKU that the catalogue does not have (07-177).
    pub unknown_sku: UnknownSku,
    /// Reason why more is asked for than is salable (07-182).
    pub not_enough: &'static str,
    /// All indexers in the order of a full reindex (07-224).
    pub indexers: &'static [IndexerInfo],
    /// Indexers that a write invalidates together with the inventory indexer.
    pub stale_with_inventory: &'static [&'static str],
    /// Indexers that run after every run of the inventory indexer (07c-003).
    pub run_after_inventory: &'static [&'static str],
    /// True if deleting a stock invalidates the index (2.4.1/07b-029, but not 2.4.8/16-235 and 16-244; read for those between).
    pub stale_after_stock_delete: bool,
    /// True if a full index run counts reservations for the flag of a row (2.4.8/17-133; read: since 2.4.4).
    pub run_counts_reservations: bool,
    /// Condition for a successful reindex, and the words for what failed (07-169, 07-235).
    pub reindex_success: ReindexSuccess,
    /// Cache types in the order of a flush (01-235).
    pub cache_types: &'static [&'static str],
    /// Output of cron (07-205).
    pub cron_output: &'static str,
    /// Place of the API, and its sign-in.
    pub hosting: Hosting,
}

/// Limits on requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// True if they are in force.
    pub enforced: bool,
    /// Most objects in a list.
    pub items: usize,
    /// Largest page.
    pub page: i64,
    /// True if the size of a page is seen in every spelling, as no release does.
    pub every_spelling: bool,
    /// Page when none is asked for.
    pub default_page: i64,
}

/// Reaction to a field that an object does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownField {
    /// Status 500.
    InternalError,
    /// Status 400 with its name.
    Named,
}

/// Reaction to a method that the API does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownMethod {
    /// Status 400.
    Invalid,
    /// Status 405 with its name.
    Named,
}

/// Answer of a shop whose PHP crashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crash {
    /// An apology as HTML with status 200.
    Page,
    /// The same as plain text with status 500.
    Plain,
}

/// A major version of PHP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Php {
    /// 7: nothing may follow a number in a text.
    V7,
    /// 8: blanks may.
    V8,
}

/// Reaction to a text that contains `<script>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    /// It is a text like any other.
    Taken,
    /// Status 400.
    Refused,
}

/// Permissions for source selection and for writes of source items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permissions {
    /// That to read sources is enough.
    Few,
    /// Each has one of its own.
    Many,
}

/// Salable quantity of a SKU that the catalogue does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownSku {
    /// Status 404.
    NotFound,
    /// PHP crashes.
    Crash,
    /// It has no index row, and so a quantity of 0.
    Zero,
}

/// Order of signed arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedOrder {
    /// By encoded name; digits compare by their value.
    Natural,
    /// By decoded name, byte by byte.
    Plain,
}

/// Form of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenForm {
    /// 32 opaque characters.
    Opaque,
    /// Signed claims with an expiry.
    Jwt,
}

/// Condition for a successful reindex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReindexSuccess {
    /// One indexer succeeded.
    Any,
    /// No indexer failed.
    All,
}

/// Place of the API, and its sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hosting {
    /// Below `/rest`, the store code in the path, sign-in by the shop itself.
    Own,
    /// At the root, the store code in a header, sign-in by Adobe's identity service.
    Cloud,
}

/// Indexers that 2.4.1 left at "Reindex required" after a link write (11b-002, 11b-006; the price indexer is read).
const STALE: &[&str] = &[
    "catalog_product_price",
    "catalogrule_rule",
    "catalogsearch_fulltext",
    "catalog_category_product",
    "cataloginventory_stock",
];

const V2_4_1: Generation = Generation {
    // Never in force on a real 2.4.1. If switched on, they equal those of the next generation.
    limits: Limits {
        enforced: false,
        items: 20,
        page: 300,
        every_spelling: false,
        default_page: 20,
    },
    unknown_field: UnknownField::InternalError,
    unknown_method: UnknownMethod::Invalid,
    crash: Crash::Page,
    php: Php::V7,
    scripts: Scripts::Taken,
    integration_bearer: true,
    signature_methods: &["HMAC-SHA1", "HMAC-SHA256"],
    signed_order: SignedOrder::Natural,
    token_form: TokenForm::Opaque,
    // The setting of the recorded shop; a fresh one has 4 hours.
    token_life: 24 * HOUR,
    permissions: Permissions::Few,
    unique_source_names: false,
    unknown_sku: UnknownSku::NotFound,
    not_enough: "The requested qty is not available",
    indexers: &indexer::UNTIL_2_4_6,
    stale_with_inventory: STALE,
    run_after_inventory: &["catalog_product_price", "catalogsearch_fulltext"],
    stale_after_stock_delete: true,
    run_counts_reservations: false,
    reindex_success: ReindexSuccess::Any,
    cache_types: &cache::UNTIL_2_4_6,
    cron_output: "Ran jobs by schedule.\n",
    hosting: Hosting::Own,
};

/// Read. The unknown SKU changed in 2.4.2, the rest in 2.4.3.
const V2_4_3: Generation = Generation {
    limits: Limits {
        enforced: true,
        ..V2_4_1.limits
    },
    crash: Crash::Plain,
    token_life: 4 * HOUR,
    unique_source_names: true,
    unknown_sku: UnknownSku::Crash,
    reindex_success: ReindexSuccess::All,
    ..V2_4_1
};

/// Read. The limits are a setting again.
const V2_4_4: Generation = Generation {
    limits: V2_4_1.limits,
    php: Php::V8,
    integration_bearer: false,
    signature_methods: &["HMAC-SHA256"],
    token_form: TokenForm::Jwt,
    token_life: HOUR,
    permissions: Permissions::Many,
    run_counts_reservations: true,
    ..V2_4_3
};

/// Recorded from 2.4.7-p3. The unknown method changed in 2.4.5, the limits (read) in 2.4.6.
const V2_4_7: Generation = Generation {
    limits: Limits {
        items: 999_999,
        default_page: 999_999,
        ..V2_4_4.limits
    },
    unknown_field: UnknownField::Named,
    unknown_method: UnknownMethod::Named,
    indexers: &indexer::OF_2_4_7,
    cache_types: &cache::SINCE_2_4_7,
    ..V2_4_4
};

/// Recorded from 2.4.8-p1.
const V2_4_8: Generation = Generation {
    scripts: Scripts::Refused,
    signed_order: SignedOrder::Plain,
    unknown_sku: UnknownSku::Zero,
    not_enough: "Not enough items for sale",
    indexers: &indexer::SINCE_2_4_8,
    stale_with_inventory: &[],
    run_after_inventory: &[],
    stale_after_stock_delete: false,
    cron_output: "",
    ..V2_4_7
};

/// Read.
const SAAS: Generation = Generation {
    token_life: 86_399,
    hosting: Hosting::Cloud,
    ..V2_4_8
};

const HOUR: u64 = 60 * 60;

impl Generation {
    /// Gives the row of a profile.
    pub const fn of(profile: Profile) -> Self {
        match profile {
            Profile::V2_4_1 => V2_4_1,
            Profile::V2_4_3 => V2_4_3,
            Profile::V2_4_4 => V2_4_4,
            Profile::V2_4_7 => V2_4_7,
            Profile::V2_4_8 => V2_4_8,
            Profile::Saas => SAAS,
        }
    }
}

impl Default for Generation {
    fn default() -> Self {
        Self::of(Profile::default())
    }
}
