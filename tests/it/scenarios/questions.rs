//! What a look at the index asks beside the rows, and what answers that fail leave open.

use commerce_sandbox::backdoor::{SourceItem, index};
use stocktake::model::{StockId, StockName};
use stocktake::reconcile::index::{Extent, IndexState, IndexVerdict, StockIndex};
use stocktake::run::{IndexProof, IndexProver, Products, Proof, RecentWrites, Scope};

use testkit::engine_fixture::{EngineFixture, Run, TUTORIAL};
use testkit::proxy::{Action, Canned, Proxy, Request};

const NORTH_AMERICA: StockId = StockId(2);
const EUROPE: StockId = StockId(3);
const OUTLET: StockId = StockId(4);

pub(super) fn prover(run: &Run, scope: Scope, seed: u64) -> IndexProver<'_> {
    IndexProver {
        reader: &run.reader,
        scope,
        products: Products::All,
        seed,
    }
}

async fn look(run: &Run, scope: Scope, seed: u64) -> Vec<StockIndex> {
    let proof = prover(run, scope, seed).look(&RecentWrites::default()).await;
    match proof {
        IndexProof::Read(stocks) => stocks,
        IndexProof::Unreadable(reason) => panic!("{reason}"),
    }
}

fn state(stocks: &[StockIndex], id: StockId) -> &IndexState {
    let stock = stocks.iter().find(|stock| stock.stock_id == id);
    &stock.expect("the stock is checked").index
}

fn extent(stocks: &[StockIndex], id: StockId) -> Extent {
    match state(stocks, id) {
        IndexState::Matches { extent } => *extent,
        other => panic!("{other:?}"),
    }
}

fn stale_skus(state: &IndexState) -> Vec<&str> {
    match state {
        IndexState::Stale { mismatches, .. } => mismatches.iter().map(|one| one.sku.as_str()).collect(),
        other => panic!("{other:?}"),
    }
}

/// Puts items of a source into the shop.
pub(super) fn stock_up(fixture: &EngineFixture, source: &str, skus: &[String]) {
    let store = &mut fixture.shop.state().store;
    for (sku, source_item_id) in skus.iter().zip(5_000..) {
        store.source_items.push(SourceItem {
            source_item_id,
            source_code: source.to_owned(),
            sku: sku.clone(),
            quantity: 7.0,
            status: 1,
        });
    }
    index::rebuild(store).expect("no run is open");
}

pub(super) fn numbered(prefix: &str, number: usize) -> Vec<String> {
    (0..number)
        .map(|number| format!("{prefix}-{number:03}"))
        .collect()
}

/// How a shop since 2.4.3 answers after a fault in PHP (07-182 of 2.4.7).
const APOLOGY: &str = "An error has happened during application run. See exception log for details.";

/// The product of a question for a salable quantity.
fn asked_sku(asked: &Request) -> Option<&str> {
    let (_, rest) = asked.path.split_once("get-product-salable-quantity/")?;
    rest.split('/').next()
}

#[tokio::test]
async fn an_answer_about_one_product_is_no_broken_shop() {
    let fixture = EngineFixture::demo().await;
    let before = look(&fixture.run(fixture.address, TUTORIAL), Scope::Custom, 0).await;
    // The items outlive products that were deleted; the generations answer for them as below.
    let gone = ["gone-in-2.4.1", "gone-in-2.4.7", "gone-in-2.4.8", "A/1"].map(str::to_owned);
    stock_up(&fixture, "hq", &gone);
    let proxy = Proxy::before(fixture.address, |asked| {
        let page = "<html><body><h1>Not Found</h1></body></html>";
        Action::Answer(match asked_sku(asked) {
            Some("gone-in-2.4.7") => Canned::new(500, "text/plain;charset=UTF-8", APOLOGY),
            Some("gone-in-2.4.8") => Canned::new(200, "application/json", "0"),
            Some("A%2F1") => Canned::new(404, "text/html", page),
            _ => return Action::Pass,
        })
    });
    let run = fixture.run(proxy.address, TUTORIAL).with_attempts(4);
    let after = look(&run, Scope::Custom, 0).await;
    for stock in [NORTH_AMERICA, EUROPE] {
        let (before, after) = (extent(&before, stock), extent(&after, stock));
        assert_eq!(after.skus, before.skus);
        assert_eq!(after.predicted, before.predicted + 4);
        assert_eq!(after.not_asked, 0);
    }
    let of_faulty = |asked: &&Request| asked_sku(asked) == Some("gone-in-2.4.7");
    let times = proxy.seen().iter().filter(of_faulty).count();
    assert_eq!(times, 2, "it is asked once in each stock, and not again");
}

