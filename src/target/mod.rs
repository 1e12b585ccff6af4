//! Targets: reads `targets.yaml`, flags and the environment into [`Targets`], and fetches secrets.

mod address;
mod auth;
mod connection;
mod document;
mod duration;
mod env;
mod fetch;
mod from_flags;
mod headers;
mod hygiene;
mod keyring;
mod listed_file;
mod load;
mod lower;
mod mask;
mod masked;
mod oddity;
mod program_stderr;
mod redacted;
mod rules;
mod scalar;
mod secret;
mod select;
mod steps;
mod types;

pub use address::{AddressError, base_address, is_same_shop, step_address};
pub use duration::parse_duration;
pub use env::{SIGN_IN_VARIABLES, SignInVariable};
pub use fetch::resolve_secret_for;
pub use from_flags::EnvironmentError;
pub use keyring::Keyring;
pub use listed_file::ListedFile;
pub use load::{Loaded, load};
pub use mask::Mask;
pub use oddity::{Oddity, SecretUse};
pub use rules::RULES;
pub use secret::{SecretError, SecretRef};
pub use select::{SelectError, select, select_named};
pub use types::{
    Api, Auth, BasicSettings, ConnectionSettings, DEFAULT_INTERVAL, DEFAULT_PROVE_TIMEOUT, DEFAULT_STORE,
    DEFAULT_TIMEOUT, HttpStep, Method, Prove, Reindex, Step, StepKind, Target, Targets, Webhook, WebhookKind,
};

/// The JSON Schema of `targets.yaml`, generated from the types that the loader decodes.
pub fn schema() -> schemars::Schema {
    spanned_yaml::document_schema::<document::TargetsFile<'static>>("stocktake targets")
}
