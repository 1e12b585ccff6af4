//! What the shop remembers of those who sign in: tokens, failures and nonces.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::holder::Holder;
use super::lockout::Lockout;
use super::oauth::Nonces;
use super::token;
use crate::generation::Generation;

/// Tokens given out, sign-ins that failed, and nonces used.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Sessions {
    /// The tokens that sign-ins gave out.
    tokens: BTreeMap<String, Session>,
    /// Failed sign-ins.
    pub lock_out: Lockout,
    /// Nonces of signed requests.
    #[serde(default)]
    pub nonces: Nonces,
}

/// A token's holder and end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Session {
    holder: Holder,
    /// Seconds since the epoch.
    until: u64,
}

impl Sessions {
    /// Gives out a token without asking for a password.
    pub fn issue(&mut self, holder: Holder, generation: &Generation, now: u64) -> String {
        let until = now + generation.token_life;
        let token = token::make(generation.token_form, &holder, now, until);
        self.tokens.insert(token.clone(), Session { holder, until });
        token
    }

    /// Tells who holds a token that has not ended.
    pub fn holder(&self, token: &str, now: u64) -> Option<&Holder> {
        let session = self.tokens.get(token)?;
        (now < session.until).then_some(&session.holder)
    }

    /// Ends every token there is.
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
