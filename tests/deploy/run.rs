//! `action/run.sh`: what a workflow's event lets it do.

use std::net::TcpListener;

use super::checkout::{Checkout, Ended, of_project, targets};
use testkit::proxy::{Canned, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::TUTORIAL;

fn run(checkout: &Checkout, command: &str, event: &[(&'static str, String)]) -> Ended {
    let mut variables = event.to_vec();
    variables.push(("INPUT_COMMAND", command.to_owned()));
    checkout.bash(&of_project("action/run.sh"), &variables)
}

fn requests(shop: &SandboxProcess) -> usize {
    shop.get("/_sandbox/log").as_array().map_or(0, Vec::len)
}

#[test]
fn a_pull_request_gets_a_plan_and_a_merge_applies_it() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let base = checkout.head();
    let request = checkout.pull_request("shop/inventory", &base);

    let planned = run(&checkout, "plan", &request).exits(0);
    assert_eq!(
        (planned.output("exit-code"), planned.output("changes")),
        ("0", "true")
    );
    let comment = std::fs::read_to_string(planned.output("comment")).expect("there is a comment");
    assert!(comment.starts_with("<!-- stocktake:"), "{comment}");
    assert_eq!(planned.summary, comment);
    assert!(
        planned.said.contains("::notice") || planned.said.contains("::warning"),
        "{}",
        planned.said
    );

    let applied = run(&checkout, "apply", &checkout.push()).exits(0);
    assert_eq!(applied.output("exit-code"), "0");
    assert!(
        applied.summary.contains("North America Stock"),
        "{}",
        applied.summary
    );

    let again = run(&checkout, "plan", &request).exits(0);
    assert_eq!(again.output("changes"), "false");
    run(&checkout, "drift", &checkout.push()).exits(0);
}

#[test]
fn drift_fails_the_job() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let ended = run(&checkout, "drift", &checkout.push()).exits(2);
    assert_eq!(ended.output("changes"), "true");
    assert!(
        ended.summary.contains("### Inventory plan for `shop`"),
        "{}",
        ended.summary
    );
    assert!(ended.said.contains("\nDrift. "), "{}", ended.said);
    for file in ["plan.md", "plan.html", "drift.json"] {
        assert!(
            std::path::Path::new(ended.output("report")).join(file).exists(),
            "{file}"
        );
    }
}

#[test]
fn drift_tells_the_web_hooks_where_that_is_wanted() {
    let shop = SandboxProcess::demo();
    let catcher = Proxy::alone(|_| Canned::new(200, "text/plain", "ok"));
    let checkout = Checkout::of(&shop);
    let reported = targets(&shop.url(), &shop) + "    notify: [{ slack: { env: SLACK_WEBHOOK_URL } }]\n";
    checkout.write("targets.yaml", &reported);
    let mut variables = checkout.push();
    variables.push(("SLACK_WEBHOOK_URL", catcher.url()));
    run(&checkout, "drift", &variables).exits(2);
    assert_eq!(catcher.seen().len(), 0);
    variables.push(("INPUT_NOTIFY", "true".to_owned()));
    for _ in 0..2 {
        run(&checkout, "drift", &variables).exits(2);
    }
    assert_eq!(catcher.seen().len(), 1);
    let state = std::fs::read_dir(checkout.path("work/.stocktake"))
        .expect("there is state")
        .next();
    let state = state.expect("of a shop").expect("it is listed").path();
    assert!(
        state.join("told.json").exists(),
        "what the templates keep by that name"
    );
}

#[test]
fn a_refused_plan_fails_the_check_and_is_reported_all_the_same() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let base = checkout.head();
    let emptied = TUTORIAL
        .lines()
        .take_while(|line| !line.starts_with("stocks:"))
        .chain(["stocks:", "  - name: North America Stock", "    sources: []"])
        .fold(String::new(), |text, line| text + line + "\n");
    checkout.write("inventory.yaml", &emptied);
    checkout.commit("no more sources");
    let ended = run(&checkout, "plan", &checkout.pull_request("shop/inventory", &base)).exits(3);
    assert_eq!(ended.output("changes"), "true");
    assert!(
        ended.summary.contains("would lose all its sources"),
        "{}",
        ended.summary
    );
}

#[test]
fn targets_come_from_the_base_branch() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let base = checkout.head();
    let thief = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    thief
        .set_nonblocking(true)
        .expect("it can be asked without waiting");
    let elsewhere = format!("http://{}", thief.local_addr().expect("it has an address"));
    checkout.write("targets.yaml", &targets(&elsewhere, &shop));
    checkout.commit("send the token to me");

    let ended = run(&checkout, "plan", &checkout.pull_request("shop/inventory", &base)).exits(0);
    assert_eq!(ended.output("changes"), "true");
    assert!(thief.accept().is_err(), "nothing was sent there");
    assert!(requests(&shop) > 0);
}

#[test]
fn programs_come_from_the_base_branch_and_a_link_is_refused() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let by_program =
        targets(&shop.url(), &shop).replace("{ env: COMMERCE_TOKEN }", "{ command: [bash, token.sh] }");
    checkout.write("targets.yaml", &by_program);
    checkout.write("token.sh", &format!("echo {}\n", testkit::workspace::TOKEN));
    checkout.commit("the credential by a program");
    let base = checkout.head();
    let request = checkout.pull_request("shop/inventory", &base);
    checkout.write("token.sh", "touch stolen; echo stolen\n");
    checkout.commit("run this for me");
    run(&checkout, "plan", &request).exits(0);
    assert!(!checkout.path("work/stolen").exists());

    let inventory = checkout.path("work/inventory.yaml");
    std::fs::remove_file(&inventory).expect("it can be removed");
    std::os::unix::fs::symlink("/etc/passwd", &inventory).expect("a link can be made");
    checkout.commit("show me this");
    let ended = run(&checkout, "plan", &request).exits(64);
    assert!(ended.said.contains("symbolic link"), "{}", ended.said);
    assert!(!ended.said.contains("root:"), "{}", ended.said);
}

#[test]
fn a_fork_is_checked_offline() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let base = checkout.head();
    let request = checkout.pull_request("somebody/inventory", &base);
    let good = run(&checkout, "plan", &request).exits(0);
    assert_eq!(good.output("comment"), "");
    checkout.write(
        "inventory.yaml",
        "version: 1\nstocks:\n  - name: A\n    sourcs: []\n",
    );
    checkout.commit("a slip");
    let bad = run(&checkout, "plan", &request).exits(1);
    assert!(bad.said.contains("::error"), "{}", bad.said);
    assert_eq!(requests(&shop), 0);
}

#[test]
fn a_url_of_the_environment_beside_targets_is_refused() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let url = ("STOCKTAKE_URL", shop.url());
    let mut push = checkout.push();
    push.push(url.clone());
    for command in ["apply", "drift", "plan"] {
        run(&checkout, command, &push).exits(64).says("STOCKTAKE_URL");
    }
    let mut request = checkout.pull_request("shop/inventory", &checkout.head());
    request.push(url);
    run(&checkout, "plan", &request).exits(64).says("STOCKTAKE_URL");
    assert_eq!(requests(&shop), 0);
}
