//! Pages that shift while they are read.

use serde_json::{Value, json};

use super::is_list_of_links;
use testkit::engine_fixture::{EngineFixture, TUTORIAL};
use testkit::proxy::{Action, Canned, Proxy};

/// The number of the page that a request asks for.
fn page(query: &str) -> Option<usize> {
    let (_, rest) = query.split_once("current_page")?;
    let (_, number) = rest.split_once('=')?;
    number.split('&').next()?.parse().ok()
}

/// A shop that gives four items a page, and in which somebody links another source whenever the second page of links
/// is asked for, so many times.
fn shifting(fixture: &EngineFixture, times: usize) -> Proxy {
    let shop = std::sync::Arc::clone(&fixture.shop);
    let mut shifted = 0;
    Proxy::before(fixture.address, move |asked| {
        if asked.method != "GET" {
            return Action::Pass;
        }
        if !asked.query.contains("page_size]=4&") {
            let body = r#"{"message":"Maximum SearchCriteria pageSize is %max","parameters":{"max":4}}"#;
            return Action::Answer(Canned::new(400, "application/json", body));
        }
        if is_list_of_links(asked) && page(&asked.query) == Some(2) && shifted < times {
            shifted += 1;
            let mut state = shop.state();
            let mut made = state.store.links[0].clone();
            let codes = ["berlin", "berkeley", "brooklyn", "austin_wh", "baltimore_wh"];
            (made.stock_id, made.source_code) = (1, codes[shifted % codes.len()].to_owned());
            state.store.links.insert(0, made);
        }
        Action::Pass
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_shift_once_are_read_again_and_believed() {
    let fixture = EngineFixture::demo().await;
    let proxy = shifting(&fixture, 1);
    let plan = fixture.run(proxy.address, TUTORIAL).plan().await;
    let plan = plan.expect("the shop can be read");
    assert!(plan.doubts.is_empty(), "{:?}", plan.doubts);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_shift_at_every_read_are_incomplete_and_nothing_is_deleted() {
    let fixture = EngineFixture::demo().await;
    let proxy = shifting(&fixture, usize::MAX);
    let approved = fixture.run(proxy.address, TUTORIAL).approved().await;
    assert_eq!(
        approved.plan().doubts,
        [
            "the number of links changed while they were read",
            "pages of links overlap"
        ]
    );
    assert!(approved.deletes_withheld());
}

/// Between two pages a link goes and another comes: the numbers are the same, and a third is hidden.
#[tokio::test(flavor = "multi_thread")]
async fn what_moves_unseen_between_two_pages_shows_in_a_second_read() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |asked| {
        if asked.query.contains("page_size]=10000") {
            let body = r#"{"message":"Maximum SearchCriteria pageSize is %max","parameters":{"max":2}}"#;
            return Action::Answer(Canned::new(400, "application/json", body));
        }
        if !is_list_of_links(asked) {
            return Action::Pass;
        }
        let links = match asked.nth {
            1 => [(1, "default"), (2, "brooklyn")].as_slice(),
            // `hq` has slipped to the first page, where `brooklyn` was.
            even if even % 2 == 0 => &[(2, "west_wh")],
            _ => &[(1, "default"), (2, "hq")],
        };
        let items: Vec<Value> = links
            .iter()
            .map(|(stock, code)| json!({ "stock_id": stock, "source_code": code, "priority": 1 }))
            .collect();
        let page = json!({ "items": items, "total_count": 3 });
        Action::Answer(Canned::new(200, "application/json", page.to_string()))
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let live = run.reader.fetch_verified().await.expect("the shop can be read");

    let issues: Vec<_> = live.issues.iter().map(|issue| issue.reason.as_str()).collect();
    assert_eq!(issues, ["two reads of the links differ"]);
    let live = run.reader.fetch_verified().await.expect("the shop can be read");
    assert!(
        live.issues.is_empty(),
        "nothing moves any more: {:?}",
        live.issues
    );
}
