//! `init`: writes the files that a team starts with.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use spanned_yaml::diag::InputFiles;

use crate::cli::output::printer::Printer;
use crate::disk;
use crate::run::{Exit, Failure};
use crate::target;

const TARGETS: &str = include_str!("../../../templates/targets.yaml");
const GITHUB: &str = include_str!("../../../templates/github.yml");
const GITLAB: &str = include_str!("../../../templates/gitlab.yml");
const KUBERNETES: &str = include_str!("../../../templates/kubernetes-cronjob.yaml");

/// The URL in the template of targets.yaml.
const PLACEHOLDER: &str = "https://shop.example.com";

/// Write a commented targets.yaml and a workflow for CI. Existing files are left alone.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake init --ci github
  stocktake init --url https://shop.example.com --ci gitlab

Then:
  stocktake doctor                        check the way to the shop
  stocktake export --out inventory.yaml   write down what the shop has
  stocktake plan                          in sync")]
pub(crate) struct InitArgs {
    /// The shop's base URL, for targets.yaml.
    #[arg(long, value_name = "URL", default_value = PLACEHOLDER)]
    url: String,
    /// The workflow.
    #[arg(long, value_enum, default_value_t)]
    ci: Ci,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Ci {
    /// .github/workflows/stocktake.yml
    Github,
    /// .gitlab-ci.yml
    Gitlab,
    /// stocktake-cronjob.yaml, for a schedule in Kubernetes
    Kubernetes,
    /// None
    #[default]
    None,
}

impl Ci {
    fn file(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Github => Some((".github/workflows/stocktake.yml", GITHUB)),
            Self::Gitlab => Some((".gitlab-ci.yml", GITLAB)),
            Self::Kubernetes => Some(("stocktake-cronjob.yaml", KUBERNETES)),
            Self::None => None,
        }
    }
}

pub(crate) fn run(args: &InitArgs, printer: &Printer) -> Result<Exit, Failure> {
    let targets = targets(&args.url)?;
    let workflow = args.ci.file().map(|(path, text)| (path, text.to_owned()));
    for (path, text) in [("targets.yaml", targets)].into_iter().chain(workflow) {
        let path = PathBuf::from(path);
        if path.symlink_metadata().is_ok() {
            printer.note(&format!(
                "{} is there already and was left alone.",
                path.display()
            ));
            continue;
        }
        disk::keeps_inside(&path).map_err(|error| Failure::unwritable(&path, &error))?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| {
                Failure::error(format!("{} cannot be made", folder.display())).caused_by(&error)
            })?;
        }
        disk::write_new(&path, &text).map_err(|error| Failure::unwritable(&path, &error))?;
        printer.note(&format!("Wrote {}.", path.display()));
    }
    if !ignores_state(Path::new(".gitignore")) {
        printer.note("note: add `.stocktake/` to .gitignore: it remembers what this machine has begun");
    }
    printer.note("Next: stocktake doctor, then stocktake export --out inventory.yaml");
    Ok(Exit::Done)
}

/// The template with the shop's URL, checked as in targets.yaml.
fn targets(url: &str) -> Result<String, Failure> {
    let text = match url {
        PLACEHOLDER => TARGETS.to_owned(),
        url => TARGETS.replace(PLACEHOLDER, &spanned_yaml::scalar(url)),
    };
    let loaded = target::load(&mut InputFiles::one("--url", text.as_str()));
    if loaded.targets.is_some() {
        return Ok(text);
    }
    let found = loaded
        .diagnostics
        .first()
        .map_or("", |found| found.message.as_str());
    Err(Failure::usage(format!("--url: {found}")))
}

/// True if .gitignore lists the state directory.
fn ignores_state(path: &Path) -> bool {
    let text = disk::read(path, disk::LARGEST_TEXT).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let mut lines = text
        .lines()
        .map(|line| line.trim().trim_start_matches('/').trim_end_matches('/'));
    lines.any(|line| line == ".stocktake")
}
