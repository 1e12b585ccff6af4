//! A git repository with an inventory, as a CI job finds it.

mod ended;

pub use ended::Ended;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use tempfile::TempDir;

use testkit::binary;
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, TUTORIAL};

/// A checkout, and the folder of the runner beside it.
pub struct Checkout {
    folder: TempDir,
}

impl Checkout {
    /// A repository whose base branch has the project's inventory and a target.
    pub fn of(shop: &SandboxProcess) -> Self {
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

    /// Writes a program.
    pub fn program(path: &Path, text: &str) {
        std::fs::write(path, text).expect("it can be written");
        let made = Command::new("chmod").arg("+x").arg(path).status();
        assert!(made.expect("chmod can be started").success());
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

    /// Publishes the commit as the branch `main` of the repository's remote, which is made.
    pub fn publish(&self) {
        let origin = self.path("origin.git").display().to_string();
        if !self.path("origin.git").exists() {
            self.git(&["init", "--quiet", "--bare", &origin]);
            self.git(&["remote", "add", "origin", &origin]);
        }
        self.git(&["-C", &origin, "config", "uploadpack.allowAnySHA1InWant", "true"]);
        self.git(&["push", "--quiet", "--force", "origin", "HEAD:refs/heads/main"]);
    }

    /// The event of a push of the commit to `main`, which is published.
    pub fn push(&self) -> Vec<(&'static str, String)> {
        self.publish();
        self.pushed()
    }

    /// The event of a push of the commit to `main`.
    pub fn pushed(&self) -> Vec<(&'static str, String)> {
        let event = serde_json::json!({ "repository": { "default_branch": "main" } });
        let path = self.path("runner/push.json");
        std::fs::write(&path, event.to_string()).expect("the event can be written");
        vec![
            ("GITHUB_EVENT_NAME", "push".to_owned()),
            ("GITHUB_EVENT_PATH", path.display().to_string()),
            ("GITHUB_REF", "refs/heads/main".to_owned()),
            ("GITHUB_REF_NAME", "main".to_owned()),
            ("GITHUB_REPOSITORY", "shop/inventory".to_owned()),
            ("GITHUB_RUN_ATTEMPT", "1".to_owned()),
            ("GITHUB_SHA", self.head()),
        ]
    }

    /// Makes the repository anew from what is published, with the newest commit alone.
    pub fn shallow(&self) {
        self.remove("");
        let url = format!("file://{}", self.path("origin.git").display());
        std::fs::create_dir(self.path("work")).expect("a folder can be made");
        self.git(&["clone", "--quiet", "--depth", "1", "--branch", "main", &url, "."]);
    }

    /// Checks another commit out.
    pub fn go_to(&self, commit: &str) {
        self.git(&["checkout", "--quiet", "--detach", commit]);
    }

    /// Lets the repository be its own remote.
    pub fn origin_is_itself(&self) {
        let path = self.path("work").display().to_string();
        self.git(&["remote", "add", "origin", &path]);
    }

    /// Writes the event of a pull request from that repository into this one, on that base commit.
    pub fn pull_request(&self, from: &str, base: &str) -> Vec<(&'static str, String)> {
        self.acted(from, base, "synchronize", None)
    }

    /// The same, of what somebody did with it.
    pub fn acted(
        &self,
        from: &str,
        base: &str,
        action: &str,
        label: Option<&str>,
    ) -> Vec<(&'static str, String)> {
        let event = serde_json::json!({
            "action": action,
            "label": label.map(|name| serde_json::json!({ "name": name })),
            "pull_request": {
                "number": 7,
                "head": { "sha": self.head(), "repo": { "full_name": from } },
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
        let output = self
            .command(script, variables)
            .output()
            .expect("bash can be started");
        let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
        self.ended(output.status, text(output.stdout) + &text(output.stderr))
    }

    /// A script of the project in the repository, not yet started.
    pub fn command(&self, script: &Path, variables: &[(&'static str, String)]) -> Command {
        let _ = std::fs::remove_file(self.path("runner/output"));
        let _ = std::fs::remove_file(self.path("runner/summary"));
        let mut command = bash();
        command
            .arg(script)
            .current_dir(self.path("work"))
            .stdin(Stdio::null())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").expect("there is a path"))
            .env("GITHUB_OUTPUT", self.path("runner/output"))
            .env("GITHUB_STEP_SUMMARY", self.path("runner/summary"))
            .env("RUNNER_TEMP", self.path("runner"))
            .env("STOCKTAKE_BINARY", binary())
            .env("COMMERCE_TOKEN", TOKEN)
            .envs(variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// How a script ended that said this.
    pub fn ended(&self, status: ExitStatus, said: String) -> Ended {
        let read = |name| std::fs::read_to_string(self.path(name)).unwrap_or_default();
        Ended {
            code: status.code().expect("the script ends by itself"),
            said,
            outputs: read("runner/output")
                .lines()
                .filter_map(|line| line.split_once('='))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            summary: read("runner/summary"),
        }
    }

    /// Runs git in the repository.
    pub fn git(&self, arguments: &[&str]) -> String {
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

/// A targets.yaml whose only target is at that URL.
pub fn targets(url: &str, hook: &SandboxProcess) -> String {
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

/// A bash that hears signals as under a runner: tests that were started in the background ignore SIGINT, and what they start does
/// so too.
pub fn bash() -> Command {
    let mut command = Command::new("/usr/bin/env");
    command.args(["--default-signal=INT", "bash"]);
    command
}
