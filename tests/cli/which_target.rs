//! Which target is meant, and that nothing of targets.yaml falls away in silence.

use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, Workspace};

const ONE_DELETE: &str =
    "version: 1\n\nstocks:\n  - name: Europe Stock\n    sources: [leipzig, berlin, hq]\n";

const CAREFUL: [&str; 4] = [
    "protect: [Europe Stock]",
    "guard: { max_deletes: 1 }",
    "prove: index",
    "reindex: [{ run: [bin/magento, indexer:reindex] }]",
];

/// A workspace with a careful target, and the address of another shop in the environment.
fn workspace(listed: &str, address: &str) -> Workspace {
    let workspace = Workspace::with(ONE_DELETE)
        .at(address)
        .variable("SHOP_TOKEN", TOKEN);
    workspace.settings(listed, &CAREFUL);
    workspace
}

/// The commands that ask a shop.
const ASKING: [&[&str]; 10] = [
    &["plan"],
    &["apply", "--yes"],
    &["drift"],
    &["status"],
    &["doctor"],
    &["export"],
    &["export", "--update"],
    &["graph"],
    &["reindex", "--force"],
    &["rollback", "--yes"],
];

#[test]
fn an_address_in_the_environment_beside_a_file_of_targets_is_wrong_usage() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop.url(), &shop.url());
    std::fs::rename(workspace.path("targets.yaml"), workspace.path("ops.yaml")).expect("it can be moved");
    workspace.write("targets.yaml", "version: 1\ntargets: {}\n");
    for arguments in ASKING {
        for (targets, file) in [
            (&[][..], "targets.yaml"),
            (&["--targets", "ops.yaml"], "ops.yaml"),
        ] {
            let outcome = workspace
                .run(&[arguments, targets].concat())
                .exits(64)
                .prints_nothing();
            let output =
                format!("error: STOCKTAKE_URL is set and there is {file}: either may name the shop\n");
            assert!(
                outcome.stderr.starts_with(&output),
                "{arguments:?}: {}",
                outcome.stderr
            );
        }
    }
    assert!(shop.methods().is_empty());
    for offline in [
        &["validate"][..],
        &["fmt", "--check"],
        &["schema"],
        &["targets", "--targets", "ops.yaml"],
    ] {
        workspace.run(offline).exits(0);
    }
}

#[test]
fn a_name_in_the_environment_does_not_decide_between_the_two() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop.url(), &shop.url()).variable("STOCKTAKE_TARGET", "shop");
    workspace.run(&["plan"]).exits(64).prints_nothing();
    workspace.run(&["plan", "--target", "shop"]).exits(3);
    workspace.run(&["plan", "--all-targets"]).exits(3);
    workspace.run(&["plan", "--sandbox"]).exits(0);
}

#[test]
fn the_named_target_acts_whatever_the_environment_says() {
    let (listed, other) = (SandboxProcess::demo(), SandboxProcess::demo());
    let workspace = workspace(&listed.url(), &other.url()).variable("STOCKTAKE_TOKEN_FILE", "no-such-file");
    workspace.run(&["apply", "--yes", "--target", "shop"]).exits(3);
    assert_eq!(listed.writes(), 0);
    assert!(!listed.methods().is_empty() && other.methods().is_empty());
}

#[test]
fn an_address_on_the_command_line_tells_what_does_not_act() {
    let (listed, other) = (SandboxProcess::demo(), SandboxProcess::demo());
    let workspace = workspace(&listed.url(), &other.url());
    let outcome = workspace.run(&["plan", "--url", &other.url()]).exits(0);
    assert_eq!(
        outcome.stderr,
        "warning: --url: targets.yaml does not act on http://127.0.0.1:[PORT]/; of its target `shop` this is left out: \
         guard (max_deletes 1, max_delete_percent 30); protect (`Europe Stock`); prove (index); reindex (1 step(s))\n"
    );
    assert!(listed.methods().is_empty());
    workspace.write("targets.yaml", "version: 1\ntargets: [nonsense]\n");
    workspace
        .run(&["plan", "--url", &other.url()])
        .exits(1)
        .prints_nothing();
}

#[test]
fn an_address_of_the_file_is_named_by_its_target() {
    let shop = SandboxProcess::demo();
    let workspace = workspace(&shop.url(), &shop.url());
    let port = shop.address.port();
    for spelt in [
        shop.url(),
        format!("{}/", shop.url()),
        format!("http://LOCALHOST:{port}//"),
        format!("http://127.0.0.1:{port}/index.php"),
    ] {
        let outcome = workspace
            .run(&["apply", "--yes", "--url", &spelt])
            .exits(64)
            .prints_nothing();
        assert!(
            outcome.stderr.contains("is the target `shop` of targets.yaml"),
            "{}",
            outcome.stderr
        );
        assert!(
            outcome.stderr.contains("use --target 'shop'"),
            "{}",
            outcome.stderr
        );
    }
    assert!(shop.methods().is_empty());
}

