//! The server's answers: a first line with status and media type, then the bodies of stocks, sources and links, of the rows
//! of an index and of source items.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use spanned_yaml::diag::{InputFiles, visible};
use stocktake::commerce::{ApiError, ErrorKind, Pages, Response, SourceItems, interpolate};
use stocktake::model::{GuardLimits, IndexRow, LiveState, StockId};
use stocktake::reconcile::index::{compare, counted_sources, predict, samples};
use stocktake::reconcile::{GuardOverrides, PlanInputs, StockScope, TargetLabel, build};
use stocktake::spec::emit::{Document, LinkText, LinksText, StockText};
use stocktake::spec::load;

use super::{findings, holds_nothing_hidden, parts, plan};

/// The longest that anybody should have to read of one failure, in bytes.
const MESSAGE_LIMIT: usize = 32 * 1024;

/// Where failures have hints of their own.
const PATHS: [&str; 4] = [
    "/rest/all/V1/inventory/stock-source-links",
    "/rest/V1/integration/admin/token",
    "/rest/V1/tfa/provider/google/authenticate",
    "/ims/token/v3",
];

/// What the shop of the seeds is asked for.
const WANTED: &str = "{version: 1, stocks: [{name: Europe Stock, sources: [leipzig, default2, hq]}, \
                      {name: Outlet, sources: [{code: hq, priority: 3}, {code: ne_wh, priority: 9}]}]}";

/// What an inventory that is written by stocktake itself never breaks.
const KEYS_AND_TYPES: [&str; 5] = [
    "duplicate-key",
    "missing-key",
    "mixed-links",
    "unknown-key",
    "wrong-type",
];

/// Holds the decoder to its properties.
pub fn holds(data: &[u8]) {
    let (head, rest) = match data.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&data[..end], &data[end + 1..]),
        None => (data, &data[..0]),
    };
    let head = String::from_utf8_lossy(head);
    let (status, content_type) = head.split_once(' ').unwrap_or((&head, ""));
    let status = status.parse().unwrap_or(200);
    let answers: Vec<Response> = parts(rest)
        .map(|body| Response::new(status, content_type, body.to_vec()))
        .collect();
    for answer in &answers {
        confirms_or_fails(answer);
        fills(&answer.body);
    }
    let pages = |number: usize| answers.get(number..).unwrap_or_default();
    let first = |number: usize| pages(number).get(..1).unwrap_or_default();
    // Links of one page, followed by an index, or of several pages.
    for links in [first(2), pages(2)] {
        match (Pages {
            stocks: first(0),
            sources: first(1),
            links,
        })
        .decode()
        {
            Ok(state) => {
                is_a_shop(&state);
                can_be_written(&state);
                has_an_index(&state, pages(3));
            }
            Err(failure) => is_reported(&failure),
        }
    }
}

/// Only status, media type and body together confirm a write; anything else is an error.
fn confirms_or_fails(answer: &Response) {
    let confirms = answer.status == 200
        && answer.media_type.eq_ignore_ascii_case("application/json")
        && serde_json::from_slice::<Value>(&answer.body).is_ok_and(|body| body == json!([]));
    match answer.empty_list() {
        Ok(()) => assert!(confirms, "{answer:?}"),
        Err(failure) => {
            assert!(!confirms, "{answer:?}: {failure}");
            is_reported(&failure);
        }
    }
}

fn is_reported(failure: &ErrorKind) {
    for path in PATHS {
        let error = ApiError::new(Method::POST, path.to_owned(), failure.clone());
        let message = error.to_string();
        assert!(
            message.len() <= MESSAGE_LIMIT,
            "{} bytes of {failure:?}",
            message.len()
        );
        holds_nothing_hidden(&visible(&message).replace('\n', " "));
        assert!(error.hints.iter().all(|hint| !hint.is_empty()));
        error.hints.iter().for_each(|hint| holds_nothing_hidden(hint));
        assert_eq!(error.status(), failure_status(failure));
        assert!(!error.never_sent());
        assert!(!error.never_sent() || !error.may_take_effect_later());
        assert!(
            error
                .batch_limit(1_000)
                .is_none_or(|limit| (1..1_000).contains(&limit))
        );
    }
}

fn failure_status(failure: &ErrorKind) -> Option<u16> {
    match failure {
        ErrorKind::Refused { status, .. }
        | ErrorKind::NotTheApi { status, .. }
        | ErrorKind::Unexpected { status, .. }
        | ErrorKind::AccessGate { status, .. }
        | ErrorKind::Redirected { status, .. } => Some(*status),
        _ => None,
    }
}

/// Filling in is bounded, and leaves a message without placeholders alone.
fn fills(body: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return;
    };
    let Some(message) = body["message"].as_str() else {
        return;
    };
    let filled = interpolate(message, &body["parameters"]);
    assert!(filled.len() <= MESSAGE_LIMIT, "{} bytes", filled.len());
    if !message.contains('%') && message.len() < 1_000 {
        assert_eq!(filled, message);
    }
}

