//! Selects the targets of a command. Sends nothing and fetches no secret yet.

use std::io;
use std::path::{Path, PathBuf};

use spanned_yaml::diag::shown;

use crate::cli::args::url_target::warn_of_unused;
use crate::cli::args::{PlaceArgs, TargetArgs, TargetsArgs};
use crate::cli::embedded_sandbox::EmbeddedSandbox;
use crate::cli::environment;
use crate::cli::input::files::read_file;
use crate::cli::input::folder::unreadable;
use crate::cli::output::printer::Printer;
use crate::run::{Failure, Session};
use crate::target::{SelectError, Target, Targets, is_same_shop, load, select, select_named};

/// The targets that a command works on.
pub(crate) enum Selection {
    /// One, reported as if there were no other.
    One(Box<SelectedTarget>),
    /// Several, with one report for all. With `--all-targets` there may be a single one.
    Several(Vec<SelectedTarget>),
}

/// A target that is not connected yet.
pub(crate) struct SelectedTarget {
    /// The target.
    pub target: Target,
    /// The directory with journal, lock and pre-images.
    pub state_dir: PathBuf,
    sandbox: Option<EmbeddedSandbox>,
}

impl SelectedTarget {
    /// Starts an embedded shop.
    async fn embedded() -> Result<Self, Failure> {
        let sandbox = EmbeddedSandbox::start().await?;
        Ok(Self {
            target: sandbox.target()?,
            state_dir: sandbox.state_dir().to_owned(),
            sandbox: Some(sandbox),
        })
    }

    /// Prepares the connection. Sends nothing yet.
    pub(crate) async fn open(self) -> Result<Session, Failure> {
        let session = Session::open(self.target, self.state_dir).await?;
        Ok(match self.sandbox {
            Some(sandbox) => session.with_companion(sandbox),
            None => session,
        })
    }
}

impl TargetArgs {
    /// Connects to the target that the arguments name. Sends nothing yet.
    pub(crate) async fn open(&self, printer: &Printer) -> Result<Session, Failure> {
        self.find(printer).await?.open().await
    }

    /// Finds the target that the arguments name.
    pub(crate) async fn find(&self, printer: &Printer) -> Result<SelectedTarget, Failure> {
        if let Some(name) = self.target.as_deref().filter(|names| names.contains(',')) {
            return Err(Failure::usage(format!(
                "--target: this command works on one target, not on `{name}`"
            ))
            .hint("run it once for each of them"));
        }
        if let Some(found) = self.place.unlisted(self.target.is_some(), printer).await? {
            return Ok(found);
        }
        let targets = self.place.listed(printer)?;
        self.place.only(&targets, self.target.as_deref())
    }
}

impl TargetsArgs {
    /// Finds the targets that the arguments name.
    pub(crate) async fn find(&self, printer: &Printer) -> Result<Selection, Failure> {
        let one = |found| Selection::One(Box::new(found));
        if let Some(found) = self.place.unlisted(!self.names.is_empty(), printer).await? {
            return Ok(one(found));
        }
        let targets = self.place.listed(printer)?;
        let named = match (self.all_targets, self.names.as_slice()) {
            (true, _) => targets.targets,
            (false, []) => return self.place.only(&targets, None).map(one),
            (false, [name]) => return self.place.only(&targets, Some(name)).map(one),
            (false, names) => {
                let named = select_named(&targets, names).map_err(|error| unclear(&error))?;
                named.into_iter().cloned().collect()
            }
        };
        let named = named.into_iter().map(|target| self.place.shop(target));
        Ok(match <[SelectedTarget; 1]>::try_from(named.collect::<Vec<_>>()) {
            Ok([only]) if !self.all_targets => one(only),
            Ok([only]) => Selection::Several(vec![only]),
            Err(found) => Selection::Several(found),
        })
    }
}

impl TargetsArgs {
    /// The targets of the targets file that the command works on, if they may have inventory files of their own: none with
    /// `-f`, or if no file lists them.
    pub(crate) fn with_files(&self) -> Result<Vec<Target>, Failure> {
        let place = &self.place;
        let is_unlisted = place.sandbox || place.url.is_some() || place.targets.symlink_metadata().is_err();
        if is_unlisted || place.typed.gives("files") {
            return Ok(Vec::new());
        }
        let targets = load_targets(&place.targets)?;
        if self.all_targets {
            return Ok(targets.targets);
        }
        let chosen = match self.names.as_slice() {
            [] => select(&targets, None).map(|target| vec![target]),
            names => select_named(&targets, names),
        };
        let chosen = chosen.map_err(|error| unclear(&error))?;
        Ok(chosen.into_iter().cloned().collect())
    }
}

