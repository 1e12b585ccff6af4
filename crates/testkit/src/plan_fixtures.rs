//! Plans to be rendered: the tutorial's, and the same with other names in it.

use serde_json::Value;
use spanned_yaml::diag::InputFiles;
use stocktake::model::{GuardLimits, Link, LiveState, Quantity, ReadIssue, SalesChannel};
use stocktake::model::{Sku, Source, SourceCode, Stock, StockId, StockName};
use stocktake::reconcile::index::{Extent, IndexState, IndexVerdict, Mismatch, StockIndex};
use stocktake::reconcile::{GuardOverrides, Plan, PlanInputs, StockScope, TargetLabel, build};
use stocktake::report::{DRIFT_FORMAT, DriftReport, IndexReport};
use stocktake::run::{Exit, ReindexBy};
use stocktake::spec::load;

/// What is tried as the name of a stock, the code and the name of a source, and the name of a target.
pub const HOSTILE: [&str; 22] = [
    "a|b",
    r"a\|b",
    r"a\\|b\",
    "`",
    "```\n# x",
    "a`` `b",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</td></table></details><h1>x",
    "-->",
    "--><script>alert(1)</script>",
    "@everyone",
    "#123 and org/repo#4",
    "[x](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "https://evil.example www.evil.example a@evil.example",
    "\u{202e}gnp.exe\u{202c}",
    "a\u{0}b\u{7}\u{1b}[2J\u{200b}",
    "line\r\n\r\n| one | two |\n|---|---|",
    "&lt;b&gt; &#64;everyone &copy;",
    "**bold** _x_ ~~y~~ $z$",
    "متجر القاهرة",
];

/// What is wanted: two stocks that change, one that is in sync.
const WANTED: &str = "\
version: 1
stocks:
  - name: North America Stock
    sources: [ne_wh, west_wh, brooklyn, huntington, hq]
  - name: Europe Stock
    sources: [leipzig, hq]
  - name: Outlet Stock
    sources: [hq]
";

/// The stocks of the shop.
const STOCKS: [(u32, &str); 5] = [
    (1, "Default Stock"),
    (2, "North America Stock"),
    (3, "Europe Stock"),
    (4, "Outlet Stock"),
    (5, "Popup Stock"),
];

/// The sources of the shop: code, name, enabled.
const SOURCES: [(&str, &str, bool); 8] = [
    ("austin_wh", "Austin Warehouse", true),
    ("brooklyn", "Brooklyn Store", true),
    ("default", "Default Source", true),
    ("hq", "Headquarters", true),
    ("huntington", "Huntington Store", false),
    ("leipzig", "Leipzig Lager", true),
    ("ne_wh", "Northeast Warehouse", true),
    ("west_wh", "", true),
];

/// The live links: stock, source, priority.
const LINKS: [(u32, &str, u16); 11] = [
    (1, "default", 1),
    (2, "ne_wh", 1),
    (2, "brooklyn", 2),
    (2, "west_wh", 3),
    (2, "austin_wh", 4),
    (2, "hq", 4),
    (3, "leipzig", 1),
    (3, "austin_wh", 2),
    (3, "brooklyn", 3),
    (3, "default", 4),
    (4, "hq", 7),
];

/// The shop.
pub fn live(issues: &[&str]) -> LiveState {
    let stock = |(id, name): (u32, &str)| Stock {
        id: StockId(id),
        name: StockName::from_server(name),
        channels: vec![SalesChannel {
            kind: "website".to_owned(),
            code: format!("site{id}"),
        }],
    };
    let source = |(code, name, enabled): (&str, &str, bool)| Source {
        code: SourceCode::from_server(code),
        name: name.to_owned(),
        enabled,
    };
    let link = |(stock, code, priority): (u32, &str, u16)| Link {
        stock: StockId(stock),
        source: SourceCode::from_server(code),
        priority,
    };
    let issue = |reason: &&str| ReadIssue {
        reason: (*reason).to_owned(),
    };
    LiveState {
        stocks: STOCKS.map(stock).to_vec(),
        sources: SOURCES.map(source).to_vec(),
        links: LINKS.map(link).to_vec(),
        only: None,
        issues: issues.iter().map(issue).collect(),
    }
    .sorted()
}

fn plan(wanted: &str, limits: GuardLimits, issues: &[&str]) -> Plan {
    plan_of(wanted, &live(issues), limits)
}

/// The plan that brings a shop to these wanted stocks.
pub(crate) fn plan_of(wanted: &str, live: &LiveState, limits: GuardLimits) -> Plan {
    let files = InputFiles::one("inventory.yaml", wanted);
    let loaded = load(&files);
    let inputs = PlanInputs {
        spec: &loaded.spec.expect("the file is good"),
        scope: &StockScope::default(),
        files: &files,
        warnings: &loaded.diagnostics,
        target: &TargetLabel {
            name: "production".to_owned(),
            url: "https://shop.example.com/".to_owned(),
        },
        limits,
        allow: &GuardOverrides::default(),
        protect: &[],
        created_at: "2026-02-03T04:05:06Z",
        expires_at: "2026-02-04T04:05:06Z",
    };
    build(inputs, live).expect("a plan can be made")
}

