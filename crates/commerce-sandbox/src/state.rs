//! Everything that a shop remembers between two requests: its tables and its sessions.

use serde::{Deserialize, Serialize};

use crate::auth::sessions::Sessions;
use crate::database::store::Store;

/// Everything that a shop remembers between two requests.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct State {
    /// The tables.
    pub store: Store,
    /// Tokens, failed sign-ins and nonces.
    pub sessions: Sessions,
}
