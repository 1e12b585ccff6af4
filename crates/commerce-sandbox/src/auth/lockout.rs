//! The lockout of users after too many failed sign-ins.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::holder::Holder;

/// Failures after which every sign-in of a user is refused.
///
/// The shop's setting is 6, but the recording shows the lockout after five.
const MAX_FAILURES: u32 = 5;
/// Length of the lockout, in seconds.
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
    /// Counts a sign-in and tells whether it is admitted. During a lockout the right password is refused too.
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
