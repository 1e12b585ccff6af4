//! Which target, or which targets, a command works on; nothing is sent and no secret is fetched yet.

use std::path::Path;

use super::args::{PlaceArgs, TargetArgs, TargetsArgs};
use super::failure::Failure;
use super::files::read_files;
use super::session::Found;
use crate::report::FailureKind;
use crate::target::{
    Api, Auth, EnvironmentError, SecretRef, SelectError, Target, Targets, load, select, select_named,
};

/// The targets that a command works on.
pub(crate) enum Chosen {
    /// One, which is told of as if there were no other.
    One(Box<Found>),
    /// Several, which are told of in one report; with `--all-targets` also when there is only one.
    Several(Vec<Found>),
}

impl TargetArgs {
    /// Finds the target that the arguments name.
    pub(crate) async fn find(&self) -> Result<Found, Failure> {
        if let Some(name) = self.target.as_deref().filter(|names| names.contains(',')) {
            return Err(Failure::usage(format!(
                "--target: this command works on one target, not on `{name}`"
            ))
            .hint("run it once for each of them"));
        }
        self.place.find(self.target.as_deref()).await
    }
}

impl TargetsArgs {
    /// Finds the targets that the arguments name.
    pub(crate) async fn find(&self) -> Result<Chosen, Failure> {
        let one = |name| async move { Ok(Chosen::One(Box::new(self.place.find(name).await?))) };
        let targets = match (self.all_targets, self.names.as_slice()) {
            (true, _) => self.place.load()?.targets,
            (false, []) => return one(None).await,
            (false, [name]) => return one(Some(name)).await,
            (false, names) => {
                let targets = self.place.load()?;
                let named = select_named(&targets, names).map_err(|error| unclear(&error))?;
                named.into_iter().cloned().collect()
            }
        };
        let found: Vec<Found> = targets
            .into_iter()
            .map(|target| self.place.shop(target))
            .collect();
        Ok(match <[Found; 1]>::try_from(found) {
            Ok([only]) if !self.all_targets => Chosen::One(Box::new(only)),
            Ok([only]) => Chosen::Several(vec![only]),
            Err(found) => Chosen::Several(found),
        })
    }
}

impl PlaceArgs {
    /// Flag beats environment beats targets.yaml.
    async fn find(&self, name: Option<&str>) -> Result<Found, Failure> {
        if self.sandbox {
            return Found::embedded().await;
        }
        let target = match &self.url {
            Some(url) => self.single(url)?,
            None => select(&self.load()?, name)
                .cloned()
                .map_err(|error| unclear(&error))?,
        };
        Ok(self.shop(target))
    }

    fn shop(&self, mut target: Target) -> Found {
        if let Some(store) = &self.store {
            target.store.clone_from(store);
        }
        Found::shop(target, self.state_dir.clone())
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
        let lookup = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        let auth = Auth::from_environment(&lookup).map_err(|error| {
            let failure = Failure::usage(error.to_string());
            match error {
                EnvironmentError::Empty(_) => failure.of_empty_secret(),
                EnvironmentError::Missing { .. } => failure.of_kind(FailureKind::UnsetSecret),
                EnvironmentError::TokenUrl(_) => failure,
            }
        })?;
        auth.ok_or_else(|| {
            Failure::usage("no credential is given for --url")
                .of_kind(FailureKind::UnsetSecret)
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
pub(crate) fn distinct(shops: &[Found]) -> Result<(), Failure> {
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
