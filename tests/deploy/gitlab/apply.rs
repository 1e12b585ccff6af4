//! The job after the merge: the newest commit alone is applied, and a cancel is heard.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::super::checkout::{Checkout, bash, targets};
use super::super::forge::Forge;
use super::{Variables, job, noting, push, request, script, with};
use testkit::proxy::{Action, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::{TOKEN, TUTORIAL};

/// A checkout at a commit that is not the tip of its branch, with the name of the tip.
fn older(shop: &SandboxProcess, newer: impl Fn(&Checkout)) -> (Checkout, Variables, String) {
    let checkout = Checkout::of(shop);
    checkout.origin_is_itself();
    let variables = push(&checkout);
    newer(&checkout);
    checkout.commit("newer");
    let tip = checkout.head();
    checkout.git(&["checkout", "--quiet", "--detach", "HEAD^"]);
    (checkout, variables, tip)
}

#[test]
fn an_older_commit_with_another_inventory_or_other_targets_is_superseded() {
    let changes: [fn(&Checkout); 5] = [
        |checkout| checkout.write("inventory.yaml", &TUTORIAL.replace("leipzig", "hamburg")),
        |checkout| checkout.remove("inventory.yaml"),
        |checkout| checkout.write("targets.yaml", "version: 1\ntargets: {}\n"),
        |checkout| checkout.remove("targets.yaml"),
        |checkout| {
            checkout.remove("inventory.yaml");
            checkout.link("inventory.yaml", "elsewhere".as_ref());
        },
    ];
    for change in changes {
        let shop = SandboxProcess::demo();
        let (checkout, variables, tip) = older(&shop, change);
        let ended = job(&checkout, "stocktake apply", &variables).exits(0);
        assert!(
            ended.said.contains(&tip) && ended.said.contains(&checkout.head()),
            "{}",
            ended.said
        );
        assert_eq!(
            shop.get("/_sandbox/log").as_array().map_or(0, Vec::len),
            0,
            "{}",
            ended.said
        );
    }
}

#[test]
fn a_job_that_is_run_again_says_by_its_exit_that_nothing_was_applied() {
    let shop = SandboxProcess::demo();
    let (checkout, variables, _) = older(&shop, |checkout| {
        checkout.write("inventory.yaml", TUTORIAL.trim_end());
    });
    for (count, code) in [("0", 0), ("1", 4), ("2", 4)] {
        let variables = with(variables.clone(), "CI_JOB_RETRY_COUNT", count);
        job(&checkout, "stocktake apply", &variables).exits(code);
    }
    for (others, code) in [
        (json!([]), 0),
        (json!([{ "id": 1, "name": "stocktake apply" }]), 4),
    ] {
        let mut jobs = others.as_array().expect("it is a list").clone();
        jobs.extend([
            json!({ "id": 2, "name": "stocktake drift" }),
            json!({ "id": 3, "name": "stocktake apply" }),
        ]);
        let forge = Forge::answering(Vec::new(), vec![("/projects/11/pipelines/5/jobs", json!(jobs))]);
        let mut variables = variables.clone();
        variables = noting(variables, &forge);
        variables.extend([
            ("CI_PIPELINE_ID", "5".to_owned()),
            ("CI_JOB_NAME", "stocktake apply".to_owned()),
        ]);
        job(&checkout, "stocktake apply", &variables).exits(code);
    }
    assert_eq!(shop.writes(), 0);
}

#[test]
fn an_older_commit_is_applied_when_its_inventory_is_the_newest_or_that_is_wanted() {
    let shop = SandboxProcess::demo();
    let (checkout, variables, _) = older(&shop, |checkout| checkout.write("README.md", "newer\n"));
    job(&checkout, "stocktake apply", &variables).exits(0);
    assert!(shop.writes() > 0);

    let shop = SandboxProcess::demo();
    let (checkout, variables, _) = older(&shop, |checkout| {
        checkout.write("inventory.yaml", TUTORIAL.trim_end());
    });
    let wanted = with(variables, "STOCKTAKE_ALLOW_OLDER", "true");
    job(&checkout, "stocktake apply", &wanted).exits(0);
    assert!(shop.writes() > 0);
}

#[test]
fn every_entry_of_a_folder_counts() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    checkout.write("inventory/a.yaml", TUTORIAL);
    checkout.write("inventory/notes.md", "old\n");
    checkout.commit("a folder");
    checkout.origin_is_itself();
    let variables = with(push(&checkout), "STOCKTAKE_FILES", "inventory");
    checkout.write("inventory/notes.md", "new\n");
    checkout.write("inventory.yaml", "no longer used\n");
    checkout.commit("nothing of the inventory");
    checkout.git(&["checkout", "--quiet", "--detach", "HEAD^"]);
    job(&checkout, "stocktake apply", &variables).exits(0);
    let writes = shop.writes();
    assert!(writes > 0);
    checkout.git(&["checkout", "--quiet", "main"]);
    checkout.write("inventory/more/b.yaml", "version: 1\nstocks: []\n");
    checkout.commit("one more");
    checkout.git(&["checkout", "--quiet", "--detach", "HEAD^"]);
    let ended = job(
        &checkout,
        "stocktake apply",
        &with(variables, "CI_COMMIT_SHA", &checkout.head()),
    )
    .exits(0);
    assert!(ended.said.contains("Superseded"), "{}", ended.said);
}

