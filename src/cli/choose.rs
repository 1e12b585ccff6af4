//! Which target, or which targets, a command works on; nothing is sent and no secret is fetched yet.

use std::path::{Path, PathBuf};

use super::args::{PlaceArgs, TargetArgs, TargetsArgs};
use super::failure::Failure;
use super::files::read_files;
use super::sandbox::Rehearsal;
use super::session::Session;
use crate::target::{Api, Auth, SecretRef, SelectError, Target, Targets, load, select, select_named};

/// A target that was chosen.
pub(crate) enum Choice {
    /// An embedded shop, which is yet to be started.
    Sandbox,
    /// A shop.
    Shop(Box<Shop>),
}

/// A shop that was chosen, and the folder that remembers what was begun there.
pub(crate) struct Shop {
    pub target: Target,
    pub state_dir: PathBuf,
}

/// The targets that a command works on.
pub(crate) enum Choices {
    /// One, which is told of as if there were no other.
    One(Choice),
    /// Several, which are told of in one report; with `--all-targets` also when there is only one.
    Several(Vec<Shop>),
}

impl Choice {
    /// Prepares the way to the target.
    pub(crate) async fn open(self) -> Result<Session, Failure> {
        match self {
            Self::Sandbox => Session::rehearsal(Rehearsal::start().await?).await,
            Self::Shop(shop) => Session::at(*shop).await,
        }
    }
}

impl TargetArgs {
    /// The target that the arguments name.
    pub(crate) fn choice(&self) -> Result<Choice, Failure> {
        if let Some(name) = self.target.as_deref().filter(|names| names.contains(',')) {
            return Err(Failure::usage(format!(
                "--target: this command works on one target, not on `{name}`"
            ))
            .hint("run it once for each of them"));
        }
        self.place.choice(self.target.as_deref())
    }
}

impl TargetsArgs {
    /// The targets that the arguments name.
    pub(crate) fn choices(&self) -> Result<Choices, Failure> {
        let targets = match (self.all_targets, self.names.as_slice()) {
            (true, _) => self.place.load()?.targets,
            (false, []) => return self.place.choice(None).map(Choices::One),
            (false, [name]) => return self.place.choice(Some(name)).map(Choices::One),
            (false, names) => {
                let targets = self.place.load()?;
                let named = select_named(&targets, names).map_err(|error| unclear(&error))?;
                named.into_iter().cloned().collect()
            }
        };
        let shops: Vec<Shop> = targets
            .into_iter()
            .map(|target| self.place.shop(target))
            .collect();
        Ok(match <[Shop; 1]>::try_from(shops) {
            Ok([only]) if !self.all_targets => Choices::One(Choice::Shop(Box::new(only))),
            Ok([only]) => Choices::Several(vec![only]),
            Err(shops) => Choices::Several(shops),
        })
    }
}

impl PlaceArgs {
    /// Flag beats environment beats targets.yaml.
    fn choice(&self, name: Option<&str>) -> Result<Choice, Failure> {
        if self.sandbox {
            return Ok(Choice::Sandbox);
        }
        let target = match &self.url {
            Some(url) => self.single(url)?,
            None => select(&self.load()?, name)
                .cloned()
                .map_err(|error| unclear(&error))?,
        };
        Ok(Choice::Shop(Box::new(self.shop(target))))
    }

    fn shop(&self, mut target: Target) -> Shop {
        if let Some(store) = &self.store {
            target.store.clone_from(store);
        }
        Shop {
            target,
            state_dir: self.state_dir.clone(),
        }
    }

    /// The targets of the file.
    fn load(&self) -> Result<Targets, Failure> {
        if self.targets.exists() {
            return load_targets(&self.targets);
        }
        Err(no_target(&self.targets))
    }

    fn single(&self, url: &str) -> Result<Target, Failure> {
        let auth = self.single_auth()?;
        let api = if matches!(auth, Auth::Ims { .. }) {
            Api::Saas
        } else {
            Api::Paas
        };
        Target::single(url, api, auth).map_err(|error| Failure::usage(format!("--url: {error}")))
    }

    /// How a single target knows us: by the file of a token, or by what the environment has.
    fn single_auth(&self) -> Result<Auth, Failure> {
        if let Some(path) = &self.token_file {
            return Ok(Auth::Bearer(SecretRef::File(path.clone())));
        }
        let lookup = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let auth = Auth::from_environment(&lookup).map_err(|error| Failure::usage(error.to_string()))?;
        auth.ok_or_else(|| {
            Failure::usage("no credential is given for --url")
                .hint("put a token into STOCKTAKE_TOKEN or a file (--token-file); the README tells of other ways to sign in")
        })
    }
}

/// Reads a file of targets.
pub(crate) fn load_targets(path: &Path) -> Result<Targets, Failure> {
    let mut files = read_files(std::slice::from_ref(&path.to_owned()))?;
    let loaded = load(&mut files);
    loaded
        .targets
        .ok_or_else(|| Failure::findings("the targets cannot be used", loaded.diagnostics, files))
}

fn unclear(error: &SelectError) -> Failure {
    Failure::usage(error.to_string())
}

fn no_target(targets: &Path) -> Failure {
    Failure::usage(format!(
        "no target is named and there is no {}",
        targets.display()
    ))
    .hint("give --url with the token in STOCKTAKE_TOKEN, write a targets.yaml, or rehearse with --sandbox")
}

/// Two targets that are one shop cannot be written to side by side.
pub(crate) fn distinct(shops: &[Shop]) -> Result<(), Failure> {
    for (at, shop) in shops.iter().enumerate() {
        let same = shops[..at]
            .iter()
            .find(|other| other.target.url == shop.target.url);
        if let Some(other) = same {
            let (one, two, url) = (&other.target.name, &shop.target.name, &shop.target.url);
            let message = format!("the targets `{one}` and `{two}` are one shop, {url}");
            return Err(Failure::usage(message).hint("name one of them"));
        }
    }
    Ok(())
}
