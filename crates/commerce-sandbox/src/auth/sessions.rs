//! The sessions of a shop: issued tokens, failed sign-ins and used nonces.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::holder::Holder;
use super::lockout::Lockout;
use super::oauth::Nonces;
use super::token;
use crate::generation::Generation;

/// Issued tokens, failed sign-ins and used nonces.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Sessions {
    /// Issued tokens.
    tokens: BTreeMap<String, Session>,
    /// Failed sign-ins.
    #[serde(rename = "lock_out")]
    pub lockout: Lockout,
    /// Nonces of signed requests.
    #[serde(default)]
    pub nonces: Nonces,
}

/// The holder and the expiry of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Session {
    holder: Holder,
    /// Seconds since the epoch.
    until: u64,
}

impl Sessions {
    /// Issues a token without asking for a password.
    pub fn issue(&mut self, holder: Holder, generation: &Generation, now: u64) -> String {
        let until = now + generation.token_life;
        let token = token::make(generation.token_form, &holder, now, until);
        self.tokens.insert(token.clone(), Session { holder, until });
        token
    }

    /// Gives the holder of a token that has not expired.
    pub fn holder(&self, token: &str, now: u64) -> Option<&Holder> {
        let session = self.tokens.get(token)?;
        (now < session.until).then_some(&session.holder)
    }

    /// Expires all tokens.
    pub fn expire(&mut self) {
        self.tokens.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Profile;

    #[test]
    fn a_token_ends_with_its_life_or_at_once() {
        let generation = Generation::of(Profile::V2_4_3);
        let mut sessions = Sessions::default();
        let admin = Holder::Admin("a".to_owned());
        let token = sessions.issue(admin.clone(), &generation, 1000);
        assert_eq!(sessions.holder(&token, 1000 + 14_399), Some(&admin));
        assert_eq!(sessions.holder(&token, 1000 + 14_400), None);
        sessions.expire();
        assert_eq!(sessions.holder(&token, 1000), None);
    }
}
