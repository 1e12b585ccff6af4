//! `action/request.sh`: what a pull request may bring along, and what it may not.

use super::checkout::{Checkout, Ended, of_project, targets};
use super::githost::GitHost;
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::TUTORIAL;

fn plan(checkout: &Checkout, base: &str, more: &[(&'static str, String)]) -> Ended {
    let mut variables = checkout.pull_request("shop/inventory", base);
    variables.push(("INPUT_COMMAND", "plan".to_owned()));
    variables.extend_from_slice(more);
    checkout.bash(&of_project("action/run.sh"), &variables)
}

fn requests(shop: &SandboxProcess) -> usize {
    shop.get("/_sandbox/log").as_array().map_or(0, Vec::len)
}

#[test]
fn the_first_request_with_targets_is_validated() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    checkout.remove("targets.yaml");
    checkout.commit("no targets");
    let base = checkout.head();
    plan(&checkout, &base, &[])
        .exits(64)
        .says("the base branch has no targets.yaml");
    checkout.write("targets.yaml", &targets(&shop.url(), &shop));
    checkout.commit("targets");
    let ended = plan(&checkout, &base, &[]).exits(0);
    let comment = std::fs::read_to_string(ended.output("comment")).expect("there is a comment");
    assert!(comment.starts_with("<!-- stocktake:"), "{comment}");
    assert!(
        comment.contains("Plans come with the requests after its merge"),
        "{comment}"
    );
    assert_eq!((ended.output("exit-code"), ended.output("changes")), ("0", ""));

    checkout.write("targets.yaml", "version: 1\ntargets: { shop: { uri: x } }\n");
    checkout.commit("a slip");
    plan(&checkout, &base, &[])
        .exits(1)
        .says("targets.yaml of this request cannot be used");
    checkout.remove("targets.yaml");
    checkout.link("targets.yaml", &checkout.path("runner/elsewhere"));
    checkout.commit("a link");
    plan(&checkout, &base, &[]).exits(64).says("not a regular file");
    assert_eq!(requests(&shop), 0);
}

#[test]
fn changed_targets_are_checked_and_not_used() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let base = checkout.head();
    checkout.write("targets.yaml", &targets("http://127.0.0.1:9", &shop));
    checkout.commit("another shop");
    plan(&checkout, &base, &[])
        .exits(0)
        .says("the new one counts after the merge");
    checkout.write("targets.yaml", "version: 1\ntargets: { shop: { uri: x } }\n");
    checkout.commit("a slip");
    let ended = plan(&checkout, &base, &[]).exits(1).says("cannot be used");
    assert_eq!(ended.output("changes"), "true", "the plan stands all the same");
}

#[test]
fn targets_by_their_whole_path_are_those_of_the_base_too() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let base = checkout.head();
    checkout.write("targets.yaml", &targets("http://127.0.0.1:9", &shop));
    checkout.commit("another shop");
    let path = checkout.path("work/./targets.yaml").display().to_string();
    plan(&checkout, &base, &[("INPUT_TARGETS", path)]).exits(0);
    assert!(requests(&shop) > 0);
}

#[test]
fn an_address_in_the_environment_stands_in_for_no_file_that_is_named() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    checkout.remove("targets.yaml");
    checkout.commit("no targets");
    let address = [
        ("STOCKTAKE_URL", shop.url()),
        ("STOCKTAKE_TOKEN", testkit::workspace::TOKEN.to_owned()),
    ];
    let mut named = address.to_vec();
    named.push(("INPUT_TARGETS", "ops/targets.yaml".to_owned()));
    plan(&checkout, &checkout.head(), &named)
        .exits(64)
        .says("ops/targets.yaml");
    for command in ["apply", "drift", "plan"] {
        let mut variables = checkout.push();
        variables.extend(named.clone());
        variables.push(("INPUT_COMMAND", command.to_owned()));
        checkout
            .bash(&of_project("action/run.sh"), &variables)
            .exits(64)
            .says("there is no ops/targets.yaml");
    }
    assert_eq!(requests(&shop), 0);
    plan(&checkout, &checkout.head(), &address).exits(0);
    assert!(requests(&shop) > 0);
}

#[test]
fn a_checkout_of_another_account_is_read_and_a_broken_one_is_reported() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let base = checkout.head();
    // As in a container, where the runner's account owns the checkout; git itself knows this variable.
    let owned = [("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1".to_owned())];
    plan(&checkout, &base, &owned).exits(0);
    let request = checkout.pull_request("shop/inventory", &base);
    checkout.remove(".git/HEAD");
    let asked = requests(&shop);
    for (event, command) in [
        (request, "plan"),
        (vec![("GITHUB_EVENT_NAME", "schedule".to_owned())], "drift"),
    ] {
        let mut variables = event;
        variables.push(("INPUT_COMMAND", command.to_owned()));
        let ended = checkout.bash(&of_project("action/run.sh"), &variables);
        ended.exits(1).says("git cannot read the checkout: fatal:");
    }
    assert_eq!(requests(&shop), asked);
}