#[test]
fn a_tip_that_cannot_be_fetched_is_an_error() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let variables = push(&checkout);
    let ended = job(&checkout, "stocktake apply", &variables).exits(1);
    assert!(ended.said.contains("nothing was written"), "{}", ended.said);
    checkout.origin_is_itself();
    job(
        &checkout,
        "stocktake apply",
        &with(variables.clone(), "CI_COMMIT_BRANCH", "gone"),
    )
    .exits(1);
    job(
        &checkout,
        "stocktake apply",
        &with(variables, "CI_COMMIT_BRANCH", ""),
    )
    .exits(64);
    assert_eq!(shop.writes(), 0);
}

/// The job, in a group of its own as a runner makes one. It waits in its first save until it is answered.
fn saving(
    checkout: &Checkout,
    shop: &SandboxProcess,
) -> (Child, Proxy, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let (arrived, arrives) = mpsc::channel();
    let (answer, answers) = mpsc::channel();
    let proxy = Proxy::before(shop.address, move |asked| {
        if asked.method == "POST" && asked.nth == 1 && asked.path.ends_with("stock-source-links") {
            arrived.send(()).expect("the test listens");
            answers.recv().expect("the test answers");
        }
        Action::Pass
    });
    checkout.write("targets.yaml", &targets(&proxy.url(), shop));
    checkout.commit("behind a proxy");
    let job = bash()
        .arg(script(checkout, "stocktake apply"))
        .current_dir(checkout.path("work"))
        .env("COMMERCE_TOKEN", TOKEN)
        .envs(push(checkout))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn();
    (job.expect("bash can be started"), proxy, arrives, answer)
}

#[test]
fn a_job_that_is_cancelled_while_a_server_is_silent_ends_too() {
    let shop = SandboxProcess::demo();
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let url = format!("http://{}", silent.local_addr().expect("it has an address"));
    let fetching = Checkout::of(&shop);
    let fetch = push(&fetching);
    fetching.git(&["remote", "add", "origin", &format!("{url}/origin.git")]);
    let noting = Checkout::of(&shop);
    let mut note = request(&noting);
    note.extend([
        ("CI_API_V4_URL", url.clone()),
        ("CI_PROJECT_ID", "11".to_owned()),
        ("STOCKTAKE_NOTE_TOKEN", "token".to_owned()),
    ]);
    for (checkout, name, variables) in [
        (&fetching, "stocktake apply", &fetch),
        (&noting, "stocktake plan", &note),
    ] {
        let mut command = checkout.command(&script(checkout, name), variables);
        let job = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let job = job.expect("bash can be started");
        let asked = silent.accept().expect("it is asked");
        let sent = Command::new("kill").arg(job.id().to_string()).status();
        assert!(sent.expect("signals can be sent").success());
        let since = Instant::now();
        let output = job.wait_with_output().expect("it ends");
        // Its own bounds would end it after minutes, and a runner does not wait so long.
        assert!(since.elapsed() < Duration::from_secs(50), "{output:?}");
        assert_eq!(output.status.code(), Some(143), "{output:?}");
        drop(asked);
    }
    assert!(
        noting.path("work/stocktake-report/plan.json").exists(),
        "the report"
    );
    assert_eq!(shop.writes(), 0);
}

#[test]
fn a_cancelled_job_ends_its_request_and_writes_no_more() {
    for (signal, whole_group, code) in [("-TERM", false, 143), ("-TERM", true, 143), ("-INT", true, 130)] {
        let shop = SandboxProcess::demo();
        let checkout = Checkout::of(&shop);
        checkout.origin_is_itself();
        let (mut job, proxy, arrives, answer) = saving(&checkout, &shop);
        arrives.recv().expect("a save is sent");
        let group = if whole_group { "-" } else { "" };
        let sent = Command::new("kill")
            .args([signal, "--", &format!("{group}{}", job.id())])
            .status();
        assert!(sent.expect("signals can be sent").success());
        // Answered when the signal has been heard: then the order is certain.
        let mut reported = String::new();
        for line in BufReader::new(job.stderr.take().expect("it is piped")).lines() {
            let line = line.expect("output is UTF-8");
            if line.starts_with("Interrupted: ") {
                answer.send(()).expect("the proxy waits");
            }
            reported = reported + &line + "\n";
        }
        let output = job.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(code), "{reported}");
        let report = String::from_utf8(output.stdout).expect("output is UTF-8");
        assert!(report.contains("nterrupted"), "{report}");
        let writes = proxy.seen().iter().filter(|asked| asked.method == "POST").count();
        assert_eq!(writes, 1, "the save alone: {reported}");
    }
}
