//! Where the shop is and how careful to be with it: the texts of `targets.yaml` become [`Targets`].

mod address;
mod auth;
mod connection;
mod document;
mod env;
mod from_flags;
mod headers;
mod hygiene;
mod keyring;
mod leaf;
mod limits;
mod load;
mod lower;
mod mask;
mod masked;
mod program_stderr;
mod redacted;
mod rules;
mod secret;
mod select;
mod steps;
mod texts;
mod types;

pub use address::{AddressError, base_address, is_same_shop, step_address};
pub use env::{SIGN_IN_VARIABLES, SignInVariable};
pub use from_flags::EnvironmentError;
pub use hygiene::{Oddity, SecretUse};
pub use keyring::Keyring;
pub use limits::parse_duration;
pub use load::{Loaded, load};
pub use mask::Mask;
pub use rules::RULES;
pub use secret::{SecretError, SecretRef, resolve_secret_for};
pub use select::{SelectError, select, select_named};
pub use types::{
    Api, Auth, BasicSettings, ConnectionSettings, DEFAULT_INTERVAL, DEFAULT_PROVE_TIMEOUT, DEFAULT_STORE,
    DEFAULT_TIMEOUT, GuardSettings, HttpStep, Method, Prove, Reindex, Step, StepKind, Target, Targets,
    Webhook, WebhookKind,
};

/// The JSON Schema of `targets.yaml`, made from the types that the loader decodes.
pub fn schema() -> schemars::Schema {
    spanned_yaml::document_schema::<document::TargetsFile<'static>>("stocktake targets")
}
