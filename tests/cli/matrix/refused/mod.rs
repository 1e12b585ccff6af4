//! Every credential and layout that a shop refuses: exit 1, nothing written, at most one sign-in, and the way out.

mod layout;
mod tokens;

use super::login::Login;
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{Outcome, Workspace};

/// Runs everything that needs the shop, for which the workspace must have a target; gives what `plan` said.
///
/// `sign_ins` is how often each command may try to sign in.
#[track_caller]
fn refused(workspace: &Workspace, shop: &SandboxProcess, sign_ins: usize) -> Outcome {
    let links = shop.tables();
    let mut before = shop.sign_ins();
    let mut run = |arguments: &[&str]| {
        let outcome = workspace.run(arguments).exits(1);
        let after = shop.sign_ins();
        assert_eq!(after - before, sign_ins, "{arguments:?}");
        before = after;
        outcome
    };
    run(&["apply", "--yes"]).prints_nothing();
    let doctor = run(&["doctor"]);
    let plan = run(&["plan"]).prints_nothing();
    let helps = |text: &str| {
        let lines = text.lines().filter_map(|line| line.split_once("help: "));
        lines.map(|(_, help)| help.to_owned()).collect::<Vec<_>>()
    };
    let (known, reported) = (helps(&plan.stderr), helps(&doctor.stdout));
    assert!(!known.is_empty(), "{}", plan.stderr);
    assert!(
        known.iter().all(|help| reported.contains(help)),
        "{}\n{}",
        plan.stderr,
        doctor.stdout
    );
    assert_eq!(shop.tables(), links);
    assert!(shop.link_writes().is_empty());
    plan
}

/// A target by the environment.
fn workspace(shop: &SandboxProcess, login: &Login) -> Workspace {
    login.by_environment(Workspace::new(), &shop.url())
}

/// A target by targets.yaml.
fn filed(shop: &SandboxProcess, login: &Login, rest: &str) -> Workspace {
    let workspace = login.kept_at(Workspace::new());
    login.write_targets(&workspace, &shop.url(), rest, 0);
    workspace
}
