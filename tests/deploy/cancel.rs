//! `action/process.sh`: a job that is cancelled ends in order, with the report of what was done.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::checkout::{Checkout, Ended, of_project, targets};
use testkit::proxy::{Action, Proxy};
use testkit::sandbox_process::SandboxProcess;

/// One save and one delete.
const INVENTORY: &str =
    "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [leipzig, berlin, frankfurt, hq]\n";

/// A front that holds the first write until it is let go.
fn front(shop: &SandboxProcess) -> (Proxy, Receiver<()>, Sender<()>) {
    let (came, coming) = channel();
    let (go, going) = channel::<()>();
    let front = Proxy::before(shop.address, move |asked| {
        if asked.method == "POST" && asked.nth == 1 {
            came.send(()).expect("the test waits for it");
            going
                .recv_timeout(Duration::from_mins(1))
                .expect("the test lets it go");
        }
        Action::Pass
    });
    (front, coming, go)
}

/// The line of the step in action.yml.
fn step() -> String {
    let text = std::fs::read_to_string(of_project("action.yml")).expect("there is an action");
    let action: Value = serde_saphyr::from_str(&text).expect("it is YAML");
    let steps = action["runs"]["steps"].as_array().expect("it has steps");
    let step = steps
        .iter()
        .find(|step| step["id"] == "run")
        .expect("one runs stocktake");
    step["run"].as_str().expect("it is a line").to_owned()
}

/// Starts the step.
fn started(checkout: &Checkout, mut variables: Vec<(&'static str, String)>) -> Child {
    variables.push(("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR").to_owned()));
    let script = checkout.path("runner/step.sh");
    std::fs::write(&script, step()).expect("the step can be written");
    let mut command = checkout.command(&script, &variables);
    let command = command.stdout(Stdio::piped()).stderr(Stdio::inherit());
    command.spawn().expect("bash can be started")
}

fn send(signal: &str, child: &Child) {
    let sent = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(sent.expect("kill can be started").success());
}

/// Cancels the step while a server that is asked does not answer.
fn cancelled_while_asking(
    signal: &str,
    checkout: &Checkout,
    silent: &TcpListener,
    variables: Vec<(&'static str, String)>,
) -> Ended {
    let mut child = started(checkout, variables);
    let asked = silent.accept().expect("it is asked");
    send(signal, &child);
    let sent = Instant::now();
    let mut said = String::new();
    let mut log = child.stdout.take().expect("it is piped");
    log.read_to_string(&mut said).expect("it can be read");
    let status = child.wait().expect("it ends");
    // The runner waits ten seconds; a server's own bound would end it after two minutes.
    assert!(sent.elapsed() < Duration::from_mins(1), "{said}");
    drop(asked);
    checkout.ended(status, said)
}

/// Cancels the step during its first write, as the runner does: the signal goes to the shell that it started.
fn cancelled(signal: &str) -> (Ended, usize) {
    let shop = SandboxProcess::demo();
    let (front, coming, go) = front(&shop);
    let checkout = Checkout::of(&shop);
    checkout.write("inventory.yaml", INVENTORY);
    checkout.write("targets.yaml", &targets(&front.url(), &shop));
    checkout.commit("one save, one delete");
    let mut variables = checkout.push();
    variables.push(("INPUT_COMMAND", "apply".to_owned()));
    let mut child = started(&checkout, variables);
    coming
        .recv_timeout(Duration::from_mins(1))
        .expect("the first write is sent");
    send(signal, &child);
    let mut log = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut said = String::new();
    while !said.contains("Interrupted: what is under way") {
        assert!(log.read_line(&mut said).expect("it can be read") > 0, "{said}");
    }
    go.send(()).expect("the front waits for it");
    log.read_to_string(&mut said).expect("it can be read");
    let status = child.wait().expect("it ends");
    (checkout.ended(status, said), front.writes().len())
}

#[test]
fn a_cancelled_job_writes_no_more_and_says_what_it_did() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        let (ended, writes) = cancelled(signal);
        let ended = ended.exits(code);
        assert_eq!(writes, 1, "{signal}: {}", ended.said);
        assert_eq!(ended.output("exit-code"), code.to_string());
        assert!(ended.summary.contains("Interrupted."), "{}", ended.summary);
        assert_eq!(ended.commands(), [""; 0]);
    }
}

#[test]
fn a_job_that_is_cancelled_while_a_server_is_silent_ends_too() {
    let shop = SandboxProcess::demo();
    let checkout = Checkout::of(&shop);
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let url = format!("http://{}", silent.local_addr().expect("it has an address"));
    let base = checkout.head();
    checkout.write(
        "inventory.yaml",
        "version: 1\nstocks:\n  - name: Europe Stock\n    sources: []\n",
    );
    checkout.commit("what a guard refuses");
    let mut push = checkout.push();
    checkout.git(&["remote", "set-url", "origin", &format!("{url}/origin.git")]);
    push.push(("INPUT_COMMAND", "apply".to_owned()));
    for (signal, code) in [("-INT", "130"), ("-TERM", "143")] {
        let ended = cancelled_while_asking(signal, &checkout, &silent, push.clone());
        assert_eq!(ended.output("exit-code"), code, "{}", ended.said);
        ended.says("cancelled; nothing was written");
    }
    // The plan that was made is told, though nobody says which labels are set.
    let mut request = checkout.pull_request("shop/inventory", &base);
    request.push(("GITHUB_API_URL", url));
    request.push(("INPUT_GITHUB_TOKEN", "token".to_owned()));
    for signal in ["-INT", "-TERM"] {
        let ended = cancelled_while_asking(signal, &checkout, &silent, request.clone());
        assert_eq!(ended.output("exit-code"), "3", "{}", ended.said);
        assert!(ended.summary.contains("Refused by a guard"), "{}", ended.summary);
        ended.says("Europe Stock");
    }
}
