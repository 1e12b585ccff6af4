//! The seeds of plans: made anew by `UPDATE_SEEDS=1`, so that a change of the format reaches the fuzzer.

use spanned_yaml::diag::InputFiles;
use stocktake::model::{
    GuardLimits, Link, LiveState, ReadIssue, Source, SourceCode, Stock, StockId, StockName,
};
use stocktake::reconcile::{GuardOverrides, Plan, PlanInputs, StockScope, TargetLabel, build};
use stocktake::spec::load;

const CHANGES: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [hq, leipzig, berlin]\n";
const NUMBERS: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [{code: hq, priority: 3}, {code: paris, priority: 9}]\n";
const IN_SYNC: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [hq, paris, leipzig]\n";
const EMPTY: &str = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: []\n";

/// The seeds by name: plans of every kind, and one in which every text is hostile.
pub fn seeds() -> Vec<(&'static str, String)> {
    let lifted = ["empty-stock=Europe Stock", "delete-percent=Europe Stock"];
    let incomplete = LiveState {
        issues: vec![ReadIssue {
            reason: "pages of links overlap".to_owned(),
        }],
        ..shop("")
    };
    let hostile = "\u{1b}[31m\u{202e}\n\u{7}";
    vec![
        ("changes", plan(CHANGES, "inventory.yaml", &shop(""), &[])),
        ("numbers", plan(NUMBERS, "inventory.yaml", &shop(""), &[])),
        ("in-sync", plan(IN_SYNC, "inventory.yaml", &shop(""), &[])),
        ("refused", plan(EMPTY, "inventory.yaml", &shop(""), &[])),
        ("lifted", plan(EMPTY, "inventory.yaml", &shop(""), &lifted)),
        ("incomplete", plan(CHANGES, "inventory.yaml", &incomplete, &[])),
        ("hostile", plan(CHANGES, hostile, &shop(hostile), &[])),
    ]
}

/// A shop whose unmanaged stock, and a source that is linked, have that text in their names.
fn shop(odd: &str) -> LiveState {
    let stock = |(id, name): (u32, String)| Stock {
        id: StockId(id),
        name: StockName::from_server(&name),
        channels: Vec::new(),
    };
    let codes = ["default", "hq", "paris", "leipzig", "berlin"].map(ToOwned::to_owned);
    let codes = codes.into_iter().chain([format!("odd{odd}")]);
    let sources: Vec<Source> = codes
        .map(|code| Source {
            code: SourceCode::from_server(&code),
            name: String::new(),
            enabled: code != "paris",
        })
        .collect();
    let linked = |(source, priority): (&str, u16)| Link {
        stock: StockId(2),
        source: SourceCode::from_server(source),
        priority,
    };
    let mut links: Vec<Link> = [("hq", 1), ("paris", 2), ("leipzig", 2)].map(linked).to_vec();
    links[2].priority = 4;
    if !odd.is_empty() {
        links.extend([("default", 7), (&*format!("odd{odd}"), 9)].map(linked));
    }
    LiveState {
        stocks: [
            (1, "Default Stock".to_owned()),
            (2, "Europe Stock".to_owned()),
            (3, format!("Outlet{odd}")),
        ]
        .map(stock)
        .to_vec(),
        sources,
        links,
        only: None,
        issues: Vec::new(),
    }
    .sorted()
}

fn plan(inventory: &str, path: &str, live: &LiveState, allow: &[&str]) -> String {
    let mut files = InputFiles::default();
    files.add_bytes(path, inventory.as_bytes().to_vec());
    let loaded = load(&files);
    let target = TargetLabel {
        name: "shop".to_owned(),
        url: "https://shop.example/".to_owned(),
    };
    let allow = GuardOverrides::parse(allow.iter().copied()).expect("guards that there are");
    let inputs = PlanInputs {
        spec: &loaded.spec.expect("a good inventory"),
        scope: &StockScope::default(),
        files: &files,
        warnings: &loaded.diagnostics,
        target: &target,
        limits: GuardLimits::default(),
        allow: &allow,
        protect: &[StockName::from_server("Outlet")],
        created_at: "2026-01-01T00:00:00Z",
        expires_at: "2026-01-02T00:00:00Z",
    };
    let plan: Plan = build(inputs, live).expect("everything that is wanted exists");
    serde_json::to_string_pretty(&plan).expect("a plan is JSON")
}
