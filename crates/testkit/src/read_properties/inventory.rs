//! `inventory.yaml`: one file or several, loaded, rendered, written out and loaded again.

use serde_json::{Value, json};
use spanned_yaml::diag::InputFiles;
use stocktake::model::{GuardLimits, Link, LiveState, Source, SourceCode, Stock, StockId};
use stocktake::reconcile::{GuardOverrides, PlanInputs, StockScope, TargetLabel, build};
use stocktake::spec::emit::{Document, LinkText, LinksText, SourceText, StockText};
use stocktake::spec::{DeclaredSource, Loaded, Spec, WantedLinks, WantedSource, WantedStock, load};

use super::{findings, parts, plan};

/// Holds the loader to its properties.
pub fn holds(data: &[u8]) {
    let mut files = InputFiles::default();
    for (number, part) in parts(data).enumerate() {
        files.add_bytes(format!("{number}.yaml"), part.to_vec());
    }
    let Loaded { spec, diagnostics } = load(&files);
    let again = load(&files);
    assert_eq!((&spec, &diagnostics), (&again.spec, &again.diagnostics));
    findings::hold(&diagnostics, &files);
    findings::decide(&diagnostics, spec.is_some());
    if let Some(spec) = spec {
        is_sound(&spec, &files);
        survives_writing(&spec, &files);
        plans_agree(&spec, &files);
    }
}

/// Each wanted stock and link stands once, with its place and in terms that the server can store.
fn is_sound(spec: &Spec, files: &InputFiles) {
    for stock in &spec.stocks {
        let named = spec.stocks.iter().filter(|other| other.name == stock.name);
        assert_eq!(named.count(), 1, "{:?} is wanted twice", stock.name);
        let links = wanted(&stock.links);
        assert!(u16::try_from(links.len()).is_ok());
        let mut codes: Vec<&SourceCode> = links.iter().map(|(code, _)| *code).collect();
        codes.sort();
        assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?} holds one twice");
        for code in codes {
            assert!(SourceCode::parse(code.as_str()).is_ok());
            let declared = spec
                .sources
                .as_ref()
                .is_none_or(|sources| sources.iter().any(|source| source.code == *code));
            assert!(declared, "{code} is not declared");
        }
        let text = files.file(stock.span.file).map(|file| file.text.as_str());
        let part = text.and_then(|text| text.get(stock.span.start as usize..stock.span.end as usize));
        assert!(part.is_some_and(|part| !part.is_empty()), "{:?}", stock.span);
    }
}

/// What is wanted, written by us or as JSON, which is YAML, wants the same; comments change nothing.
fn survives_writing(spec: &Spec, files: &InputFiles) {
    let wanted = written(spec).to_string();
    let comments: Vec<String> = files.iter().map(|(_, file)| file.text.clone()).collect();
    for text in [
        wanted.clone(),
        document(spec, &[]).text(),
        document(spec, &comments).text(),
    ] {
        let mut files = InputFiles::default();
        files.add_bytes("written.yaml", text.clone().into_bytes());
        let loaded = load(&files);
        match loaded.spec {
            Some(again) => assert_eq!(written(&again).to_string(), wanted, "{text}"),
            // An inventory of nothing cannot be written; it came from several files or an empty list.
            None => assert!(
                spec.stocks.is_empty() && spec.sources.is_none(),
                "{text}: {:?}",
                loaded.diagnostics
            ),
        }
    }
}