#[test]
fn an_empty_secret_excuses_no_other_target() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let other = |url: &str| {
        let target = format!("  first:\n    url: {url}\n    auth: {{ bearer: {{ env: OTHER }} }}\n  shop:");
        targets(&shop.url(), &shop).replacen("  shop:", &target, 1)
    };
    let both = |token: &str| {
        [
            ("OTHER", token.to_owned()),
            ("INPUT_TARGET", "first,shop".to_owned()),
        ]
    };
    checkout.write("targets.yaml", &other("https://shop.example.com"));
    checkout.commit("two targets");
    let base = checkout.head();
    let emptied = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: []\n";
    checkout.write("inventory.yaml", emptied);
    checkout.commit("nobody serves Europe any more");
    let ended = plan(&checkout, &base, &both("")).exits(3);
    assert_eq!(ended.output("exit-code"), "3");

    checkout.write("inventory.yaml", TUTORIAL);
    checkout.write("targets.yaml", &other("http://127.0.0.1:9"));
    checkout.commit("one that is down");
    let mut down = both("any").to_vec();
    down.push(("COMMERCE_TOKEN", String::new()));
    plan(&checkout, &checkout.head(), &down)
        .exits(1)
        .says("no connection");
}

#[test]
fn an_empty_secret_is_reported_and_fails_nothing() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let base = checkout.head();
    let empty = [("COMMERCE_TOKEN", String::new())];
    let ended = plan(&checkout, &base, &empty).exits(0).says("COMMERCE_TOKEN");
    let notices = ended.commands().join("\n");
    assert!(notices.contains("Dependabot"), "{notices}");
    assert_eq!((ended.output("changes"), ended.output("comment")), ("", ""));

    let two = targets(&shop.url(), &shop).replacen(
        "  shop:",
        "  first:\n    url: https://shop.example.com\n    auth: { bearer: { env: OTHER } }\n  shop:",
        1,
    );
    checkout.write("targets.yaml", &two);
    checkout.commit("two targets");
    let both = [
        ("OTHER", String::new()),
        ("INPUT_TARGET", "first,shop".to_owned()),
    ];
    plan(&checkout, &checkout.head(), &both)
        .exits(0)
        .says("Dependabot");

    checkout.write("inventory.yaml", "version: 1\nstocks: 7\n");
    checkout.commit("a slip");
    let ended = plan(&checkout, &base, &empty).exits(1);
    assert!(
        ended
            .commands()
            .iter()
            .any(|line| line.starts_with("::error file=inventory.yaml"))
    );

    // Whoever applies means it: without its credential it fails.
    checkout.write("inventory.yaml", TUTORIAL);
    checkout.write("targets.yaml", &targets(&shop.url(), &shop));
    checkout.commit("mended");
    let mut push = checkout.push();
    push.push(("INPUT_COMMAND", "apply".to_owned()));
    push.extend(empty);
    let applied = checkout.bash(&of_project("action/run.sh"), &push);
    applied.exits(1).says("empty");
}

#[test]
fn what_is_remembered_is_nothing_that_a_request_brings() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let base = checkout.head();
    checkout.write(".stocktake/journal", "forged");
    checkout.commit("a memory");
    plan(&checkout, &base, &[]).exits(64).says("the state directory");
    checkout.remove(".stocktake");
    checkout.link(".stocktake", &checkout.path("runner"));
    checkout.commit("elsewhere");
    plan(&checkout, &base, &[]).exits(64).says("symbolic link");
    assert_eq!(requests(&shop), 0);
}

#[test]
fn a_private_repository_gets_its_plan() {
    const TOKEN: &str = "workflow-token-0000";
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let by_program =
        targets(&shop.url(), &shop).replace("{ env: COMMERCE_TOKEN }", "{ command: [bash, token.sh] }");
    checkout.write("targets.yaml", &by_program);
    let show = checkout.path("runner/environment");
    let program = format!("env >'{}'; echo \"$COMMERCE_TOKEN\"\n", show.display());
    checkout.write("token.sh", &program);
    checkout.commit("the credential by a program");
    let base = checkout.head();
    checkout.write("inventory.yaml", &format!("{TUTORIAL}# changed\n"));
    checkout.commit("change");
    checkout.publish();
    let host = GitHost::private(&checkout.path(""), TOKEN);
    // As actions/checkout leaves it: one commit, no credential.
    checkout.shallow();
    checkout.git(&[
        "remote",
        "set-url",
        "origin",
        &format!("{}/origin.git", host.url()),
    ]);
    assert_eq!(checkout.git(&["rev-list", "--count", "HEAD"]), "1");

    let server = ("GITHUB_SERVER_URL", host.url());
    plan(&checkout, &base, std::slice::from_ref(&server))
        .exits(1)
        .says("needs 'contents: read'");
    plan(
        &checkout,
        &base,
        &[server.clone(), ("INPUT_GITHUB_TOKEN", "wrong".to_owned())],
    )
    .exits(1);
    let elsewhere = ("GITHUB_SERVER_URL", "https://github.com".to_owned());
    let token = ("INPUT_GITHUB_TOKEN", TOKEN.to_owned());
    plan(&checkout, &base, &[elsewhere, token.clone()]).exits(1);
    // A credential that the checkout kept does not go along: the server would refuse two.
    let other_header = format!("http.{}/.extraheader", host.url());
    checkout.git(&["config", &other_header, "Authorization: Basic a2VwdDprZXB0"]);
    let ended = plan(&checkout, &base, &[server, token]).exits(0);
    assert_eq!(ended.output("changes"), "true");

    let environment = std::fs::read_to_string(show).expect("the program ran");
    assert!(!environment.contains(TOKEN), "{environment}");
    let config = std::fs::read_to_string(checkout.path("work/.git/config")).expect("it can be read");
    assert!(
        !config.contains("x-access-token") && !ended.said.contains(TOKEN),
        "{config}"
    );
}
