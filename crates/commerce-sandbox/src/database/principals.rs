//! The tables of everybody who may sign in.

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
    /// Applications that the identity service of the cloud knows.
    #[serde(default)]
    pub ims: Vec<Application>,
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
    /// Secret of the one-time codes in base32, once the second factor is set up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub totp_secret: Option<String>,
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
    /// OAuth access token; until 2.4.3 it works as a bearer token too.
    pub token: String,
    /// OAuth access token secret.
    pub token_secret: String,
    /// ACL resources granted.
    pub resources: Vec<String>,
}

/// One application of the cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Client id, which is its API key too.
    pub client_id: String,
    /// Client secret.
    pub client_secret: String,
    /// The organization it belongs to.
    pub organization: String,
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
