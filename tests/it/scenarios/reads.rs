//! Reads that fail are tried again, and a read that cannot be had stops the run.

use stocktake::run::ApplyError;

use testkit::engine_fixture::{EngineFixture, TUTORIAL};
use testkit::proxy::{Action, Canned, Proxy};

const MAINTENANCE: &str =
    "<!doctype html><html><head><title>Service Temporarily Unavailable</title></head></html>";

#[tokio::test(flavor = "multi_thread")]
async fn a_read_that_fails_in_passing_is_tried_again() {
    let passing: [fn() -> Action; 4] = [
        || Action::CutBefore,
        || Action::CutShort,
        || Action::Answer(Canned::new(503, "text/html", MAINTENANCE)),
        || {
            Action::Answer(
                Canned::new(429, "application/json", r#"{"message":"Slow down"}"#).with("Retry-After", "0"),
            )
        },
    ];
    for fault in passing {
        let fixture = EngineFixture::demo().await;
        let proxy = Proxy::before(fixture.address, move |asked| {
            if asked.nth == 1 { fault() } else { Action::Pass }
        });
        let run = fixture.run(proxy.address, TUTORIAL).with_attempts(2);
        let plan = run.plan().await.expect("the second try succeeds");
        assert!(plan.doubts.is_empty());
        assert_eq!(proxy.methods(), [("GET".to_owned(), 6)].into());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_does_not_pass_and_is_not_tried_again() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::alone(|_| {
        let body = r#"{"message":"The consumer isn't authorized to access %resources.","parameters":{"resources":"Magento_InventoryApi::stock"}}"#;
        Canned::new(401, "application/json", body)
    });
    let run = fixture.run(proxy.address, TUTORIAL).with_attempts(4);
    let error = run.plan().await.expect_err("the token is refused");
    assert_eq!(
        error.to_string(),
        "GET /rest/all/V1/inventory/stocks: 401 The consumer isn't authorized to access Magento_InventoryApi::stock."
    );
    assert_eq!(proxy.seen().len(), 1, "never retry a refused credential");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_goes_away_after_the_plan_stops_the_run_before_it_writes() {
    let fixture = EngineFixture::demo().await;
    let mut reads = 0;
    let proxy = Proxy::before(fixture.address, move |_| {
        reads += 1;
        if reads > 3 {
            Action::Answer(Canned::new(503, "text/html", MAINTENANCE))
        } else {
            Action::Pass
        }
    });
    let run = fixture.run(proxy.address, TUTORIAL);
    let approved = run.approved().await;
    let stop = run
        .apply(&approved, &())
        .await
        .expect_err("the shop is in maintenance");
    assert!(matches!(stop, ApplyError::Unreadable(_)), "{stop:?}");
    let methods = proxy.methods();
    assert!(
        methods.len() == 1 && (4..=6).contains(&methods["GET"]),
        "the comparison asks for three lists at once: {methods:?}"
    );
    assert!(!run.is_owed());
}

/// The page size that a request asks for.
fn page_size(query: &str) -> Option<usize> {
    let (_, rest) = query.split_once("page_size")?;
    let (_, number) = rest.split_once('=')?;
    number.split('&').next()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_limit_that_the_server_names_is_obeyed_and_remembered() {
    let fixture = EngineFixture::demo().await;
    let whole = fixture
        .run(fixture.address, TUTORIAL)
        .plan()
        .await
        .expect("the shop can be read");
    let proxy = Proxy::before(fixture.address, |asked| {
        if page_size(&asked.query).is_some_and(|size| size > 4) {
            let body = r#"{"message":"Maximum SearchCriteria pageSize is %max","parameters":{"max":4}}"#;
            return Action::Answer(Canned::new(400, "application/json", body));
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let plan = run.plan().await.expect("pages of four can be read");

    assert_eq!(plan.live_sha256, whole.live_sha256);
    assert_eq!(plan.stocks, whole.stocks, "the same links in the same order");
    assert!(plan.doubts.is_empty(), "{:?}", plan.doubts);
    let sizes: Vec<usize> = proxy
        .seen()
        .iter()
        .filter_map(|asked| page_size(&asked.query))
        .collect();
    assert_eq!(sizes.iter().filter(|size| **size > 4).count(), 1, "{sizes:?}");
    // Four stocks, fifteen links and the sources, each in pages of four.
    let sources = fixture.shop.state().store.sources.len();
    assert_eq!(sizes.len(), 1 + 1 + 4 + sources.div_ceil(4));
}
