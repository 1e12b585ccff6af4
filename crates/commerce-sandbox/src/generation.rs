//! The differences between the generations of Commerce: one table, a row for each profile.
//!
//! The row of 2.4.1 is recorded, except where a comment says *read*. All other rows are read from source code and
//! documentation, not recorded. Section numbers are those of the project's notes on Commerce.

use crate::profile::Profile;

/// The properties of a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generation {
    /// Limits on requests (C5.1).
    pub limits: Limits,
    /// Reaction to a field that an object does not have (C6).
    pub unknown_field: UnknownField,
    /// True if an integration's access token works as a bearer token (B2, C5.3).
    pub integration_bearer: bool,
    /// Methods that may sign a request (B2, C5.3).
    pub signature_methods: &'static [&'static str],
    /// Order of signed arguments (`oauth-vectors.json`, C5.3).
    pub signed_order: SignedOrder,
    /// Form of tokens (B1, C5.3).
    pub token_form: TokenForm,
    /// Lifetime of users' tokens, in seconds (B0, C5.3).
    pub token_life: u64,
    /// Indexers that a write invalidates together with the inventory indexer (C8.2).
    pub stale_with_inventory: &'static [&'static str],
    /// Indexers that run after every run of the inventory indexer (B8, C8.2).
    pub run_after_inventory: &'static [&'static str],
    /// True if deleting a stock invalidates the index (B8; 2.4.8/16-235, 16-244).
    pub stale_after_stock_delete: bool,
    /// Condition for a successful reindex (B8, C8.4).
    pub reindex_success: ReindexSuccess,
    /// Place of the API, and its sign-in (B6, C5.4).
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

/// Indexers that 2.4.1 left at "Reindex required" after a link write (recording 11b, steps 002 and 006; the price
/// indexer, which had run by then, from C8.2).
const STALE: &[&str] = &[
    "catalog_product_price",
    "catalogrule_rule",
    "catalogsearch_fulltext",
    "catalog_category_product",
    "cataloginventory_stock",
];

const V2_4_1: Generation = Generation {
    // Never in force on a real 2.4.1 (C5.1). If switched on, they equal those of the next generation.
    limits: Limits {
        enforced: false,
        items: 20,
        page: 300,
        default_page: 20,
    },
    unknown_field: UnknownField::InternalError,
    integration_bearer: true,
    signature_methods: &["HMAC-SHA1", "HMAC-SHA256"],
    signed_order: SignedOrder::Natural,
    token_form: TokenForm::Opaque,
    // The setting of the recorded shop; a fresh one has 4 hours.
    token_life: 24 * HOUR,
    stale_with_inventory: STALE,
    run_after_inventory: &["catalog_product_price", "catalogsearch_fulltext"],
    stale_after_stock_delete: true,
    reindex_success: ReindexSuccess::Any,
    hosting: Hosting::Own,
};

/// Read: limits C5.1, token life C5.3, exit code C8.4.
const V2_4_3: Generation = Generation {
    limits: Limits {
        enforced: true,
        ..V2_4_1.limits
    },
    token_life: 4 * HOUR,
    reindex_success: ReindexSuccess::All,
    ..V2_4_1
};

/// Read: limits are a setting again C5.1, all about tokens and signatures C5.3.
const V2_4_4: Generation = Generation {
    limits: V2_4_1.limits,
    integration_bearer: false,
    signature_methods: &["HMAC-SHA256"],
    token_form: TokenForm::Jwt,
    token_life: HOUR,
    ..V2_4_3
};

/// Read: limits C5.1, unknown fields C6.
const V2_4_7: Generation = Generation {
    limits: Limits {
        items: 999_999,
        default_page: 999_999,
        ..V2_4_4.limits
    },
    unknown_field: UnknownField::Named,
    ..V2_4_4
};

/// Read: order of signed arguments C5.3, the index C8.2.
const V2_4_8: Generation = Generation {
    signed_order: SignedOrder::Plain,
    stale_with_inventory: &[],
    run_after_inventory: &[],
    stale_after_stock_delete: false,
    ..V2_4_7
};

/// Read: C5.4.
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
