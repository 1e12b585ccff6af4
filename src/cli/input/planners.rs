//! The planners of a command: one for the usual files, and one for each list of files that a target has of its own.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::args::{FileArgs, GuardArgs, TargetsArgs};
use crate::cli::input::files::read_files;
use crate::cli::output::printer::Printer;
use crate::reconcile::GuardOverrides;
use crate::run::{Failure, Planner};
use crate::target::Target;

/// The planners of a command's targets.
#[derive(Debug)]
pub(crate) struct Planners {
    /// For targets that list no files.
    usual: Option<Arc<Planner>>,
    /// For targets with files of their own, by the target's name.
    own: HashMap<String, Arc<Planner>>,
}

/// A list of files, with its planner and the targets that have it. The usual list has no target.
struct Listed {
    paths: Vec<PathBuf>,
    planner: Planner,
    targets: Vec<String>,
}

impl Planners {
    /// Reads the files of all targets of a command before a shop is asked. `-f` beats the files that targets list. `prepare`
    /// sets what else the planners need.
    pub(crate) fn read(
        files: &FileArgs,
        guards: &GuardArgs,
        targets: &TargetsArgs,
        printer: &Printer,
        prepare: impl Fn(Planner) -> Planner,
    ) -> Result<Self, Failure> {
        let allow = GuardOverrides::parse(guards.allow.iter().map(String::as_str))
            .map_err(|error| Failure::usage(format!("--allow: {error}")))?;
        let chosen = targets.with_files()?;
        let lists = lists(files, &chosen, printer)?;
        refuse_unknown_stocks(&allow, &lists)?;
        let mut planners = Self {
            usual: None,
            own: HashMap::new(),
        };
        for list in lists {
            let allow = allow.clone();
            let planner = Arc::new(prepare(Planner {
                allow,
                ..list.planner
            }));
            if list.targets.is_empty() {
                planners.usual = Some(planner);
            } else {
                let of_each = list.targets.into_iter().map(|name| (name, Arc::clone(&planner)));
                planners.own.extend(of_each);
            }
        }
        Ok(planners)
    }

    /// The planner for a target. Without one, the target was named in a way that the command does not know.
    pub(crate) fn of(&self, target: &str) -> Result<&Arc<Planner>, Failure> {
        let planner = self.own.get(target).or(self.usual.as_ref());
        planner.ok_or_else(|| Failure::error(format!("no files are known for the target {target}")))
    }
}

/// The lists of files, each read once, with their warnings printed.
fn lists(files: &FileArgs, chosen: &[Target], printer: &Printer) -> Result<Vec<Listed>, Failure> {
    let mut lists: Vec<Listed> = Vec::new();
    for target in chosen.iter().filter(|target| !target.inventory.is_empty()) {
        let paths: Vec<PathBuf> = target.inventory.iter().map(|file| file.path.clone()).collect();
        if let Some(list) = lists.iter_mut().find(|list| list.paths == paths) {
            list.targets.push(target.name.clone());
            continue;
        }
        let planner = planner(&paths, printer).map_err(|failure| of_target(failure, target))?;
        lists.push(Listed {
            paths,
            planner,
            targets: vec![target.name.clone()],
        });
    }
    if chosen.is_empty() || chosen.iter().any(|target| target.inventory.is_empty()) {
        lists.push(Listed {
            paths: files.files.clone(),
            planner: planner(&files.files, printer)?,
            targets: Vec::new(),
        });
    }
    Ok(lists)
}

fn planner(paths: &[PathBuf], printer: &Printer) -> Result<Planner, Failure> {
    let planner = Planner::new(read_files(paths, printer)?)?;
    printer.warnings(&planner.warnings, &planner.files);
    Ok(planner)
}

/// A failure of files that a target lists: names the line, of a missing file its own.
pub(crate) fn of_target(failure: Failure, target: &Target) -> Failure {
    let mut listed = target.inventory.iter();
    let missing = listed.find(|file| file.path.symlink_metadata().is_err());
    match missing.or(target.inventory.first()) {
        Some(file) => failure.hint(format!("the target {} lists it at {}", target.name, file.place)),
        None => failure,
    }
}

/// Fails if an override names a stock that no list of files has.
fn refuse_unknown_stocks(allow: &GuardOverrides, lists: &[Listed]) -> Result<(), Failure> {
    for stock in allow.stocks() {
        let unknown: Option<Vec<Failure>> = lists.iter().map(|list| list.planner.unknown(stock)).collect();
        if let Some(failure) = unknown.and_then(|failures| failures.into_iter().next()) {
            return Err(failure);
        }
    }
    Ok(())
}
