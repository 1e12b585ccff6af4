//! The settings of the two-factor module.

use serde::{Deserialize, Serialize};

/// The only provider in the sandbox: one-time codes of RFC 6238.
pub const GOOGLE: &str = "google";

/// The settings of the two-factor module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TwoFactorSettings {
    /// True if the module is on.
    pub enabled: bool,
    /// The provider that every admin must use; `None` if none is set.
    pub provider: Option<String>,
}

impl Default for TwoFactorSettings {
    fn default() -> Self {
        Self {
            enabled: false,
            provider: Some(GOOGLE.to_owned()),
        }
    }
}
