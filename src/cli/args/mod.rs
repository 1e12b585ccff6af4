//! Arguments that several commands share.

pub(crate) mod comparison;
pub(crate) mod locking;
pub(crate) mod precedence;
pub(crate) mod prove;
pub(crate) mod select_target;
pub(crate) mod write_args;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// How much is told, and how.
#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// Colour: `auto` looks at the terminal, NO_COLOR and CLICOLOR_FORCE.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, help_heading = "Output")]
    pub color: Color,
    /// Tell nothing but the result and errors.
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "Output"
    )]
    pub quiet: bool,
    /// Tell more: -v the steps, -vv each request, -vvv everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
    /// How messages stand on standard error; the result on standard output is not meant.
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

/// How messages stand on standard error.
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

/// The files that say what is wanted.
#[derive(Debug, Args)]
pub(crate) struct FileArgs {
    /// A file, or a folder of .yaml and .yml files; may be given several times.
    #[arg(short, long = "file", value_name = "PATH", default_value = "inventory.yaml")]
    pub files: Vec<PathBuf>,
}

/// Which target a command works on.
#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    /// The target of targets.yaml; not needed for a single one or the default one.
    #[arg(long, help_heading = "Target", value_name = "NAME", env = "STOCKTAKE_TARGET")]
    pub target: Option<String>,
    #[command(flatten)]
    pub place: PlaceArgs,
}

/// Which targets a command works on, of those that can work on several.
#[derive(Debug, Args)]
pub(crate) struct TargetsArgs {
    /// The target of targets.yaml; not needed for a single one or the default one. Several, with commas between them or
    /// each with its flag, are worked on side by side and told of in one report, with the worst exit code.
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

/// Where the shop is and how to sign in.
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
    /// Where a targets file is, the environment alone does not name the shop: say --url or --target.
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
    /// The store code in the path; `all` answers in no store's language.
    #[arg(long, help_heading = "Target", value_name = "CODE")]
    pub store: Option<String>,
    /// Use an embedded Commerce with a demo shop, started for this command alone.
    #[arg(long, help_heading = "Target", conflicts_with = "store")]
    pub sandbox: bool,
    /// The folder that remembers what was begun, such as an owed reindex.
    #[arg(
        long,
        help_heading = "Target",
        value_name = "PATH",
        default_value = ".stocktake",
        env = "STOCKTAKE_STATE_DIR"
    )]
    pub state_dir: PathBuf,
    /// What of all this the command line says, and not the environment or nobody.
    #[arg(skip)]
    pub typed: Typed,
}

/// What the command line itself says of the target.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed {
    /// The ids of the arguments that are given.
    pub ids: Vec<&'static str>,
    /// The variables that set options of any command.
    pub variables: BTreeSet<String>,
}

impl Typed {
    /// Whether it gives that argument.
    pub(crate) fn gives(&self, id: &str) -> bool {
        self.ids.contains(&id)
    }

    /// Whether it says which target is meant.
    pub(crate) fn names_target(&self) -> bool {
        WAYS.iter().any(|way| self.gives(way))
    }
}

/// The arguments that say which target is meant, one of which may be given.
pub(crate) const WAYS: [&str; 4] = ["sandbox", "url", "all_targets", "target"];

/// What the person who runs the command allows.
#[derive(Debug, Args)]
pub(crate) struct GuardArgs {
    /// Lift one guard by name: deletes, delete-percent=STOCK, empty-stock=STOCK, disabled-only=STOCK, doubtful-deletes.
    #[arg(long, help_heading = "Guards", value_name = "GUARD")]
    pub allow: Vec<String>,
}

/// The form of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs; versioned, with a published schema.
    Json,
}
