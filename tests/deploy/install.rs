//! `action/install.sh`: a release is taken only when it is what SHA256SUMS says, and what the release workflow built.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::checkout::{Checkout, Ended, of_project};
use super::server::Server;
use testkit::binary;
use testkit::sandbox_process::SandboxProcess;

/// A `gh` that knows the flags of a release that can check the tag, and finds the attestation.
const GOOD: &str = r#"case $* in
  --version) echo "gh version 2.80.0 (2025-09-23)" ;;
  "attestation verify stocktake-v1.2.3-x86_64-unknown-linux-musl.tar.gz --repo shop/stocktake"*) echo "$@" >>"$ASKED" ;;
  *) exit 9 ;;
esac"#;

/// Serves a folder over HTTP, and what stands below `/moved` by a redirect; it ends with this value.
fn releases(folder: &Path) -> Server {
    let folder = folder.to_owned();
    let serve =
        move |axum::extract::Path(path): axum::extract::Path<String>| async move { answer(&folder, &path) };
    let router = axum::Router::new().route("/{*path}", axum::routing::get(serve));
    Server::of(router)
}

fn answer(folder: &Path, path: &str) -> Response {
    if let Some(path) = path.strip_prefix("moved/") {
        return (StatusCode::FOUND, [(header::LOCATION, format!("/shop/{path}"))]).into_response();
    }
    match std::fs::read(folder.join(path)) {
        Ok(bytes) => bytes.into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A machine on which the action is installed.
struct Machine {
    version: &'static str,
    repository: &'static str,
    /// What is added to the archive after the sums.
    spoil: &'static [u8],
    /// The script of `gh`; none where the machine has no such program.
    gh: Option<&'static str>,
    /// What stands for the address of the releases, when it is not this test's server.
    server: Option<&'static str>,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            version: "v1.2.3",
            repository: "shop/stocktake",
            spoil: b"",
            gh: Some(GOOD),
            server: None,
        }
    }
}

impl Machine {
    /// Packs the binary as the release workflow does, and installs it; also tells how `gh` was asked.
    fn install(self) -> (Ended, String) {
        let shop = SandboxProcess::demo();
        let checkout = Checkout::of(&shop);
        let folder = checkout.path("served/shop/stocktake/releases/download/v1.2.3");
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        let name = "stocktake-v1.2.3-x86_64-unknown-linux-musl.tar.gz";
        let pack = format!(
            "mkdir packed && cp '{}' packed/ && tar -C packed -cf - . | gzip -1 > {name} && sha256sum stocktake-* > SHA256SUMS",
            binary()
        );
        let packed = Command::new("bash")
            .args(["-c", &pack])
            .current_dir(&folder)
            .status();
        assert!(packed.expect("bash can be started").success());
        let mut archive = std::fs::read(folder.join(name)).expect("it is packed");
        archive.extend(self.spoil);
        std::fs::write(folder.join(name), archive).expect("it can be written");
        let releases = releases(&checkout.path("served"));
        let asked = checkout.path("runner/asked");
        let server = self
            .server
            .map_or_else(|| format!("http://{}", releases.address), str::to_owned);
        let ended = checkout.bash(
            &of_project("action/install.sh"),
            &[
                ("PATH", programs(&checkout, self.gh)),
                ("ASKED", asked.display().to_string()),
                ("STOCKTAKE_BINARY", String::new()),
                ("STOCKTAKE_VERSION", self.version.to_owned()),
                ("STOCKTAKE_REPOSITORY", self.repository.to_owned()),
                ("GITHUB_SERVER_URL", server),
                ("RUNNER_OS", "Linux".to_owned()),
                ("RUNNER_ARCH", "X64".to_owned()),
            ],
        );
        if ended.code == 0 {
            let version = Command::new(ended.output("binary")).arg("--version").output();
            assert!(version.expect("it is a program").status.success());
        } else {
            assert_eq!(ended.output("binary"), "");
        }
        (ended, std::fs::read_to_string(asked).unwrap_or_default())
    }

    /// Installs, and expects to be refused with those words.
    #[track_caller]
    fn refused(self, words: &str) {
        let (ended, _) = self.install();
        let ended = ended.exits(1);
        assert!(ended.said.contains(words), "{}", ended.said);
        let commands = ended.said.lines().filter(|line| line.starts_with("::")).count();
        assert_eq!(commands, 1, "one annotation: {}", ended.said);
    }
}

/// A path with the programs that the script needs, and that `gh` alone.
fn programs(checkout: &Checkout, gh: Option<&str>) -> String {
    let folder = checkout.path("programs");
    std::fs::create_dir(&folder).expect("a folder can be made");
    let path = std::env::var_os("PATH").expect("there is a path");
    for name in [
        "bash",
        "curl",
        "grep",
        "gzip",
        "head",
        "mktemp",
        "sha256sum",
        "tar",
    ] {
        let found = std::env::split_paths(&path).map(|folder| folder.join(name));
        let program = found.into_iter().find(|program| program.is_file());
        let program = program.unwrap_or_else(|| panic!("this test needs {name}"));
        std::os::unix::fs::symlink(program, folder.join(name)).expect("a link can be made");
    }
    if let Some(script) = gh {
        let program = folder.join("gh");
        std::fs::write(&program, format!("#!/usr/bin/env bash\n{script}\n")).expect("it can be written");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("it can be run");
    }
    folder.display().to_string()
}

#[test]
fn a_release_is_installed_when_its_attestation_is_of_the_release_workflow_and_the_tag() {
    let (ended, asked) = Machine::default().install();
    ended.exits(0);
    assert_eq!(
        asked,
        "attestation verify stocktake-v1.2.3-x86_64-unknown-linux-musl.tar.gz --repo shop/stocktake \
         --signer-workflow shop/stocktake/.github/workflows/release.yml --source-ref refs/tags/v1.2.3 \
         --deny-self-hosted-runners\n"
    );
}

#[test]
fn a_release_without_a_good_attestation_is_refused() {
    Machine {
        gh: Some(
            "[ \"$1\" = --version ] || { echo 'no attestations found'; echo '::notice::100%'; exit 1; }",
        ),
        ..Machine::default()
    }
    .refused("gh says: no attestations found%0A::notice::100%25");
    Machine {
        gh: None,
        ..Machine::default()
    }
    .refused("gh is not on this runner");
    // It would call an archive without an attestation good.
    Machine {
        gh: Some("echo 'gh version 2.66.1 (2025-01-31)'"),
        ..Machine::default()
    }
    .refused("gh 2.66 is too old");
}

#[test]
fn a_spoilt_archive_is_refused() {
    Machine {
        spoil: b"x",
        ..Machine::default()
    }
    .refused("is not what SHA256SUMS says");
}

#[test]
fn no_redirect_leads_to_http() {
    Machine {
        repository: "moved/stocktake",
        ..Machine::default()
    }
    .refused("Protocol \"http\"");
}

#[test]
fn only_this_machine_may_serve_a_release_over_http() {
    for server in ["http://releases.example", "http://127.0.0.1:80@releases.example"] {
        let machine = Machine {
            server: Some(server),
            ..Machine::default()
        };
        machine.refused("Protocol \"http\"");
    }
}

#[test]
fn a_missing_release_and_a_branch_are_reported() {
    for (version, words) in [
        ("v9.9.9", "cannot be fetched"),
        ("main", "must name a release"),
        ("v1.2.3/../v1.2.3", "must name a release"),
    ] {
        Machine {
            version,
            ..Machine::default()
        }
        .refused(words);
    }
}
