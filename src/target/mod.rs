//! Where the shop is and how careful to be with it: the texts of `targets.yaml` become [`Targets`].

mod address;
mod auth;
mod connection;
mod document;
mod headers;
mod hygiene;
mod kept;
mod keyring;
mod leaf;
mod limits;
mod load;
mod lower;
mod mask;
mod masked;
mod murmur;
mod rules;
mod secret;
mod select;
mod single;
mod steps;
mod texts;
mod types;
mod variables;

pub use address::{AddressError, base_address, is_same_shop, step_address};
pub use hygiene::{Oddity, SecretUse};
pub use keyring::Keyring;
pub use limits::parse_duration;
pub use load::{Loaded, load};
pub use mask::Mask;
pub use rules::RULES;
pub use secret::{SecretError, SecretRef, resolve_secret_for};
pub use select::{SelectError, select, select_named};
pub use single::EnvironmentError;
pub use types::{
    Api, Auth, BasicSettings, ConnectionSettings, DEFAULT_INTERVAL, DEFAULT_PROVE_TIMEOUT, DEFAULT_STORE,
    DEFAULT_TIMEOUT, GuardSettings, HttpStep, Method, Prove, Reindex, Step, StepKind, Target, Targets,
    Webhook, WebhookKind,
};
pub use variables::{SIGN_IN_VARIABLES, SignInVariable};

/// The JSON Schema of `targets.yaml`, made from the types that the loader decodes.
pub fn schema() -> schemars::Schema {
    spanned_yaml::document_schema::<document::TargetsFile<'static>>("stocktake targets")
}
