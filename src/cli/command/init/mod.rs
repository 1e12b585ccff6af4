//! `init`: writes the files that a team starts with.

mod gitignore;
mod sign_in;

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::Path;

use clap::{Args, ValueEnum};
use spanned_yaml::diag::{InputFiles, joined};

use crate::cli::output::printer::Printer;
use crate::disk;
use crate::run::{Exit, Failure};
use crate::target;
use sign_in::SignIn;

/// The inventory that `init` writes.
pub(super) const INVENTORY: &str = include_str!("../../../../templates/inventory.yaml");
const TARGETS: &str = include_str!("../../../../templates/targets.yaml");
const GITHUB: &str = include_str!("../../../../templates/github.yml");
const GITLAB: &str = include_str!("../../../../templates/gitlab.yml");
const KUBERNETES: &str = include_str!("../../../../templates/kubernetes-cronjob.yaml");

/// The URL in the template of targets.yaml.
const PLACEHOLDER: &str = "https://shop.example.com";

/// Write the files that a team starts with: targets.yaml, an empty inventory.yaml, and a workflow for CI. Existing files are
/// left alone.
///
/// On a terminal it asks for the shop's URL and the sign-in, unless they are given. In a git work tree it adds the state
/// directory to .gitignore.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  stocktake init --ci github
  stocktake init --url https://shop.example.com --sign-in oauth1 --ci gitlab

Then:
  stocktake doctor                        check the way to the shop
  stocktake export --out inventory.yaml   write down what the shop has
  stocktake plan                          in sync")]
pub(crate) struct InitArgs {
    /// The shop's base URL, for targets.yaml [default: `https://shop.example.com`, to be replaced].
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// How stocktake signs in [default: bearer].
    #[arg(long, value_enum, value_name = "WAY")]
    sign_in: Option<SignIn>,
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

pub(crate) async fn run(args: &InitArgs, printer: &Printer) -> Result<Exit, Failure> {
    let is_new = !is_there(Path::new("targets.yaml"));
    let url = match &args.url {
        Some(url) => Some(url.clone()),
        None if is_new => ask("The shop's base URL, such as https://shop.example.com:", printer).await,
        None => None,
    };
    let url = url.unwrap_or_else(|| PLACEHOLDER.to_owned());
    // A wrong address is told before the next question.
    targets(&url, SignIn::Bearer)?;
    let sign_in = match args.sign_in {
        Some(sign_in) => sign_in,
        None if is_new => asked_sign_in(printer).await?,
        None => SignIn::Bearer,
    };
    let workflow = args.ci.file().map(|(path, text)| (path, text.to_owned()));
    let files = [
        ("targets.yaml", targets(&url, sign_in)?),
        ("inventory.yaml", INVENTORY.to_owned()),
    ];
    for (path, text) in files.into_iter().chain(workflow) {
        write(Path::new(path), &text, printer)?;
    }
    match gitignore::add(Path::new(".")) {
        Ok(true) => {
            printer.note("Added .stocktake/ to .gitignore: it remembers what this machine has begun.");
        }
        Ok(false) => {}
        Err(error) => printer.warn(&format!(
            "add .stocktake/ to .gitignore yourself, it cannot be edited: {error}"
        )),
    }
    printer.note(&next(&url, sign_in, is_new));
    Ok(Exit::Done)
}

/// What comes next, one step a line.
fn next(url: &str, sign_in: SignIn, is_new: bool) -> String {
    let mut steps = Vec::new();
    if is_new && url == PLACEHOLDER {
        steps.push("put the shop's URL into targets.yaml".to_owned());
    }
    if is_new {
        let variables = joined(sign_in.variables().iter(), ", ");
        steps.push(format!("set {variables} in the environment"));
    }
    steps.push("stocktake doctor                        checks the way to the shop".to_owned());
    steps.push("stocktake export --out inventory.yaml   writes down what the shop has".to_owned());
    steps.push("stocktake plan                          finds nothing to change".to_owned());
    let numbered = steps
        .iter()
        .zip(1..)
        .map(|(step, number)| format!("\n  {number}. {step}"));
    format!("Next:{}", joined(numbered, ""))
}

fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Writes a file that is not there yet.
fn write(path: &Path, text: &str, printer: &Printer) -> Result<(), Failure> {
    if is_there(path) {
        printer.note(&format!(
            "{} is there already and was left alone.",
            path.display()
        ));
        return Ok(());
    }
    disk::keeps_inside(path).map_err(|error| Failure::unwritable(path, &error))?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| {
            Failure::error(format!("{} cannot be made", folder.display())).caused_by(&error)
        })?;
    }
    disk::write_new(path, text).map_err(|error| Failure::unwritable(path, &error))?;
    printer.note(&format!("Wrote {}.", path.display()));
    Ok(())
}