/// Limits that refuse the deletes of Europe Stock.
pub(crate) const STRICT: GuardLimits = GuardLimits {
    max_deletes: 10,
    max_delete_percent: 30,
};

/// A plan with every kind of change, a blocked link, a warning, and a guard that refuses it.
pub fn refused() -> Plan {
    plan(WANTED, STRICT, &[])
}

/// The same after a read that may be incomplete, which withholds the deletes.
pub fn withheld() -> Plan {
    let lax = GuardLimits {
        max_deletes: 10,
        max_delete_percent: 100,
    };
    plan(WANTED, lax, &["the count moved from 11 to 12 while reading"])
}

/// A plan that changes nothing.
pub fn in_sync() -> Plan {
    plan(
        "version: 1\nstocks: [{ name: Outlet Stock, sources: [hq] }]\n",
        STRICT,
        &[],
    )
}

/// What drift found where the links are as wanted, a reindex is owed and the index is like that.
pub fn drift(index: IndexReport) -> DriftReport {
    DriftReport {
        format_version: DRIFT_FORMAT,
        exit_code: Exit::Changes,
        plan: in_sync(),
        reindex_owed: true,
        reindex_by: ReindexBy::Steps,
        cron_check: None,
        index: Some(index),
        notifications: Vec::new(),
    }
}

fn of_outlet(index: IndexState) -> StockIndex {
    StockIndex {
        stock_id: StockId(4),
        name: StockName::from_server("Outlet Stock"),
        index,
    }
}

/// A stale index of the stock that is in sync.
pub fn stale() -> IndexReport {
    let mismatch = |sku: &str| Mismatch {
        sku: Sku::new(sku),
        predicted: Some(Quantity::from_units(7.0)),
        indexed: None,
    };
    let index = IndexState::Stale {
        extent: Extent {
            skus: 4,
            predicted: 6,
            ..Extent::default()
        },
        mismatches: vec![mismatch("canvas-tent"), mismatch("trail-boot")],
        unanswered: None,
    };
    IndexReport {
        verdict: IndexVerdict::Stale,
        stocks: vec![of_outlet(index)],
        unreadable: None,
        hints: Vec::new(),
    }
}

/// An index of the stock that is in sync, proven for most of its products.
pub fn proven() -> IndexReport {
    let extent = Extent {
        skus: 31,
        predicted: 44,
        not_predicted: 14,
        not_asked: 10,
    };
    IndexReport {
        verdict: IndexVerdict::Proven,
        stocks: vec![of_outlet(IndexState::Matches { extent })],
        unreadable: None,
        hints: Vec::new(),
    }
}

/// An index that could not be read.
pub fn unreadable() -> IndexReport {
    IndexReport {
        verdict: IndexVerdict::Unknown,
        stocks: Vec::new(),
        unreadable: Some("GET /rest/all/V1/inventory/source-items: 503".to_owned()),
        hints: Vec::new(),
    }
}

/// A plan with so many stocks of so many links that are all reordered.
pub fn large(stocks: u32, links: u32) -> Plan {
    let mut json = serde_json::to_value(refused()).expect("a plan is JSON");
    let template = json["stocks"][0].clone();
    let stocks = (0..stocks).map(|number| {
        let mut stock = template.clone();
        stock["stock_id"] = (number + 2).into();
        stock["name"] = format!("Stock {number}").into();
        let ranked = |before: bool| -> Value {
            let link = |at: u32| {
                let priority = if before { at + 1 } else { at + 2 };
                serde_json::json!({ "rank": at + 1, "source_code": format!("source_{at:04}"), "priority": priority, "enabled": true })
            };
            (0..links).map(link).collect()
        };
        stock["before"] = ranked(true);
        stock["after"] = ranked(false);
        stock["reorders"] = Value::Array(Vec::new());
        stock["changes"] = (0..links)
            .map(|at| {
                serde_json::json!({
                    "action": "move", "kind": "reorder", "source_code": format!("source_{at:04}"), "before": at + 1, "after": at + 2,
                    "place": { "file": "inventory.yaml", "line": at + 1, "column": 7 },
                })
            })
            .collect();
        stock
    });
    json["stocks"] = stocks.collect();
    serde_json::from_value(json).expect("a plan")
}

/// The refused plan with another text in place of each of these, wherever they stand.
pub fn renamed(names: &[(&str, &str)]) -> Plan {
    fn rename(value: &mut Value, names: &[(&str, &str)]) {
        match value {
            Value::String(text) => {
                for (old, new) in names {
                    *text = text.replace(old, new);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
            Value::Object(fields) => fields.values_mut().for_each(|field| rename(field, names)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut json = serde_json::to_value(refused()).expect("a plan is JSON");
    rename(&mut json, names);
    let mut plan: Plan = serde_json::from_value(json).expect("a plan");
    plan.labels
        .sources
        .sort_by(|a, b| a.source_code.cmp(&b.source_code));
    plan
}
