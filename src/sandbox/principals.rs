//! Everybody who may sign in, as the tables hold them.

use serde::{Deserialize, Serialize};

/// Everybody who may sign in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principals {
    /// Admin users.
    #[serde(default)]
    pub admins: Vec<Admin>,
    /// Integrations with their four OAuth secrets.
    #[serde(default)]
    pub integrations: Vec<Integration>,
    /// Customers of the shop.
    #[serde(default)]
    pub customers: Vec<Customer>,
}

/// One admin user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admin {
    /// Name to sign in with.
    pub username: String,
    /// Password to sign in with.
    pub password: String,
    /// ACL resources of the role.
    pub resources: Vec<String>,
}

/// One integration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integration {
    /// Name shown.
    pub name: String,
    /// OAuth consumer key.
    pub consumer_key: String,
    /// OAuth consumer secret.
    pub consumer_secret: String,
    /// OAuth access token; works as a bearer token too.
    pub token: String,
    /// OAuth access token secret.
    pub token_secret: String,
    /// ACL resources granted.
    pub resources: Vec<String>,
}

/// One customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Address to sign in with.
    pub email: String,
    /// Password to sign in with.
    pub password: String,
}
