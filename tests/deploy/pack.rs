//! `.github/pack`: an archive of a release holds the binary, its manual pages and its completions.

use std::collections::BTreeSet;
use std::process::Command;

use super::checkout::of_project;
use testkit::binary;

#[test]
fn an_archive_holds_manual_pages_and_completions() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let built = folder.path().join("built");
    std::fs::create_dir(&built).expect("the folder can be made");
    std::fs::copy(binary(), built.join("stocktake")).expect("the binary can be copied");
    let packed = folder.path().join("packed");
    let pack = Command::new("bash")
        .arg(of_project(".github/pack"))
        .arg(&built)
        .arg("stocktake-v1.2.3-here")
        .arg(&packed)
        .env_remove("RUNNER_OS")
        .output()
        .expect("bash runs");
    assert!(pack.status.success(), "{}", String::from_utf8_lossy(&pack.stderr));

    let list = Command::new("tar")
        .arg("-tzf")
        .arg(packed.join("stocktake-v1.2.3-here.tar.gz"))
        .output()
        .expect("tar runs");
    let names = String::from_utf8(list.stdout).expect("names are UTF-8");
    let names: BTreeSet<&str> = names.lines().collect();
    for name in [
        "./stocktake",
        "./README.md",
        "./CHANGELOG.md",
        "./LICENSE-MIT",
        "./LICENSE-APACHE",
        "./man/man1/stocktake.1",
        "./man/man1/stocktake-apply.1",
        "./completions/stocktake.bash",
        "./completions/_stocktake",
        "./completions/stocktake.fish",
        "./completions/stocktake.elv",
        "./completions/_stocktake.ps1",
    ] {
        assert!(names.contains(name), "{name} is not among {names:?}");
    }
}