#[test]
fn a_file_of_targets_that_is_named_must_be_there() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    for named in [
        &[][..],
        &["--url", &shop.url()],
        &["--target", "shop"],
        &["--all-targets"],
    ] {
        let arguments = [&["plan", "--targets", "ops.yaml"], named].concat();
        let outcome = workspace.run(&arguments).exits(64).prints_nothing();
        assert_eq!(
            outcome.stderr, "error: --targets: there is no ops.yaml\n",
            "{named:?}"
        );
    }
    assert!(shop.methods().is_empty());
}

#[cfg(unix)]
#[test]
fn a_file_of_targets_that_cannot_be_read_is_still_there() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    std::os::unix::fs::symlink("../gone/targets.yaml", workspace.path("targets.yaml"))
        .expect("a link can be made");
    workspace.run(&["plan"]).exits(64).prints_nothing();
    let outcome = workspace
        .run(&["plan", "--url", &shop.url()])
        .exits(1)
        .prints_nothing();
    let output = "because: it is a link to ../gone/targets.yaml, which is not there";
    assert!(outcome.stderr.contains(output), "{}", outcome.stderr);
    assert!(shop.methods().is_empty());
}

/// It is one file, whatever a folder of that name holds.
#[test]
fn a_folder_is_no_file_of_targets() {
    let workspace = Workspace::with(ONE_DELETE).variable("STOCKTAKE_TOKEN", TOKEN);
    workspace.write(
        "targets.yaml/shop.yaml",
        "version: 1\ntargets: { shop: { url: 'https://127.0.0.1:9' } }\n",
    );
    for arguments in [
        &["plan"][..],
        &["targets"],
        &["plan", "--url", "http://127.0.0.1:9"],
    ] {
        let outcome = workspace.run(arguments).exits(1).prints_nothing();
        let output = "targets.yaml cannot be read\n  because: it is a folder, not a file";
        assert!(outcome.stderr.contains(output), "{}", outcome.stderr);
    }
}

#[test]
fn what_does_not_belong_to_a_listed_target_is_wrong_usage() {
    let workspace = Workspace::new().variable("SHOP_TOKEN", TOKEN);
    workspace.settings("http://127.0.0.1:9", &["reindex: cron"]);
    let outcome = workspace
        .run(&["plan", "--token-file", "token"])
        .exits(64)
        .prints_nothing();
    assert!(
        outcome.stderr.contains("--token-file goes with --url"),
        "{}",
        outcome.stderr
    );
    workspace
        .run(&["graph", "--plan", "plan.json", "--target", "shop"])
        .exits(64);
    let outcome = workspace
        .run(&["plan", "--sandbox", "--state-dir", "kept"])
        .exits(0);
    let output = "warning: --state-dir is not used: a rehearsal remembers nothing\n";
    assert_eq!(outcome.stderr, output);
    workspace.run(&["plan", "--state-dir", ""]).exits(64);
}

#[test]
fn variables_that_are_not_read_are_reported() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new()
        .at(shop.url())
        .variable("STOCKTAKE_TARGETS", "ops.yaml")
        .variable("STOCKTAKE_VERSION", "1.2.3")
        .variable("STOCKTAKE_ADMIN_USER", "admin");
    let outcome = workspace.run(&["plan"]).exits(0);
    assert_eq!(
        outcome.stderr,
        "warning: not read, since STOCKTAKE_TOKEN signs in: STOCKTAKE_ADMIN_USER\n\
         warning: the variable STOCKTAKE_TARGETS is not read; is STOCKTAKE_TARGET meant?\n"
    );
    assert_eq!(workspace.run(&["plan", "-q"]).exits(0).stderr, "");

    // An empty variable sets nothing, and its name is known all the same.
    let workspace = Workspace::new()
        .variable("STOCKTAKE_URL", "")
        .variable("STOCKTAKE_URLS", "x")
        .variable("STOCKTAKE_TOKEN", TOKEN);
    let outcome = workspace.run(&["plan", "--url", &shop.url()]);
    assert!(
        outcome
            .stderr
            .contains("STOCKTAKE_URLS is not read; is STOCKTAKE_URL meant?"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_variable_that_the_file_of_targets_names_is_read() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().variable("STOCKTAKE_TOKENS", TOKEN);
    let text = "version: 1\ntargets:\n  shop:\n    url: URL\n    auth: { bearer: { env: STOCKTAKE_TOKENS } }\n    reindex: cron\n";
    workspace.write("targets.yaml", &text.replace("URL", &shop.url()));
    assert_eq!(workspace.run(&["plan"]).exits(0).stderr, "");
}

#[test]
fn a_file_of_targets_by_almost_that_name_is_reported() {
    let shop = SandboxProcess::demo();
    let workspace = Workspace::new().at(shop.url());
    workspace.write("Targets.yml", "version: 1\n");
    let outcome = workspace.run(&["plan"]).exits(0);
    let output = "warning: Targets.yml is not read: --targets names it, or call it targets.yaml\n";
    assert_eq!(outcome.stderr, output);
    let outcome = workspace.run(&["plan", "--url", &shop.url()]).exits(0);
    assert_eq!(outcome.stderr, output);
}