impl PlaceArgs {
    /// The target that no file lists: the embedded one, or the one of that URL. The command line decides alone: a URL in the
    /// environment would silently disable the guards of a targets file.
    async fn unlisted(&self, named: bool, printer: &Printer) -> Result<Option<SelectedTarget>, Failure> {
        if self.sandbox {
            if self.typed.gives("state_dir") {
                printer.warn("--state-dir is not used: a rehearsal remembers nothing");
            }
            return SelectedTarget::embedded().await.map(Some);
        }
        let Some(url) = &self.url else {
            return Ok(None);
        };
        let is_listed = self.are_listed(printer)?;
        if !self.typed.names_target() {
            let file = self.targets.display();
            if is_listed {
                let message = format!("STOCKTAKE_URL is set and there is {file}: either may name the shop");
                return Err(Failure::usage(message).hint(format!(
                    "unset STOCKTAKE_URL, or say which is meant: --target NAME of {file}, or --url URL"
                )));
            }
            if named {
                let message =
                    "the environment sets both STOCKTAKE_URL and STOCKTAKE_TARGET: name one of them";
                return Err(Failure::usage(message));
            }
        }
        let target = self.target_at(url, printer)?;
        if is_listed {
            warn_of_unused(&load_targets(&self.targets)?, &target, &self.targets, printer)?;
        }
        self.warn_of_misspelt(&[], printer);
        Ok(Some(self.shop(target)))
    }

    fn warn_of_misspelt(&self, read: &[&str], printer: &Printer) {
        for warning in environment::misspelt_variables(read, &self.typed.variables) {
            printer.warn(&warning);
        }
    }

    /// The targets of the file.
    fn listed(&self, printer: &Printer) -> Result<Targets, Failure> {
        if !self.are_listed(printer)? {
            return Err(no_target(&self.targets));
        }
        if self.typed.gives("token_file") {
            let file = self.targets.display();
            let message = format!("--token-file goes with --url: the sign-in of a target is set in {file}");
            return Err(Failure::usage(message).hint("give --url too, or write `auth` of the target"));
        }
        let targets = load_targets(&self.targets)?;
        let read: Vec<&str> = targets.targets.iter().flat_map(Target::variables).collect();
        self.warn_of_misspelt(&read, printer);
        Ok(targets)
    }

    /// True if there is a targets file. One that the command line names must exist.
    fn are_listed(&self, printer: &Printer) -> Result<bool, Failure> {
        // A link that leads nowhere is there too: what it should lead to must not fall away.
        match self.targets.symlink_metadata() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unreadable(&self.targets, &error)),
            Err(_) if self.typed.gives("targets") => {
                let message = format!("--targets: there is no {}", self.targets.display());
                Err(Failure::usage(message))
            }
            Err(_) => {
                for other in misnamed(&self.targets) {
                    let (other, file) = (shown(&other), self.targets.display());
                    printer.warn(&format!(
                        "{other} is not read: --targets names it, or call it {file}"
                    ));
                }
                Ok(false)
            }
        }
    }

    fn only(&self, targets: &Targets, name: Option<&str>) -> Result<SelectedTarget, Failure> {
        let target = select(targets, name).map_err(|error| unclear(&error))?;
        Ok(self.shop(target.clone()))
    }

    fn shop(&self, mut target: Target) -> SelectedTarget {
        if let Some(store) = &self.store {
            target.store.clone_from(store);
        }
        SelectedTarget {
            target,
            state_dir: self.state_dir.clone(),
            sandbox: None,
        }
    }
}

/// Files whose name is almost that of the targets file, such as `targets.yml`. They have no effect.
fn misnamed(file: &Path) -> Vec<String> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let Ok(entries) = folder.unwrap_or(Path::new(".")).read_dir() else {
        return Vec::new();
    };
    let names = entries.take(MOST_NAMES).flatten();
    let names = names.filter_map(|entry| entry.file_name().into_string().ok());
    let stem = file.file_stem().unwrap_or_default();
    let almost = |name: &String| {
        let name = Path::new(name);
        let ending = name.extension().unwrap_or_default();
        name.file_stem().unwrap_or_default().eq_ignore_ascii_case(stem)
            && (ending.eq_ignore_ascii_case("yaml") || ending.eq_ignore_ascii_case("yml"))
    };
    let mut names: Vec<String> = names.filter(almost).collect();
    names.sort();
    names
}

/// Upper bound on names of a folder that are searched for a misspelt one.
const MOST_NAMES: usize = 10_000;

/// Reads a targets file. Inventory files that it lists are found from its folder.
pub(crate) fn load_targets(path: &Path) -> Result<Targets, Failure> {
    let mut files = read_file(path)?;
    let loaded = load(&mut files);
    let mut targets = loaded
        .targets
        .ok_or_else(|| Failure::findings("the targets cannot be used", loaded.diagnostics, files))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for file in targets
        .targets
        .iter_mut()
        .flat_map(|target| &mut target.inventory)
    {
        file.path = folder.join(&file.path);
    }
    Ok(targets)
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

/// Refuses two targets that are the same shop: they cannot be written to side by side.
pub(crate) fn distinct(shops: &[SelectedTarget]) -> Result<(), Failure> {
    for (at, shop) in shops.iter().enumerate() {
        let same = shops[..at]
            .iter()
            .find(|other| is_same_shop(&other.target.url, &shop.target.url));
        if let Some(other) = same {
            let (one, two, url) = (&other.target.name, &shop.target.name, &shop.target.url);
            let message = format!("the targets `{one}` and `{two}` are one shop, {url}");
            return Err(Failure::usage(message).hint("name one of them"));
        }
    }
    Ok(())
}
