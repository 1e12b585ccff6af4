//! `action/process.sh`: a job that is cancelled ends in order, with the report of what was done.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde_json::Value;

use super::checkout::{Checkout, Ended, of_project, targets};
use super::proxy::{Fate, Proxy};
use super::standing::Standing;

/// One save and one delete.
const INVENTORY: &str =
    "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [leipzig, berlin, frankfurt, hq]\n";

/// A front that holds the first write until it is let go.
fn front(shop: &Standing) -> (Proxy, Receiver<()>, Sender<()>) {
    let (came, coming) = channel();
    let (go, going) = channel::<()>();
    let front = Proxy::before(shop.address, move |asked| {
        if asked.method == "POST" && asked.nth == 1 {
            came.send(()).expect("the test waits for it");
            going
                .recv_timeout(Duration::from_mins(1))
                .expect("the test lets it go");
        }
        Fate::Pass
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

/// Cancels the step during its first write, as the runner does: the signal goes to the shell that it started.
fn cancelled(signal: &str) -> (Ended, usize) {
    let shop = Standing::demo();
    let (front, coming, go) = front(&shop);
    let checkout = Checkout::of(&shop);
    checkout.write("inventory.yaml", INVENTORY);
    checkout.write("targets.yaml", &targets(&front.url(), &shop));
    checkout.commit("one save, one delete");
    let mut variables = checkout.push();
    variables.push(("INPUT_COMMAND", "apply".to_owned()));
    variables.push(("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR").to_owned()));
    let script = checkout.path("runner/step.sh");
    std::fs::write(&script, step()).expect("the step can be written");
    let mut child = checkout
        .command(&script, &variables)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("bash can be started");
    coming
        .recv_timeout(Duration::from_mins(1))
        .expect("the first write is sent");
    let sent = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(sent.expect("kill can be started").success());
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
