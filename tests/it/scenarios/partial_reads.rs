//! Reads of the links of some stocks and of the sources with some codes.

use serde_json::json;
use stocktake::commerce::{Reader, assemble};
use stocktake::model::{LiveState, SourceCode, StockId};

use testkit::engine_fixture::{EngineFixture, TUTORIAL};
use testkit::proxy::{Action, Canned, Proxy, Request};

fn codes(spellings: &[&str]) -> Vec<SourceCode> {
    spellings
        .iter()
        .map(|code| SourceCode::from_server(code))
        .collect()
}

/// The links of those stocks with the sources that they and the codes name.
async fn part(reader: &Reader, stocks: &[u32], more: &[&str]) -> LiveState {
    let stocks = stocks.iter().copied().map(StockId);
    let links = reader.links_of(stocks, None).await.expect("links can be read");
    let mut wanted = codes(more);
    wanted.extend(links.items.iter().map(|link| link.source.clone()));
    let sources = reader
        .sources_of(&wanted, None)
        .await
        .expect("sources can be read");
    let stocks = reader.stocks().await.expect("stocks can be read");
    assemble(stocks, sources, links)
}

fn reasons(live: &LiveState) -> Vec<&str> {
    live.issues.iter().map(|issue| issue.reason.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_what_the_whole_read_has_of_it_in_one_request_a_list() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |_| Action::Pass);
    let reader = fixture.run(proxy.address, TUTORIAL).reader;
    let whole = reader.fetch().await.expect("the shop can be read");
    let before = proxy.seen().len();

    let live = part(&reader, &[2], &["LEIPZIG", "nowhere"]).await;

    assert_eq!(proxy.seen().len() - before, 3);
    assert_eq!(reasons(&live), [""; 0]);
    assert_eq!(live.stocks, whole.stocks);
    let stock = |id: u32| whole.links_of(StockId(id)).to_vec();
    assert_eq!(live.links, [stock(1), stock(2)].concat());
    let mut wanted = codes(&["default", "leipzig"]);
    wanted.extend(live.links.iter().map(|link| link.source.clone()));
    let sources = whole
        .sources
        .iter()
        .filter(|source| wanted.contains(&source.code));
    assert_eq!(live.sources, sources.cloned().collect::<Vec<_>>());
}

/// An answer without a single item is one of a cache or of a shop in trouble, not of one in which the stock has no links.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_answer_is_unknown_and_a_stock_without_links_is_not() {
    let fixture = EngineFixture::demo().await;
    fixture.shop.state().store.links.retain(|link| link.stock_id != 2);
    let reader = fixture.run(fixture.address, TUTORIAL).reader;
    let live = part(&reader, &[2], &[]).await;
    assert_eq!((reasons(&live), live.links_of(StockId(2)).len()), (Vec::new(), 0));

    for list in ["stock-source-links", "sources"] {
        let proxy = Proxy::before(fixture.address, move |asked| {
            if asked.path.ends_with(list) {
                let body = json!({ "items": [], "total_count": 0 }).to_string();
                return Action::Answer(Canned::new(200, "application/json", body));
            }
            Action::Pass
        });
        let reader = fixture.run(proxy.address, TUTORIAL).reader;
        let live = part(&reader, &[2], &["hq"]).await;
        let found = reasons(&live);
        assert!(
            found
                .iter()
                .any(|reason| reason.contains("which every shop has, is not listed")),
            "{found:?}"
        );
    }
}

fn filter_of(asked: &Request) -> Option<&str> {
    asked.query.split_once("[value]").map(|(_, value)| value)
}

/// A shop that gives pages of two items: to read all its sources takes more requests than a few filters.
fn small_pages(asked: &Request) -> Option<Action> {
    let is_small = asked.query.contains("[page_size]=2&") || !asked.query.contains("[page_size]=");
    let body = r#"{"message":"Maximum SearchCriteria pageSize is %max","parameters":{"max":2}}"#;
    (!is_small).then(|| Action::Answer(Canned::new(400, "application/json", body)))
}

#[tokio::test(flavor = "multi_thread")]
async fn many_codes_take_several_filters_or_the_whole_list_where_that_is_less() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |asked| {
        small_pages(asked).unwrap_or(Action::Pass)
    });
    let reader = fixture.run(proxy.address, TUTORIAL).reader;
    let many: Vec<String> = (0..300).map(|number| format!("a_warehouse_{number}")).collect();
    let many: Vec<SourceCode> = many.iter().map(|code| SourceCode::from_server(code)).collect();

    let some = reader.sources_of(&many, None).await.expect("sources can be read");
    let filters: Vec<Request> = proxy
        .seen()
        .into_iter()
        .filter(|asked| filter_of(asked).is_some())
        .collect();
    assert!(filters.len() > 2, "{}", filters.len());
    for asked in &filters {
        assert!(asked.path.len() + asked.query.len() < 2_000, "{}", asked.query);
        assert!(
            filter_of(asked).is_some_and(|value| value.contains("default")),
            "{}",
            asked.query
        );
    }
    let only: Vec<&str> = some.items.iter().map(|source| source.code.as_str()).collect();
    assert_eq!((only, some.issues.len()), (vec!["default"], 0));

    let proxy = Proxy::before(fixture.address, |_| Action::Pass);
    let reader = fixture.run(proxy.address, TUTORIAL).reader;
    for (asked, known) in [(&many, None), (&many, Some(40)), (&codes(&["a,b"]), None)] {
        let before = proxy.seen().len();
        let same = reader
            .sources_of(asked, known)
            .await
            .expect("sources can be read");
        assert_eq!(same, some);
        let seen = proxy.seen();
        assert_eq!(seen.len() - before, 1);
        assert_eq!(filter_of(&seen[before]), None, "the whole list");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_comes_back_empty_beside_others_is_an_issue() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |asked| {
        if asked.query.contains("a_warehouse_299") {
            let body = json!({ "items": [], "total_count": 0 }).to_string();
            return Action::Answer(Canned::new(200, "application/json", body));
        }
        small_pages(asked).unwrap_or(Action::Pass)
    });
    let reader = fixture.run(proxy.address, TUTORIAL).reader;
    let many: Vec<String> = (0..300).map(|number| format!("a_warehouse_{number}")).collect();
    let many: Vec<SourceCode> = many.iter().map(|code| SourceCode::from_server(code)).collect();
    let read = reader.sources_of(&many, None).await.expect("sources can be read");
    let reasons: Vec<&str> = read.issues.iter().map(|issue| issue.reason.as_str()).collect();
    assert_eq!(
        reasons,
        ["a part of the sources lacks an item that another part has"]
    );
}