/// Asks how to sign in. Without a terminal it is the token.
async fn asked_sign_in(printer: &Printer) -> Result<SignIn, Failure> {
    let ways = [
        "How does stocktake sign in?",
        "  oauth1  an integration's four secrets: Magento and Adobe Commerce 2.4.4 and later",
        "  bearer  an integration's access token alone: up to 2.4.3, or where the shop allows it",
        "  ims     client credentials of Adobe: Adobe Commerce as a Cloud Service",
        "Type one of them [oauth1]:",
    ];
    if !is_asked() {
        return Ok(SignIn::Bearer);
    }
    let Some(answer) = ask(&ways.join("\n"), printer).await else {
        return Ok(SignIn::Oauth1);
    };
    SignIn::from_str(&answer, true).map_err(|_| {
        Failure::usage("the answer is none of oauth1, bearer, ims; nothing was written")
            .hint("run it again, or give `--sign-in oauth1`")
    })
}

/// True if there is somebody to ask.
fn is_asked() -> bool {
    io::stdin().is_terminal()
}

/// Asks on the terminal; `None` without one, and for an empty answer.
async fn ask(question: &str, printer: &Printer) -> Option<String> {
    if !is_asked() {
        return None;
    }
    printer.say(question);
    // On its own thread: a signal must be heard while the question is open.
    let line = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map(|_| line)
    });
    let line = line.await.ok()?.ok()?;
    let answer = line.trim();
    (!answer.is_empty()).then(|| answer.to_owned())
}

/// The template with the shop's URL, checked as in targets.yaml, and the sign-in.
fn targets(url: &str, sign_in: SignIn) -> Result<String, Failure> {
    let text = match url {
        PLACEHOLDER => TARGETS.to_owned(),
        url => TARGETS.replace(PLACEHOLDER, &spanned_yaml::scalar(url)),
    };
    let text = sign_in.written_into(&text);
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

/// True if a file is the inventory that `init` wrote, and nobody has edited it.
pub(super) fn is_unedited_inventory(path: &Path) -> bool {
    disk::read(path, disk::LARGEST_TEXT).is_ok_and(|text| text == INVENTORY.as_bytes())
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;
    use spanned_yaml::diag::InputFiles;

    use super::sign_in::SignIn;
    use super::{INVENTORY, PLACEHOLDER, targets};
    use crate::cli::command::schema::schema_id;
    use crate::spec::load;
    use crate::target::{self, Auth};

    #[test]
    fn each_way_to_sign_in_is_the_one_of_its_target() {
        for way in SignIn::value_variants() {
            let text = targets(PLACEHOLDER, *way).unwrap();
            let loaded = target::load(&mut InputFiles::one("targets.yaml", text.as_str()));
            let targets = loaded.targets.unwrap();
            let auth = &targets.targets[0].auth;
            assert!(
                match way {
                    SignIn::Oauth1 => matches!(auth, Auth::OAuth1 { .. }),
                    SignIn::Bearer => matches!(auth, Auth::Bearer(_)),
                    SignIn::Ims => matches!(auth, Auth::Ims { .. }),
                },
                "{text}"
            );
            for variable in way.variables() {
                assert!(text.contains(&format!("{{ env: {variable} }}")), "{text}");
            }
            assert_eq!(text.matches("\n    auth:").count(), 1, "{text}");
        }
    }

    #[test]
    fn the_inventory_is_valid_and_names_the_published_schema() {
        let loaded = load(&InputFiles::one("inventory.yaml", INVENTORY));
        assert!(
            loaded.spec.is_some() && loaded.diagnostics.is_empty(),
            "{:?}",
            loaded.diagnostics
        );
        let first = format!("# yaml-language-server: $schema={}", schema_id("inventory"));
        assert_eq!(INVENTORY.lines().next(), Some(&*first));
    }
}
