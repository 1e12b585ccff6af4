//! One target, ready for a command: where it is, how to read it, how careful to be with it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use super::args::TargetArgs;
use super::connect::{connect, tls};
use super::failure::Failure;
use super::files::read_files;
use super::sandbox::Rehearsal;
use crate::commerce::Reader;
use crate::engine::Reindexer;
use crate::model::StockName;
use crate::reconcile::{GuardLimits, TargetLabel};
use crate::target::{Api, Auth, Prove, SecretRef, Target, load, select};

/// A target that a command works on.
pub(crate) struct Session {
    /// What the target is called, for plans and reports.
    pub label: TargetLabel,
    /// Its base address.
    pub url: Url,
    /// Reads it.
    pub reader: Reader,
    /// Its guards.
    pub limits: GuardLimits,
    /// The stocks that it protects from deletes.
    pub protect: Vec<StockName>,
    /// Its way to reindex.
    pub reindexer: Reindexer,
    /// How much of a result the target wants proven.
    pub prove: Prove,
    /// How long to look for a proof of the index.
    pub prove_timeout: Duration,
    /// The folder that remembers what was begun.
    pub state_dir: PathBuf,
    /// The embedded shop, when the command runs on one; it ends with the session.
    _rehearsal: Option<Rehearsal>,
}

/// A target that was found; nothing has been sent, and no secret has been fetched.
pub(crate) struct Found {
    /// The target.
    pub target: Target,
    /// The folder that remembers what was begun.
    pub state_dir: PathBuf,
    rehearsal: Option<Rehearsal>,
}

impl Found {
    /// Finds the target that the arguments name, or starts the embedded one.
    pub(crate) async fn find(args: &TargetArgs) -> Result<Self, Failure> {
        if args.sandbox {
            let rehearsal = Rehearsal::start().await?;
            return Ok(Self {
                target: rehearsal.target()?,
                state_dir: rehearsal.state_dir().to_owned(),
                rehearsal: Some(rehearsal),
            });
        }
        let mut target = find(args)?;
        if let Some(store) = &args.store {
            target.store.clone_from(store);
        }
        Ok(Self {
            target,
            state_dir: args.state_dir.clone(),
            rehearsal: None,
        })
    }

    /// Prepares the way to it; nothing is sent yet.
    pub(crate) async fn open(self) -> Result<Session, Failure> {
        Session::of(self.target, self.state_dir, self.rehearsal).await
    }
}

impl Session {
    /// Finds the target that the arguments name and prepares the way to it; nothing is sent yet.
    pub(crate) async fn open(args: &TargetArgs) -> Result<Self, Failure> {
        Found::find(args).await?.open().await
    }

    async fn of(target: Target, state_dir: PathBuf, rehearsal: Option<Rehearsal>) -> Result<Self, Failure> {
        let tls = tls(&target.connection)?;
        let connection = connect(&target, &tls).await?;
        Ok(Self {
            label: TargetLabel {
                name: target.name.clone(),
                url: target.url.to_string(),
            },
            url: target.url,
            reader: Reader::new(connection),
            limits: GuardLimits {
                max_deletes: target.guard.max_deletes,
                max_delete_percent: target.guard.max_delete_percent,
            },
            protect: target.protect,
            reindexer: Reindexer::new(target.reindex, tls),
            prove: target.prove,
            prove_timeout: target.prove_timeout,
            state_dir,
            _rehearsal: rehearsal,
        })
    }
}

/// Flag beats environment beats targets.yaml.
fn find(args: &TargetArgs) -> Result<Target, Failure> {
    if let Some(url) = &args.url {
        let auth = single_auth(args)?;
        let api = if matches!(auth, Auth::Ims { .. }) {
            Api::Saas
        } else {
            Api::Paas
        };
        return Target::single(url, api, auth).map_err(|error| Failure::usage(format!("--url: {error}")));
    }
    if !args.targets.exists() {
        return Err(no_target(&args.targets));
    }
    let mut files = read_files(std::slice::from_ref(&args.targets))?;
    let loaded = load(&mut files);
    let Some(targets) = loaded.targets else {
        return Err(Failure::findings(
            "the targets cannot be used",
            loaded.diagnostics,
            files,
        ));
    };
    select(&targets, args.target.as_deref())
        .cloned()
        .map_err(|error| Failure::usage(error.to_string()))
}

/// How a single target knows us: by the file of a token, or by what the environment has.
fn single_auth(args: &TargetArgs) -> Result<Auth, Failure> {
    if let Some(path) = &args.token_file {
        return Ok(Auth::Bearer(SecretRef::File(path.clone())));
    }
    let lookup = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let auth = Auth::from_environment(&lookup).map_err(|error| Failure::usage(error.to_string()))?;
    auth.ok_or_else(|| {
        Failure::usage("no credential is given for --url")
            .hint("put a token into STOCKTAKE_TOKEN or a file (--token-file); the README tells of other ways to sign in")
    })
}

fn no_target(targets: &Path) -> Failure {
    Failure::usage(format!(
        "no target is named and there is no {}",
        targets.display()
    ))
    .hint("give --url with the token in STOCKTAKE_TOKEN, write a targets.yaml, or rehearse with --sandbox")
}