fn document(spec: &Spec, comments: &[String]) -> Document {
    let link = |link: &WantedSource| LinkText {
        code: link.code.clone(),
        comment: comments.first().cloned(),
    };
    let stock = |stock: &WantedStock| StockText {
        comments: comments.to_vec(),
        name: stock.name.clone(),
        links: match &stock.links {
            WantedLinks::Ordered(links) => LinksText::Ordered(links.iter().map(link).collect()),
            WantedLinks::Explicit(links) => LinksText::Explicit(
                links
                    .iter()
                    .map(|(source, number)| (link(source), *number))
                    .collect(),
            ),
        },
    };
    let source = |source: &DeclaredSource| SourceText {
        code: source.code.clone(),
        name: source.name.clone(),
    };
    Document {
        header: comments.to_vec(),
        sources: spec
            .sources
            .as_ref()
            .map(|sources| sources.iter().map(source).collect()),
        stocks: spec.stocks.iter().map(stock).collect(),
    }
}

fn written(spec: &Spec) -> Value {
    let stocks: Vec<Value> = spec
        .stocks
        .iter()
        .map(|stock| {
            let links: Vec<Value> = match &stock.links {
                WantedLinks::Ordered(links) => links.iter().map(|link| json!(link.code.as_str())).collect(),
                WantedLinks::Explicit(links) => links
                    .iter()
                    .map(|(link, priority)| json!({ "code": link.code.as_str(), "priority": priority.number() }))
                    .collect(),
            };
            json!({ "name": stock.name.as_str(), "sources": links })
        })
        .collect();
    let mut document = json!({ "version": 1 });
    if !stocks.is_empty() {
        document["stocks"] = stocks.into();
    }
    if let Some(sources) = &spec.sources {
        let source = |source: &DeclaredSource| match &source.name {
            Some(name) => json!({ "code": source.code.as_str(), "name": name }),
            None => json!({ "code": source.code.as_str() }),
        };
        document["sources"] = sources.iter().map(source).collect();
    }
    document
}

/// A shop that has exactly what is wanted needs no change; one that has the stocks alone needs each link.
fn plans_agree(spec: &Spec, files: &InputFiles) {
    let mut live = LiveState::default();
    for (stock, id) in spec.stocks.iter().zip(2..) {
        live.stocks.push(Stock {
            id: StockId(id),
            name: stock.name.clone(),
            channels: Vec::new(),
        });
        for (code, priority) in wanted(&stock.links) {
            live.links.push(Link {
                stock: StockId(id),
                source: code.clone(),
                priority,
            });
            live.sources.push(Source {
                code: code.clone(),
                name: String::new(),
                enabled: true,
            });
        }
    }
    live.sources.sort_by(|a, b| a.code.cmp(&b.code));
    live.sources.dedup_by(|a, b| a.code == b.code);
    let live = live.sorted();
    let target = TargetLabel {
        name: "shop".to_owned(),
        url: "https://shop.example/".to_owned(),
    };
    let allow = GuardOverrides::default();
    let inputs = PlanInputs {
        spec,
        scope: &StockScope::default(),
        files,
        warnings: &[],
        target: &target,
        limits: GuardLimits {
            max_deletes: 10,
            max_delete_percent: 30,
        },
        allow: &allow,
        protect: &[],
        created_at: "2026-01-01T00:00:00Z",
        expires_at: "2026-01-02T00:00:00Z",
    };
    let in_sync = build(inputs, &live).expect("everything that is wanted exists");
    assert!(in_sync.in_sync() && in_sync.guards.is_empty());
    plan::can_be_rendered(&in_sync);
    let links = live.links.len();
    let bare = build(
        inputs,
        &LiveState {
            links: Vec::new(),
            ..live
        },
    )
    .expect("everything exists");
    assert_eq!(bare.summary.creates as usize, links);
    assert_eq!(bare.summary.moves + bare.summary.deletes, 0);
    plan::can_be_rendered(&bare);
}

/// The wanted links with the numbers that a fresh stock gets.
fn wanted(links: &WantedLinks) -> Vec<(&SourceCode, u16)> {
    match links {
        WantedLinks::Ordered(links) => links.iter().map(|link| &link.code).zip(1..).collect(),
        WantedLinks::Explicit(links) => links
            .iter()
            .map(|(link, priority)| (&link.code, priority.number()))
            .collect(),
    }
}