/// A live state is sorted, has issues when it is odd, and either gives a plan or errors.
fn is_a_shop(live: &LiveState) {
    assert!(live.stocks.is_sorted_by(|a, b| a.id < b.id));
    assert!(live.sources.is_sorted_by(|a, b| a.code <= b.code));
    assert!(
        live.links
            .is_sorted_by(|a, b| (a.stock, &a.source) <= (b.stock, &b.source))
    );
    let known = live
        .links_of(StockId(1))
        .iter()
        .any(|link| link.source.as_str() == "default");
    assert!(known || !live.issues.is_empty());
    let mut files = InputFiles::default();
    files.add_bytes("inventory.yaml", WANTED.as_bytes().to_vec());
    let spec = load(&files).spec.expect("a good file");
    let target = TargetLabel {
        name: "shop".to_owned(),
        url: "https://shop.example/".to_owned(),
    };
    let inputs = PlanInputs {
        spec: &spec,
        scope: &StockScope::default(),
        files: &files,
        warnings: &[],
        target: &target,
        limits: GuardLimits {
            max_deletes: 2,
            max_delete_percent: 30,
        },
        allow: &GuardOverrides::default(),
        protect: &[],
        created_at: "2026-01-01T00:00:00Z",
        expires_at: "2026-01-02T00:00:00Z",
    };
    match build(inputs, live) {
        Ok(built) => {
            let deletes = built.summary.deletes;
            assert!(live.issues.is_empty() || deletes == built.summary.withheld_deletes);
            plan::can_be_rendered(&built);
        }
        Err(error) => findings::hold(&error.0, &files),
    }
}

/// An index is compared with what source items predict: a row counts once, and an index that shows what is predicted has
/// nothing wrong with it.
fn has_an_index(live: &LiveState, answers: &[Response]) {
    let [rows, items @ ..] = answers else { return };
    let (rows, items) = match (rows.index_rows(), SourceItems::decode(items)) {
        (Ok(rows), Ok(items)) => (rows, items.items),
        (rows, items) => {
            let failures = [rows.err(), items.err()];
            failures.iter().flatten().for_each(is_reported);
            return;
        }
    };
    for stock in &live.stocks {
        let predicted = predict(live, stock.id, &items);
        let found = compare(&predicted, &rows);
        let products: BTreeSet<_> = predicted.keys().chain(rows.iter().map(|row| &row.sku)).collect();
        let mismatches =
            found.hidden.len() + found.different.len() + found.unseen.len() + found.surplus.len();
        assert_eq!(found.matching + found.not_predicted + mismatches, products.len());
        let asked = samples(&found, &items, &counted_sources(live, stock.id), 7, 5);
        assert!(asked.len() <= 5);
        let open = found.unseen.iter().chain(&found.hidden);
        let open: BTreeSet<_> = open.map(|one| &one.sku).collect();
        assert!(asked.iter().all(|sku| open.contains(sku)));
        let shown = predicted.iter().map(|(sku, quantity)| IndexRow {
            sku: sku.clone(),
            quantity: Some(*quantity),
            salable: Some(quantity.is_positive()),
        });
        let own = compare(&predicted, &shown.collect::<Vec<_>>());
        assert_eq!(own.matching, predicted.len());
    }
}

/// Whatever the shop calls its stocks and sources, an inventory of them is YAML, and says so much and no more.
fn can_be_written(live: &LiveState) {
    let stocks = live.stocks.iter().map(|stock| StockText {
        comments: stock
            .channels
            .iter()
            .map(|channel| channel.code.clone())
            .collect(),
        name: stock.name.clone(),
        links: LinksText::Ordered(
            live.links_of(stock.id)
                .iter()
                .map(|link| LinkText {
                    code: link.source.clone(),
                    comment: live.source(&link.source).map(|source| source.name.clone()),
                })
                .collect(),
        ),
    });
    let document = Document {
        header: Vec::new(),
        sources: None,
        stocks: stocks.collect(),
    };
    let text = document.text();
    let mut files = InputFiles::default();
    files.add_bytes("export.yaml", text.clone().into_bytes());
    let loaded = load(&files);
    for found in &loaded.diagnostics {
        let about_words = !found.rule.starts_with("yaml-") && !KEYS_AND_TYPES.contains(&found.rule);
        assert!(about_words, "{text}: {found:?}");
    }
    if let Some(spec) = loaded.spec {
        assert_eq!(spec.stocks.len(), live.stocks.len());
        for (wanted, stock) in spec.stocks.iter().zip(&live.stocks) {
            assert_eq!(wanted.name.as_str(), stock.name.as_str(), "{text}");
        }
    }
}
