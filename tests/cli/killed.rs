//! A run that is killed while a write is under way: what it may have done is remembered, and the next run ends it.

use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use super::desk::{Desk, TOKEN};
use super::proxy::{Fate, Proxy};
use super::standing::Standing;

/// When the run is killed, seen from the write that is under way.
#[derive(Clone, Copy)]
enum Moment {
    /// It has been sent and does not arrive.
    Before,
    /// It has been carried out and not yet answered.
    After,
}

/// Kills the run that asks.
fn kill(running: &Mutex<Option<Child>>) {
    let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
    let child = running.as_mut().expect("who asks was started");
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
}

/// Runs `apply`, kills it at that write, and looks at what the next runs make of it.
fn killed_at(write: &'static str, moment: Moment) {
    let shop = Standing::demo();
    let running: Arc<Mutex<Option<Child>>> = Arc::default();
    let asking = Arc::clone(&running);
    let proxy = Proxy::before(shop.address, move |asked| {
        if asked.nth > 1 || asked.method != "POST" || !asked.path.ends_with(write) {
            return Fate::Pass;
        }
        let asking = Arc::clone(&asking);
        match moment {
            Moment::Before => {
                kill(&asking);
                Fate::CutBefore
            }
            Moment::After => Fate::Then(Box::new(move || kill(&asking))),
        }
    });
    let desk = Desk::new().variable("SHOP_TOKEN", TOKEN);
    desk.target(&proxy.url(), &format!("{}/_sandbox/magento", proxy.url()), "60s");

    let mut stdout = {
        let mut running = running.lock().expect("nobody has asked yet");
        let mut command = desk.command(&["apply", "--yes"]);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary can be started");
        let stdout = child.stdout.take().expect("it is piped");
        *running = Some(child);
        stdout
    };
    // Its output ends when it does.
    let mut told = String::new();
    std::io::Read::read_to_string(&mut stdout, &mut told).expect("its output can be read");
    assert!(!told.contains("Applied."), "{told}");

    assert!(desk.run(&["status"]).exits(0).stdout.contains("Reindex: owed"));
    desk.run(&["apply", "--yes"]).exits(0);
    desk.run(&["plan", "--detailed-exitcode"]).exits(0);
    assert!(
        desk.run(&["status"])
            .exits(0)
            .stdout
            .contains("Reindex: none owed")
    );
    assert_eq!(shop.quantity("alpine-jacket", 2), 42);
    assert_eq!(shop.quantity("canvas-tent", 2), 0);
}

#[test]
fn killed_before_the_first_write_arrives() {
    killed_at("stock-source-links", Moment::Before);
}

#[test]
fn killed_after_the_first_write() {
    killed_at("stock-source-links", Moment::After);
}

#[test]
fn killed_before_the_last_write_arrives() {
    killed_at("stock-source-links-delete", Moment::Before);
}

#[test]
fn killed_after_the_last_write() {
    killed_at("stock-source-links-delete", Moment::After);
}

#[test]
fn killed_while_the_index_is_rebuilt() {
    killed_at("magento", Moment::After);
}