#[tokio::test]
async fn a_shop_that_does_not_answer_says_nothing_about_its_products() {
    let fixture = EngineFixture::demo().await;
    stock_up(&fixture, "hq", &numbered("gone", 1));
    for (status, media_type, body) in [
        (
            403,
            "text/html",
            "<html><head><title>Blocked</title></head></html>",
        ),
        (
            500,
            "application/json",
            r#"{"message": "Internal Error. Details are available in Magento log file."}"#,
        ),
        (500, "text/plain", "upstream failed"),
    ] {
        let proxy = Proxy::before(fixture.address, move |asked| match asked_sku(asked) {
            Some(_) => Action::Answer(Canned::new(status, media_type, body)),
            None => Action::Pass,
        });
        let stocks = look(&fixture.run(proxy.address, TUTORIAL), Scope::Custom, 0).await;
        for stock in [NORTH_AMERICA, EUROPE] {
            let state = state(&stocks, stock);
            assert!(
                matches!(state, IndexState::Unknown { .. }),
                "{status} {media_type}: {state:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_stale_row_counts_also_where_the_questions_are_forbidden() {
    let fixture = EngineFixture::demo().await;
    stock_up(&fixture, "hq", &numbered("gone", 2));
    let proxy = Proxy::before(fixture.address, |asked| {
        let refusal = r#"{"message": "The consumer isn't authorized to access %resources.", "parameters": {"resources": "Magento_InventorySalesApi::stock"}}"#;
        match asked_sku(asked) {
            Some(_) => Action::Answer(Canned::new(401, "application/json", refusal)),
            None => Action::Pass,
        }
    });
    // The index of Europe does not know that its link to `leipzig` is gone; that of North America is as it should be.
    let links = |stock: i64, source: &'static str| {
        move |link: &commerce_sandbox::backdoor::Link| link.stock_id != stock || link.source_code != source
    };
    fixture.shop.state().store.links.retain(links(3, "leipzig"));
    let run = fixture.run(proxy.address, TUTORIAL);
    let stocks = look(&run, Scope::Custom, 0).await;
    assert!(stale_skus(state(&stocks, EUROPE)).contains(&"alpine-jacket"));
    let IndexState::Unknown { reason } = state(&stocks, NORTH_AMERICA) else {
        panic!("{stocks:?}")
    };
    assert!(reason.contains("isn't authorized"), "{reason}");
    assert!(matches!(state(&stocks, OUTLET), IndexState::Matches { .. }));
    assert_eq!(IndexVerdict::of(&stocks), IndexVerdict::Stale);
}

#[tokio::test]
async fn rows_lost_among_many_that_are_not_shown_are_found_by_one_seed_or_another() {
    let fixture = EngineFixture::demo().await;
    // Products of no website of the stock: their rows are not shown, and their quantities are there.
    stock_up(
        &fixture,
        "leipzig",
        &[numbered("OUT", 150), numbered("LOST", 30)].concat(),
    );
    {
        let store = &mut fixture.shop.state().store;
        for sku in [numbered("OUT", 150), numbered("LOST", 30)].concat() {
            store.catalogue.add(&sku);
        }
        let table = store.index.tables.get_mut(&3).expect("the stock has a table");
        table.retain(|sku, _| !sku.starts_with("LOST"));
    }
    let proxy = Proxy::before(fixture.address, |asked| {
        if asked.path.contains("dump-stock-index-data") {
            return Action::Edit(|rows| {
                let mut rows: Vec<serde_json::Value> = serde_json::from_str(rows).expect("rows are JSON");
                rows.retain(|row| !row["sku"].as_str().is_some_and(|sku| sku.starts_with("OUT")));
                serde_json::Value::from(rows).to_string()
            });
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, TUTORIAL);
    let mut named: Vec<Vec<String>> = Vec::new();
    for seed in 0..4 {
        let stocks = look(&run, Scope::Custom, seed).await;
        let found = stale_skus(state(&stocks, EUROPE));
        assert!(found.iter().all(|sku| sku.starts_with("LOST")), "{found:?}");
        named.push(found.into_iter().map(str::to_owned).collect());
    }
    named.dedup();
    assert_eq!(named.len(), 4, "each run asks about others");
    let most = proxy
        .seen()
        .iter()
        .filter(|asked| asked_sku(asked).is_some())
        .count();
    assert!(most <= 4 * 2 * 60, "{most} questions in four runs of two looks");

    // Nothing is lost any more: the rest is only not asked.
    index::rebuild(&mut fixture.shop.state().store).expect("no run is open");
    let europe = extent(&look(&run, Scope::Custom, 9).await, EUROPE);
    let unmanaged = 1; // The demo's gift-wrap: its row says nothing.
    assert_eq!(europe.predicted - europe.skus, europe.not_asked + unmanaged);
    assert!(europe.not_asked >= 150 - 60, "{europe:?}");
}

#[tokio::test]
async fn a_stock_that_is_renamed_meanwhile_is_proven_by_its_id() {
    let fixture = EngineFixture::demo().await;
    let shop = std::sync::Arc::clone(&fixture.shop);
    let proxy = Proxy::before(fixture.address, move |asked| {
        if asked.method == "POST" && asked.path.ends_with("/stock-source-links") {
            let store = &mut shop.state().store;
            let stock = store.stocks.iter_mut().find(|stock| stock.stock_id == 3);
            stock.expect("the stock exists").name = "Renamed Stock".to_owned();
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, TUTORIAL).without_steps();
    let applied = run.run().await;
    assert!(matches!(applied.proof, Proof::Converged), "{:?}", applied.proof);
    let renamed: Vec<_> = applied
        .renamed
        .iter()
        .map(|one| (one.stock_id, one.name.as_str(), one.now.as_str()))
        .collect();
    assert_eq!(renamed, [(EUROPE, "Europe Stock", "Renamed Stock")]);

    fixture.magento(&["indexer:reindex", "inventory"]);
    let planned = [
        (EUROPE, "Europe Stock"),
        (NORTH_AMERICA, "North America Stock"),
        (StockId(77), "Gone Stock"),
    ];
    let planned = planned.map(|(id, name)| (id, StockName::from_server(name)));
    let stocks = look(&run, Scope::These(planned.into()), 0).await;
    assert!(
        matches!(state(&stocks, EUROPE), IndexState::Matches { .. }),
        "{stocks:?}"
    );
    assert!(
        matches!(state(&stocks, NORTH_AMERICA), IndexState::Matches { .. }),
        "{stocks:?}"
    );
    let IndexState::Unknown { reason } = state(&stocks, StockId(77)) else {
        panic!("{stocks:?}")
    };
    assert_eq!(reason, "the shop has no stock of the id 77 any more");
}
