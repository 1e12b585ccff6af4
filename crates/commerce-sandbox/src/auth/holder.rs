//! The holder of a token.

use serde::{Deserialize, Serialize};

/// Who holds a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holder {
    /// An admin, by user name.
    Admin(String),
    /// A customer, by mail address.
    Customer(String),
    /// An application known to the identity service, by client id.
    Application(String),
}
