//! `action/newest.sh`: an old apply job that is run again takes nothing back.

use super::checkout::{Checkout, Ended, of_project};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::TUTORIAL;

fn apply(checkout: &Checkout, event: &[(&'static str, String)], more: &[(&'static str, &str)]) -> Ended {
    let mut variables = event.to_vec();
    variables.push(("INPUT_COMMAND", "apply".to_owned()));
    for (name, value) in more {
        variables.retain(|(known, _)| known != name);
        variables.push((name, (*value).to_owned()));
    }
    checkout.bash(&of_project("action/run.sh"), &variables)
}

fn requests(shop: &SandboxProcess) -> usize {
    shop.get("/_sandbox/log").as_array().map_or(0, Vec::len)
}

/// Publishes a newer commit, and goes back to the older one.
fn newer(checkout: &Checkout, change: impl FnOnce()) -> (String, String) {
    let old = checkout.head();
    change();
    checkout.commit("newer");
    let new = checkout.head();
    checkout.publish();
    checkout.go_to(&old);
    (old, new)
}

#[test]
fn an_older_commit_is_superseded_by_another_inventory() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let event = checkout.push();
    let (old, new) = newer(&checkout, || {
        checkout.write("inventory.yaml", &format!("{TUTORIAL}# newer\n"));
    });
    let ended = apply(&checkout, &event, &[]).exits(0);
    assert_eq!(
        (ended.output("superseded"), ended.output("exit-code")),
        ("true", "0")
    );
    let notice = ended.commands().join("\n");
    assert!(notice.starts_with("::notice"), "{notice}");
    assert!(notice.contains(&old) && notice.contains(&new), "{notice}");
    let again = apply(&checkout, &event, &[("GITHUB_RUN_ATTEMPT", "2")]).exits(4);
    assert_eq!(
        (again.output("superseded"), again.output("exit-code")),
        ("true", "4")
    );
    assert_eq!(requests(&shop), 0);

    apply(&checkout, &event, &[("INPUT_ALLOW_OLDER", "true")]).exits(0);
    assert!(requests(&shop) > 0);
}

#[test]
fn targets_and_every_inventory_of_a_folder_count_and_nothing_else() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    checkout.remove("inventory.yaml");
    checkout.write("inventory/all.yaml", TUTORIAL);
    checkout.commit("a folder");
    let event = checkout.push();
    let folder = [("INPUT_FILES", "inventory")];
    let base = checkout.head();
    let targets = std::fs::read_to_string(checkout.path("work/targets.yaml")).expect("it is there");
    let changes: [&dyn Fn(); 5] = [
        &|| checkout.write("targets.yaml", &format!("{targets}# newer\n")),
        &|| checkout.write("inventory/sub/other.YML", "version: 1\n"),
        &|| checkout.link("inventory/sub", &checkout.path("runner")),
        &|| checkout.remove("inventory/all.yaml"),
        &|| checkout.remove("targets.yaml"),
    ];
    for change in changes {
        newer(&checkout, change);
        assert_eq!(
            apply(&checkout, &event, &folder).exits(0).output("superseded"),
            "true"
        );
        checkout.go_to(&base);
    }
    assert_eq!(requests(&shop), 0);
    // What is no inventory starts no run that would apply this one in its place.
    newer(&checkout, || {
        for name in [
            "README.md",
            "inventory/README.md",
            "inventory/.notes.yaml",
            "inventory/.old/a.yaml",
        ] {
            checkout.write(name, "newer");
        }
    });
    for files in ["inventory", "."] {
        let ended = apply(&checkout, &event, &[("INPUT_FILES", files)]).exits(0);
        assert_eq!(ended.output("superseded"), "false", "{files}");
    }
    assert!(requests(&shop) > 0);
}

#[test]
fn what_cannot_be_known_is_an_error() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let event = checkout.push();
    for (more, code, why) in [
        (("GITHUB_REF_NAME", "gone"), 1, "cannot be fetched"),
        (("GITHUB_REF_NAME", ""), 64, "names no branch"),
        (("GITHUB_REF", "refs/tags/v1"), 64, "runs for a branch"),
        (("INPUT_FILES", "made.yaml"), 64, "the commit has no made.yaml"),
    ] {
        let ended = apply(&checkout, &event, &[more]).exits(code).says(why);
        assert_eq!(ended.output("exit-code"), code.to_string());
    }
    std::fs::remove_dir_all(checkout.path("origin.git")).expect("it can be removed");
    apply(&checkout, &event, &[]).exits(1).says("cannot be fetched");
    assert_eq!(requests(&shop), 0);
}
