//! Planning writes nothing: each planning command works on a shop that aborts the connection on any request but GET.

use std::sync::{Arc, Mutex, PoisonError};

use testkit::proxy::{Action, Proxy};
use testkit::sandbox_process::SandboxProcess;
use testkit::workspace::Workspace;

/// The commands that never write, each with its exit code on the demo shop. A new one gets a line here.
const PLANNING: &[(&[&str], i32)] = &[
    (&["plan"], 0),
    (&["plan", "--format", "json"], 0),
    (&["plan", "--detailed-exitcode", "--allow", "deletes"], 2),
    (&["graph"], 0),
    (&["plan", "--out", "plan.json", "--expires", "1h"], 0),
    (&["plan", "--format", "github,junit=plan.xml"], 0),
    (&["status"], 0),
    (&["status", "--format", "json"], 0),
    (&["export"], 0),
    (&["export", "--explicit", "--out", "live.yaml"], 0),
    (&["status", "--prove", "index"], 0),
    (&["drift"], 2),
    (&["drift", "--prove", "index", "--format", "json"], 2),
    (
        &[
            "drift",
            "--format",
            "text,html=drift.html",
            "--metrics",
            "drift.prom",
        ],
        2,
    ),
    (&["doctor"], 0),
    (&["doctor", "--format", "json"], 0),
    (&["export", "--update"], 0),
];

/// The commands that ask no shop at all.
const OFFLINE: &[(&[&str], i32)] = &[
    (&["validate"], 0),
    (&["fmt", "--check"], 0),
    (&["validate", "--format", "json"], 0),
    (&["show", "plan.json"], 0),
    (&["show", "plan.json", "--format", "json"], 0),
    (&["show", "plan.json", "--format", "markdown,sarif=plan.sarif"], 0),
    (&["rollback", "--list"], 0),
    (&["init"], 0),
    (&["targets"], 0),
    (&["validate"], 0),
    (&["graph", "--plan", "plan.json"], 0),
    (&["schema"], 0),
    (&["schema", "plan"], 0),
    (&["completions", "bash"], 0),
];

/// A shop that cuts the connection before it sees a request that could change something.
struct ReadOnly {
    shop: SandboxProcess,
    proxy: Proxy,
    methods: Arc<Mutex<Vec<String>>>,
}

impl ReadOnly {
    fn demo() -> Self {
        let shop = SandboxProcess::demo();
        let methods = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&methods);
        let proxy = Proxy::before(shop.address, move |asked| {
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.push(asked.method.clone());
            if asked.method == "GET" {
                Action::Pass
            } else {
                Action::CutBefore
            }
        });
        Self { shop, proxy, methods }
    }

    /// The methods of the requests since the last time.
    fn methods(&self) -> Vec<String> {
        std::mem::take(&mut *self.methods.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[test]
fn planning_sends_nothing_but_get() {
    let shop = ReadOnly::demo();
    let workspace = Workspace::new().at(shop.proxy.url());
    for (arguments, code) in PLANNING {
        workspace.run(arguments).exits(*code);
        let methods = shop.methods();
        assert!(!methods.is_empty(), "{arguments:?} asked nothing");
        assert!(
            methods.iter().all(|method| method == "GET"),
            "{arguments:?}: {methods:?}"
        );
    }
    assert_eq!(shop.shop.writes(), 0);
}

#[test]
fn offline_commands_send_nothing_at_all() {
    let shop = ReadOnly::demo();
    let workspace = Workspace::new().at(shop.proxy.url());
    workspace.run(&["plan", "--out", "plan.json"]).exits(0);
    shop.methods();
    for (arguments, code) in OFFLINE {
        workspace.run(arguments).exits(*code);
        assert_eq!(shop.methods(), [""; 0], "{arguments:?}");
    }
}

/// That the shop above would notice: an apply does not get through to it.
#[test]
fn an_apply_fails_on_such_a_shop() {
    let shop = ReadOnly::demo();
    let workspace = Workspace::new().at_without_waits(&shop.proxy.url());
    let code = workspace.run(&["apply", "--yes"]).code;
    assert_ne!(code, 0);
    assert!(shop.methods().iter().any(|method| method == "POST"));
    assert_eq!(shop.shop.writes(), 0);
}

/// One plan, three requests: stocks, sources, links.
#[test]
fn a_plan_reads_each_collection_once() {
    let shop = SandboxProcess::demo();
    Workspace::new().at(shop.url()).run(&["plan"]).exits(0);
    assert_eq!(shop.methods(), [("GET".to_owned(), 3)].into());
}
