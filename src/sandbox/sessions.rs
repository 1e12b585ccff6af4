//! Who is calling: tokens, passwords, permissions and the lock-out.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::principals::Principals;

/// Failures of a user name after which every try is refused.
///
/// The shop's setting is 6; the recording of the lock-out leaves one of the six out and shows it after five.
const MAX_FAILURES: u32 = 5;
/// How long it is refused.
const LOCKED_FOR: Duration = Duration::from_mins(30);
/// The resource that includes every other.
const ALL: &str = "Magento_Backend::all";

/// Tokens given out, and sign-ins that failed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Sessions {
    /// Holders of the tokens that sign-ins gave out.
    tokens: BTreeMap<String, Holder>,
    /// Failed sign-ins by kind and name of user.
    failures: BTreeMap<String, Failures>,
}

/// Who holds a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holder {
    /// An admin, by user name.
    Admin(String),
    /// A customer, by address.
    Customer(String),
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Failures {
    count: u32,
    /// Seconds since the epoch.
    locked_until: u64,
}

impl Sessions {
    /// Signs an admin in; nothing when the password is wrong, or the user unknown or locked.
    pub fn sign_in_admin(&mut self, principals: &Principals, name: &str, password: &str) -> Option<String> {
        let known = principals
            .admins
            .iter()
            .any(|a| a.username == name && a.password == password);
        self.sign_in(Holder::Admin(name.to_owned()), known)
    }

    /// Signs a customer in; nothing when the password is wrong, or the customer unknown or locked.
    pub fn sign_in_customer(
        &mut self,
        principals: &Principals,
        email: &str,
        password: &str,
    ) -> Option<String> {
        let known = principals
            .customers
            .iter()
            .any(|c| c.email == email && c.password == password);
        self.sign_in(Holder::Customer(email.to_owned()), known)
    }

    /// Gives out a token without asking for a password.
    pub fn issue(&mut self, holder: Holder) -> String {
        let token = Uuid::now_v7().simple().to_string();
        self.tokens.insert(token.clone(), holder);
        token
    }

    /// Tells whether the bearer of a token may use a resource; integrations' tokens are bearer tokens too.
    pub fn may(&self, principals: &Principals, token: Option<&str>, resource: &str) -> bool {
        let Some(token) = token else { return false };
        let granted = match self.tokens.get(token) {
            Some(Holder::Admin(name)) => principals
                .admins
                .iter()
                .find(|a| a.username == *name)
                .map(|a| &a.resources),
            Some(Holder::Customer(_)) => None,
            None => principals
                .integrations
                .iter()
                .find(|i| i.token == token)
                .map(|i| &i.resources),
        };
        granted.is_some_and(|granted| granted.iter().any(|one| one == ALL || one == resource))
    }

    fn sign_in(&mut self, holder: Holder, right: bool) -> Option<String> {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_secs();
        let failures = self.failures.entry(holder.key()).or_default();
        if failures.count >= MAX_FAILURES {
            if now < failures.locked_until {
                return None;
            }
            failures.count = 0;
        }
        if right {
            failures.count = 0;
            return Some(self.issue(holder));
        }
        failures.count += 1;
        failures.locked_until = now + LOCKED_FOR.as_secs();
        None
    }
}

impl Holder {
    fn key(&self) -> String {
        match self {
            Self::Admin(name) => format!("admin {name}"),
            Self::Customer(email) => format!("customer {email}"),
        }
    }
}

/// Reads the token out of an `Authorization` header of exactly two words.
pub fn bearer(authorization: &str) -> Option<&str> {
    let mut words = authorization.split(' ');
    match (words.next(), words.next(), words.next()) {
        (Some(scheme), Some(token), None) if scheme.eq_ignore_ascii_case("bearer") => Some(token),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::principals::Admin;
    use super::*;

    #[test]
    fn a_locked_user_is_refused_the_right_password_and_keeps_older_tokens() {
        let admin = Admin {
            username: "a".into(),
            password: "right".into(),
            resources: vec!["R".into()],
        };
        let principals = Principals {
            admins: vec![admin],
            ..Principals::default()
        };
        let mut sessions = Sessions::default();
        let token = sessions.sign_in_admin(&principals, "a", "right");
        for _ in 0..MAX_FAILURES {
            assert_eq!(sessions.sign_in_admin(&principals, "a", "wrong"), None);
        }
        assert_eq!(sessions.sign_in_admin(&principals, "a", "right"), None);
        assert!(sessions.may(&principals, token.as_deref(), "R"));
        assert!(!sessions.may(&principals, token.as_deref(), "S"));
    }

    #[test]
    fn a_bearer_header_has_two_words() {
        assert_eq!(bearer("bearer x"), Some("x"));
        assert_eq!(bearer("Bearer x y"), None);
        assert_eq!(bearer("Basic x"), None);
    }
}
