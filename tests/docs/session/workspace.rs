//! Where the reader of a page sits: a folder, an environment that commands change, and the shops of the page.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Stdio};

use tempfile::TempDir;
use testkit::binary;

use super::compare::difference;
use super::names::Names;
use super::script::Command;
use super::shop::{Shop, freed};
use crate::page::root;
use testkit::terminal::Terminal;

/// How wide the terminal is that the pages show.
const COLUMNS: &str = "100";

/// One session.
pub struct Workspace {
    folder: TempDir,
    names: Names,
    /// How the last command ended.
    last: i32,
    /// What the reader says when a command asks; without it there is nobody at a terminal.
    answer: Option<String>,
}

impl Workspace {
    /// An empty folder, and nothing in the environment but what a command needs.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        fs::create_dir(folder.path().join("home")).expect("the folder can be made");
        fs::write(folder.path().join("environment"), "").expect("the file can be written");
        let workspace = Self {
            folder,
            names: Names::default(),
            last: 0,
            answer: None,
        };
        fs::write(
            workspace.own("place"),
            workspace.own("home").display().to_string(),
        )
        .expect("the file can be written");
        workspace
    }

    /// A file of the session, which the reader does not see.
    fn own(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The folder in which the reader is now.
    fn place(&self) -> PathBuf {
        let place = fs::read_to_string(self.own("place")).expect("every command leaves its folder");
        PathBuf::from(place.trim_end_matches('\n'))
    }

    /// Writes a file, or adds to one, as the page tells the reader to.
    pub fn write(&self, name: &str, text: &str, add: bool) -> Result<(), String> {
        let path = self.place().join(name);
        let before = if add {
            fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?
        } else {
            String::new()
        };
        fs::write(path, before + &self.names.here(text, &self.place()))
            .map_err(|error| format!("{name}: {error}"))
    }

    /// Puts a demo shop behind a URL that the page uses.
    pub fn shop(&mut self, url: &str) -> Result<(), String> {
        let command = self.shell("exec stocktake sandbox --listen 127.0.0.1:0 --quiet");
        self.names.shops.push(Shop::start(url, command)?);
        Ok(())
    }

    /// Takes a folder that the page names for the one in which the reader is.
    pub fn folder(&mut self, path: &str) {
        self.names.folders.push(path.to_owned());
    }

    /// Seats the reader at a terminal, to say this when a command asks.
    pub fn says(&mut self, answer: &str) {
        self.answer = Some(answer.to_owned());
    }

    /// A shell in the folder and with the variables that the commands before have left.
    fn shell(&self, script: &str) -> process::Command {
        let binaries = Path::new(binary()).parent().expect("a binary has a folder");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(binaries.to_owned()).chain(std::env::split_paths(&path));
        let mut shell = process::Command::new("sh");
        shell
            .args(["-c", &format!(". \"$SESSION/environment\"\n{script}")])
            .current_dir(self.place())
            .env_clear()
            .env("SESSION", self.folder.path())
            .env("PROJECT", root())
            .env("HOME", self.own("home"))
            .env("PATH", std::env::join_paths(folders).expect("folders"))
            .env("COLUMNS", COLUMNS)
            .env("LANG", "C.UTF-8")
            .stdin(Stdio::null());
        shell
    }

    /// Runs a command, and compares how it ends with what the page says.
    pub fn run(&mut self, command: &Command) -> Result<(), String> {
        let text = command.text.split(" # ").next().unwrap_or_default().trim();
        if text.starts_with("stocktake sandbox") && !text.contains("--help") {
            return self.start(command, text);
        }
        if text.ends_with('&') {
            return Err(format!("nothing but a sandbox may run in the background: {text}"));
        }
        let text = self.names.here(&command.text, &self.place());
        checked(&text)?;
        // What the command leaves to the next one is kept whatever it does.
        let script = format!(
            "trap 'code=$?; export -p > \"$SESSION/environment\"; pwd > \"$SESSION/place\"; exit $code' EXIT\n\
             exec 2>&1\n(exit {})\n{text}\n",
            self.last
        );
        let mut shell = self.shell(&script);
        // It stays until the command has ended.
        let mut terminal = self.answer.is_some().then(|| Terminal::new(100));
        if let (Some(terminal), Some(answer)) = (&mut terminal, &self.answer) {
            terminal.types(answer);
            shell.stdin(terminal.end());
        }
        let output = shell.output().map_err(|error| error.to_string())?;
        let printed = String::from_utf8_lossy(&output.stdout);
        let printed = self.names.there(&printed, &self.place());
        let code = output.status.code();
        if code != Some(command.code) {
            let code = code.map_or("a signal".to_owned(), |code| code.to_string());
            let (wanted, text) = (command.code, &command.text);
            return Err(format!("ended with {code}, not {wanted}\n$ {text}\n{printed}"));
        }
        self.last = command.code;
        compared(command, &printed)
    }

    /// Starts a sandbox on a free port, for the rest of the session.
    fn start(&mut self, command: &Command, text: &str) -> Result<(), String> {
        let (named, script) = freed(text)?;
        if self.names.shops.iter().any(|shop| shop.named == named) {
            return Err(format!("a sandbox listens on {named} already: {text}"));
        }
        let mut shop = Shop::start(&named, self.shell(&script))?;
        let shown = command.output.as_deref().unwrap_or_default();
        let mut printed = format!("http://{named}\n");
        for _ in shown.lines().skip(1) {
            printed += &shop.line()?;
        }
        self.names.shops.push(shop);
        compared(command, &printed)
    }
}

/// Whether a text is a command at all: a shell's own complaint must not be taken for how one ended.
fn checked(text: &str) -> Result<(), String> {
    let mut shell = process::Command::new("sh");
    let checked = shell
        .args(["-n", "-c", text])
        .output()
        .map_err(|error| error.to_string())?;
    if checked.status.success() {
        return Ok(());
    }
    Err(format!(
        "this is no command: {text}\n{}",
        String::from_utf8_lossy(&checked.stderr)
    ))
}

/// Whether a command printed what the page shows, where it shows that.
fn compared(command: &Command, printed: &str) -> Result<(), String> {
    let shown = command.output.as_deref();
    match shown.and_then(|shown| difference(shown, printed)) {
        Some(difference) => Err(format!(
            "printed something else\n$ {}\n{printed}\n{difference}",
            command.text
        )),
        None => Ok(()),
    }
}
