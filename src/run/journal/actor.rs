//! The person or account that runs the tool, and the machine.

use std::sync::OnceLock;

/// The variables that name the actor: the explicit one first, then the CI system, then the session.
const VARIABLES: [&str; 5] = [
    "STOCKTAKE_ACTOR",
    "GITHUB_ACTOR",
    "GITLAB_USER_LOGIN",
    "USER",
    "USERNAME",
];

/// The actor, by the environment or else the system. It is looked up once, since the system may have to ask a directory.
pub(super) fn actor() -> String {
    static ACTOR: OnceLock<String> = OnceLock::new();
    let actor = || named(|name| std::env::var(name).ok(), account);
    ACTOR.get_or_init(actor).clone()
}

fn named(variable: impl Fn(&str) -> Option<String>, account: impl FnOnce() -> String) -> String {
    let set = |name: &&str| variable(name).filter(|value| !value.trim().is_empty());
    VARIABLES.iter().find_map(set).unwrap_or_else(account)
}

/// The account of the process; its number where it has no name, as in containers.
#[cfg(unix)]
fn account() -> String {
    let number = || format!("uid {}", rustix::process::geteuid().as_raw());
    whoami::username().unwrap_or_else(|_| number())
}

/// The account of the process.
#[cfg(not(unix))]
fn account() -> String {
    whoami::username().unwrap_or_else(|_| "unknown".to_owned())
}

/// The machine's name.
#[cfg(unix)]
pub(super) fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// The machine's name.
#[cfg(not(unix))]
pub(super) fn host() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_else(|_| "unknown".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{account, named};

    fn of(variables: &[(&str, &str)]) -> String {
        let variable = |name: &str| {
            let found = variables.iter().find(|(of, _)| *of == name)?;
            Some(found.1.to_owned())
        };
        named(variable, || "by the system".to_owned())
    }

    #[test]
    fn what_the_environment_says_comes_first() {
        assert_eq!(of(&[("USER", "ada"), ("GITHUB_ACTOR", "bot")]), "bot");
        assert_eq!(of(&[("USER", "ada"), ("STOCKTAKE_ACTOR", "release")]), "release");
        assert_eq!(of(&[("USER", ""), ("USERNAME", "ada")]), "ada");
    }

    #[test]
    fn the_system_is_asked_when_nobody_says() {
        for variables in [&[][..], &[("USER", ""), ("GITHUB_ACTOR", " ")]] {
            assert_eq!(of(variables), "by the system");
        }
        assert_ne!(account(), "");
    }
}
