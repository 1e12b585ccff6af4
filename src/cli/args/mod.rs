//! Arguments that several commands share.

pub(crate) mod comparison;
pub(crate) mod locking;
pub(crate) mod path_args;
pub(crate) mod precedence;
pub(crate) mod prove;
pub(crate) mod select_target;
pub(crate) mod stock_args;
pub(crate) mod url_target;
pub(crate) mod write_args;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::target::Target;

/// The amount and the form of messages.
#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// Colour: `auto` looks at the terminal, NO_COLOR and CLICOLOR_FORCE.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, help_heading = "Output")]
    pub color: Color,
    /// Print only the result and errors.
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Output"
    )]
    pub quiet: bool,
    /// Log more: -v the steps, -vv each request, -vvv everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
    /// The form of messages on standard error. The result on standard output is not affected.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value_t = LogFormat::Text,
        env = "STOCKTAKE_LOG_FORMAT",
        help_heading = "Output"
    )]
    pub log_format: LogFormat,
}

/// The form of messages on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For programs: each message is one line with one JSON object.
    Json,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// When the output goes to a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The inventory file of a command that names none.
pub(crate) const INVENTORY: &str = "inventory.yaml";

/// The inventory files.
#[derive(Debug, Args)]
pub(crate) struct FileArgs {
    /// A file, or a folder of .yaml and .yml files; may be given several times. It beats the `files` of a target.
    #[arg(short, long = "file", value_name = "PATH", default_value = INVENTORY)]
    pub files: Vec<PathBuf>,
}

impl FileArgs {
    /// The files for a target: those of `-f`, else those that the target lists, else the usual one.
    pub(crate) fn of(&self, target: &Target, typed: &Typed) -> Vec<PathBuf> {
        if typed.gives("files") || target.inventory.is_empty() {
            return self.files.clone();
        }
        target.inventory.iter().map(|file| file.path.clone()).collect()
    }
}

/// The target of a command.
#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    /// The target of targets.yaml; not needed for a single one or the default one.
    #[arg(long, help_heading = "Target", value_name = "NAME", env = "STOCKTAKE_TARGET")]
    pub target: Option<String>,
    #[command(flatten)]
    pub place: PlaceArgs,
}

/// The targets of a command that can work on several.
#[derive(Debug, Args)]
pub(crate) struct TargetsArgs {
    /// The target of targets.yaml; not needed for a single one or the default one. Several, separated by commas or
    /// each with its flag, run side by side and share one report and the worst exit code.
    #[arg(
        id = "target",
        long = "target",
        help_heading = "Target",
        value_name = "NAME",
        env = "STOCKTAKE_TARGET",
        value_delimiter = ','
    )]
    pub names: Vec<String>,
    /// All targets of targets.yaml, side by side.
    #[arg(long, help_heading = "Target")]
    pub all_targets: bool,
    #[command(flatten)]
    pub place: PlaceArgs,
}

/// The address of the shop and the way to sign in.
#[derive(Debug, Args)]
pub(crate) struct PlaceArgs {
    /// The file of targets.
    #[arg(
        long,
        help_heading = "Target",
        value_name = "PATH",
        default_value = "targets.yaml",
        conflicts_with = "sandbox"
    )]
    pub targets: PathBuf,
    /// The shop's base URL, in place of targets.yaml; the token comes from STOCKTAKE_TOKEN or --token-file.
    /// If there is a targets file, the environment alone does not name the shop: give --url or --target.
    #[arg(long, help_heading = "Target", value_name = "URL", env = "STOCKTAKE_URL")]
    pub url: Option<String>,
    /// A file that holds the bearer token.
    #[arg(
        long,
        help_heading = "Target",
        value_name = "PATH",
        env = "STOCKTAKE_TOKEN_FILE"
    )]
    pub token_file: Option<PathBuf>,
    /// The store code in the URL path; `all` returns names in no store's language.
    #[arg(long, help_heading = "Target", value_name = "CODE")]
    pub store: Option<String>,
    /// Use an embedded Commerce with a demo shop, started for this command alone.
    #[arg(long, help_heading = "Target", conflicts_with = "store")]
    pub sandbox: bool,
    /// The directory for journal, lock and pre-images. It remembers, for example, an owed reindex.
    #[arg(
        long,
        help_heading = "Target",
        value_name = "PATH",
        default_value = ".stocktake",
        env = "STOCKTAKE_STATE_DIR"
    )]
    pub state_dir: PathBuf,
    /// The arguments that the command line itself gives, not the environment or a default.
    #[arg(skip)]
    pub typed: Typed,
}

/// The arguments about the target that the command line itself gives.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    /// The ids of the arguments that are given.
    pub ids: Vec<&'static str>,
    /// The variables that set options of any command.
    pub variables: BTreeSet<String>,
}

impl Typed {
    /// True if the command line gives that argument.
    pub(crate) fn gives(&self, id: &str) -> bool {
        self.ids.contains(&id)
    }

    /// True if the command line names a target.
    pub(crate) fn names_target(&self) -> bool {
        WAYS.iter().any(|way| self.gives(way))
    }
}

/// The arguments that name a target; at most one may be given.
pub(crate) const WAYS: [&str; 4] = ["sandbox", "url", "all_targets", "target"];

/// The guards that the user overrides.
#[derive(Debug, Args)]
pub(crate) struct GuardArgs {
    /// Override one guard by name: deletes, delete-percent=STOCK, empty-stock=STOCK (lifts delete-percent of that stock too),
    /// disabled-only=STOCK, doubtful-deletes.
    #[arg(long, help_heading = "Guards", value_name = "GUARD")]
    pub allow: Vec<String>,
}

/// The format of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs; versioned, with a published schema.
    Json,
}
