//! A git repository with an inventory, as a CI job finds it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::desk::{BINARY, TOKEN, TUTORIAL};
use super::standing::Standing;

/// A checkout, and the folder of the runner beside it.
pub struct Checkout {
    folder: TempDir,
}

/// How a script ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code.
    pub code: i32,
    /// Standard output and error, one after the other.
    pub said: String,
    /// What it wrote for later steps.
    pub outputs: HashMap<String, String>,
    /// What it wrote for the summary of the run.
    pub summary: String,
}

impl Checkout {
    /// A repository whose base branch has the project's inventory and a target.
    pub fn of(shop: &Standing) -> Self {
        let checkout = Self {
            folder: tempfile::tempdir().expect("a folder can be made"),
        };
        std::fs::create_dir(checkout.path("runner")).expect("a folder can be made");
        std::fs::create_dir(checkout.path("work")).expect("a folder can be made");
        checkout.write("inventory.yaml", TUTORIAL);
        checkout.write("targets.yaml", &targets(&shop.url(), shop));
        checkout.git(&["init", "--quiet", "--initial-branch", "main"]);
        checkout.commit("base");
        checkout
    }

    /// A path in the folder that the repository and the runner's files share.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the repository.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path("work").join(name);
        let folder = path.parent().expect("it stands in a folder");
        std::fs::create_dir_all(folder).expect("a folder can be made");
        std::fs::write(path, text).expect("the file can be written");
    }

    /// Removes a file or folder of the repository.
    pub fn remove(&self, name: &str) {
        let path = self.path("work").join(name);
        let gone = if path.symlink_metadata().expect("it is there").is_dir() {
            std::fs::remove_dir_all(path)
        } else {
            std::fs::remove_file(path)
        };
        gone.expect("it can be removed");
    }

    /// Makes a symbolic link in the repository.
    pub fn link(&self, name: &str, to: &Path) {
        std::os::unix::fs::symlink(to, self.path("work").join(name)).expect("a link can be made");
    }

    /// Stages those very bytes, past all attributes.
    pub fn stage(&self, name: &str, text: &str) {
        std::fs::write(self.path("runner/blob"), text).expect("the file can be written");
        let blob = self.path("runner/blob").display().to_string();
        let id = self.git(&["hash-object", "-w", "--no-filters", &blob]);
        self.git(&[
            "update-index",
            "--add",
            "--cacheinfo",
            &format!("100644,{id},{name}"),
        ]);
    }

    /// Commits what is staged.
    pub fn commit_staged(&self, message: &str) {
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// Commits an entry that is a submodule, without its content.
    pub fn commit_submodule(&self, name: &str) {
        let entry = format!("160000,{},{name}", self.head());
        self.git(&["update-index", "--add", "--cacheinfo", &entry]);
        self.commit_staged("a submodule");
    }

    /// What is in the checkout and in no commit.
    pub fn status(&self) -> String {
        self.git(&["status", "--porcelain", "--ignored"])
    }

    /// Commits everything.
    pub fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// The name of the commit that the checkout is at.
    pub fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }

    /// Lets the repository be its own remote.
    pub fn origin_is_itself(&self) {
        let path = self.path("work").display().to_string();
        self.git(&["remote", "add", "origin", &path]);
    }

    /// Writes the event of a pull request from that repository into this one, on that base commit.
    pub fn pull_request(&self, from: &str, base: &str) -> Vec<(&'static str, String)> {
        let event = serde_json::json!({
            "pull_request": {
                "number": 7,
                "head": { "repo": { "full_name": from } },
                "base": { "sha": base, "repo": { "full_name": "shop/inventory" } },
            }
        });
        let path = self.path("runner/event.json");
        std::fs::write(&path, event.to_string()).expect("the event can be written");
        vec![
            ("GITHUB_EVENT_NAME", "pull_request".to_owned()),
            ("GITHUB_EVENT_PATH", path.display().to_string()),
            ("GITHUB_REPOSITORY", "shop/inventory".to_owned()),
        ]
    }

    /// Runs a script of the project in the repository.
    pub fn bash(&self, script: &Path, variables: &[(&'static str, String)]) -> Ended {
        let outputs = self.path("runner/output");
        let summary = self.path("runner/summary");
        let _ = std::fs::remove_file(&outputs);
        let _ = std::fs::remove_file(&summary);
        let output = Command::new("bash")
            .arg(script)
            .current_dir(self.path("work"))
            .stdin(Stdio::null())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").expect("there is a path"))
            .env("GITHUB_OUTPUT", &outputs)
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("RUNNER_TEMP", self.path("runner"))
            .env("STOCKTAKE_BINARY", BINARY)
            .env("COMMERCE_TOKEN", TOKEN)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .output()
            .expect("bash can be started");
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
        Ended {
            code: output.status.code().expect("the script ends by itself"),
            said: text(output.stdout) + &text(output.stderr),
            outputs: read(&outputs)
                .lines()
                .filter_map(|line| line.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            summary: read(&summary),
        }
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.com"])
            .args(arguments)
            .current_dir(self.path("work"))
            .output()
            .expect("git can be started");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout)
            .expect("output is UTF-8")
            .trim()
            .to_owned()
    }
}

impl Ended {
    /// Asserts the exit code; shows everything when it is another.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.said);
        self
    }

    /// An output, empty where it was not written.
    pub fn output(&self, name: &str) -> &str {
        self.outputs.get(name).map_or("", String::as_str)
    }
}

/// A targets.yaml whose only target is at that URL.
pub fn targets(url: &str, hook: &Standing) -> String {
    let hook = hook.hook();
    format!(
        "version: 1\ntargets:\n  shop:\n    url: {url}\n    auth: {{ bearer: {{ env: COMMERCE_TOKEN }} }}\n    reindex:\n      \
         - http: {{ url: '{hook}', body: '{{\"argv\": [\"indexer:reindex\", \"inventory\"]}}' }}\n"
    )
}

/// A file of the project.
pub fn of_project(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}
