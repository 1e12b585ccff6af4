//! The lock-out of users who fail to sign in too often.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::holder::Holder;

/// Failures of a user name after which every try is refused.
///
/// The shop's setting is 6; the recording of the lock-out leaves one of the six out and shows it after five.
const MAX_FAILURES: u32 = 5;
/// Seconds for which it is refused.
const LOCKED_FOR: u64 = 30 * 60;

/// Failed sign-ins by kind and name of user.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Lockout(BTreeMap<String, Failures>);

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Failures {
    count: u32,
    /// Seconds since the epoch.
    locked_until: u64,
}

impl Lockout {
    /// Counts a try and tells whether it gets the user in: a right password does not, once there were too many wrong.
    pub fn admits(&mut self, user: &Holder, right: bool, now: u64) -> bool {
        let failures = self.0.entry(key(user)).or_default();
        if failures.count >= MAX_FAILURES {
            if now < failures.locked_until {
                return false;
            }
            failures.count = 0;
        }
        if right {
            failures.count = 0;
        } else {
            failures.count += 1;
            failures.locked_until = now + LOCKED_FOR;
        }
        right
    }
}

fn key(user: &Holder) -> String {
    match user {
        Holder::Admin(name) => format!("admin {name}"),
        Holder::Customer(email) => format!("customer {email}"),
        Holder::Application(id) => format!("application {id}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_user_is_refused_the_right_password_for_half_an_hour() {
        let mut lockout = Lockout::default();
        let user = Holder::Admin("a".to_owned());
        assert!(lockout.admits(&user, true, 0));
        for _ in 0..MAX_FAILURES {
            assert!(!lockout.admits(&user, false, 100));
        }
        assert!(!lockout.admits(&user, true, 100 + LOCKED_FOR - 1));
        assert!(lockout.admits(&Holder::Customer("a".to_owned()), true, 100));
        assert!(lockout.admits(&user, true, 100 + LOCKED_FOR));
    }
}
