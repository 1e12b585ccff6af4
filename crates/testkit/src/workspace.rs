//! A working folder with an inventory, in which the binary runs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::binary;

/// The token of the demo shop's integration.
pub const TOKEN: &str = "sandboxtoken00000000000000000000";

/// What the project's own inventory file wants.
pub const TUTORIAL: &str = include_str!("../../../inventory.yaml");

/// Settings of the connection to a shop whose reads show a write at once.
pub const WITHOUT_WAITS: &str = "retry_pause: 1ms, consistency_wait: 1ms";

/// A working folder; the binary runs there with nothing of the environment but the path.
pub struct Workspace {
    folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code.
    pub code: i32,
    /// Standard output, with what changes from run to run masked.
    pub stdout: String,
    /// Standard error, masked likewise.
    pub stderr: String,
}

impl Workspace {
    /// A folder with the project's own inventory file.
    pub fn new() -> Self {
        Self::with(TUTORIAL)
    }

    /// A folder with that inventory file.
    pub fn with(inventory: &str) -> Self {
        let workspace = Self::bare();
        workspace.write("inventory.yaml", inventory);
        workspace
    }

    /// An empty folder.
    pub fn bare() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder can be made"),
            variables: Vec::new(),
        }
    }

    /// Adds a variable to the environment.
    #[must_use]
    pub fn variable(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// Names a shop and its token by the environment.
    #[must_use]
    pub fn at(self, url: impl Into<String>) -> Self {
        self.variable("STOCKTAKE_URL", url)
            .variable("STOCKTAKE_TOKEN", TOKEN)
    }

    /// Names a shop in a targets.yaml. Its reads show a write at once, so that the run waits for no replica, and it tries again
    /// without a pause.
    #[must_use]
    pub fn at_without_waits(self, url: &str) -> Self {
        let connection = format!("connection: {{ {WITHOUT_WAITS} }}");
        self.settings(url, &["reindex: cron", &connection]);
        self.variable("SHOP_TOKEN", TOKEN)
    }

    /// Adds settings of the connection to the only target of the targets.yaml.
    pub fn connection(&self, settings: &str) {
        let path = self.path("targets.yaml");
        let targets = std::fs::read_to_string(path).expect("the file was written");
        self.write(
            "targets.yaml",
            &format!("{targets}    connection: {{ {settings} }}\n"),
        );
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file in the folder.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        let parent = path.parent().expect("a path in a folder has a parent");
        std::fs::create_dir_all(parent).expect("the folder can be made");
        std::fs::write(path, text).expect("the file can be written");
    }

    /// The journal of the only target that was written to.
    pub fn journal(&self) -> PathBuf {
        let folders = std::fs::read_dir(self.path(".stocktake")).expect("there is state");
        let mut journals = folders.map(|folder| folder.expect("it is listed").path().join("journal.jsonl"));
        let journal = journals.next().expect("there is the state of a target");
        assert!(journals.next().is_none(), "there is more than one target");
        journal
    }

    /// Writes a targets.yaml whose only target is a shop with one reindex step that calls that address.
    pub fn target(&self, shop: &str, hook: &str, timeout: &str) {
        let command = r#"{"argv": ["indexer:reindex", "inventory"]}"#;
        self.write(
            "targets.yaml",
            &format!(
                "version: 1\n\
                 targets:\n  \
                   shop:\n    \
                     url: {shop}\n    \
                     auth: {{ bearer: {{ env: SHOP_TOKEN }} }}\n    \
                     reindex:\n      \
                       - http: {{ url: '{hook}', body: '{command}' }}\n        \
                         timeout: {timeout}\n"
            ),
        );
    }

    /// Writes a targets.yaml whose only target is a shop with those settings, one line each.
    pub fn settings(&self, shop: &str, settings: &[&str]) {
        let settings = settings.join("\n    ");
        let auth = "auth: { bearer: { env: SHOP_TOKEN } }";
        self.write(
            "targets.yaml",
            &format!("version: 1\ntargets:\n  shop:\n    url: {shop}\n    {auth}\n    {settings}\n"),
        );
    }

    /// The binary, ready to be started in the folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .stdin(Stdio::null());
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the binary to its end.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        let output = self
            .command(arguments)
            .output()
            .expect("the binary can be started");
        let masked = |bytes: Vec<u8>| {
            mask(
                &String::from_utf8(bytes).expect("output is UTF-8"),
                self.folder.path(),
            )
        };
        Outcome {
            code: output.status.code().expect("the binary ends by itself"),
            stdout: masked(output.stdout),
            stderr: masked(output.stderr),
        }
    }
}

impl Outcome {
    /// Asserts the exit code; shows everything when it is another.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "\n-- stdout\n{}\n-- stderr\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// Asserts that standard output carries nothing.
    #[track_caller]
    pub fn prints_nothing(self) -> Self {
        assert_eq!(self.stdout, "", "\n-- stderr\n{}", self.stderr);
        self
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }
}

/// Masks the folder, ports and durations.
fn mask(text: &str, folder: &Path) -> String {
    let text = text.replace(&folder.display().to_string(), "[DIR]");
    let text = mask_after(&text, "127.0.0.1:", "[PORT]", char::is_numeric);
    ["step in ", "steps in "].iter().fold(text, |text, before| {
        mask_after(&text, before, "[TIME]", |character| {
            character.is_numeric() || character == '.'
        })
    })
}

/// Masks what stands after each occurrence of a word, as long as it is made of certain characters.
fn mask_after(text: &str, before: &str, mask: &str, is_part: impl Fn(char) -> bool) -> String {
    let mut parts = text.split(before);
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        masked.push_str(before);
        let rest = part.trim_start_matches(&is_part);
        if rest.len() < part.len() {
            masked.push_str(mask);
        }
        masked.push_str(rest);
    }
    masked
}
