//! Selects targets by name or default.

use spanned_yaml::diag::{closest, did_you_mean, joined, shown};

use super::types::{Target, Targets};

/// Reports that no target could be selected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// No target has that name.
    #[error("there is no target `{}`; {}{}", shown(name), listed(known), likely.as_ref().map_or(String::new(), |likely| format!("; {}", did_you_mean(name, likely))))]
    Unknown {
        /// The requested name.
        name: String,
        /// The known names.
        known: Vec<String>,
        /// The most similar name.
        likely: Option<String>,
    },
    /// There are several targets, and none is the default.
    #[error(
        "several targets, and none of them is named or marked `default: true`; {}",
        listed(known)
    )]
    Ambiguous {
        /// The known names.
        known: Vec<String>,
    },
    /// There are no targets.
    #[error("there are no targets")]
    None,
}

fn listed(names: &[String]) -> String {
    let names = names.iter().map(|name| format!("`{}`", shown(name)));
    format!("known: {}", joined(names, ", "))
}

/// Finds the target of that name. Without a name, finds the only target or the default.
pub fn select<'a>(targets: &'a Targets, name: Option<&str>) -> Result<&'a Target, SelectError> {
    let targets = &targets.targets;
    let known = || targets.iter().map(|target| target.name.clone()).collect();
    let Some(name) = name else {
        let default = targets.iter().find(|target| target.default);
        return match (targets.as_slice(), default) {
            ([], _) => Err(SelectError::None),
            ([only], _) => Ok(only),
            (_, Some(default)) => Ok(default),
            (_, None) => Err(SelectError::Ambiguous { known: known() }),
        };
    };
    named(targets, name)
}

/// Finds the targets of those names, in that order, each once.
pub fn select_named<'a>(targets: &'a Targets, names: &[String]) -> Result<Vec<&'a Target>, SelectError> {
    let mut found: Vec<&Target> = Vec::new();
    for name in names {
        let target = named(&targets.targets, name)?;
        if !found.iter().any(|known| known.name == target.name) {
            found.push(target);
        }
    }
    Ok(found)
}

fn named<'a>(targets: &'a [Target], name: &str) -> Result<&'a Target, SelectError> {
    let names = || targets.iter().map(|target| target.name.as_str());
    let found = targets.iter().find(|target| target.name == name);
    found.ok_or_else(|| SelectError::Unknown {
        name: name.to_owned(),
        known: names().map(str::to_owned).collect(),
        likely: closest(name, names()).map(str::to_owned),
    })
}
