//! What a look at the index makes of shops that are not as simple as the demo's.

use commerce_sandbox::backdoor::{IndexRow, SourceItem, index};
use stocktake::model::{Sku, StockId};
use stocktake::reconcile::index::{Extent, IndexState, IndexVerdict};
use stocktake::run::{IndexProof, IndexProver, Products, RecentWrites, Scope};

use testkit::engine_fixture::{EngineFixture, Run, TUTORIAL};

async fn look(run: &Run, products: Products) -> IndexProof {
    let prover = IndexProver {
        reader: &run.reader,
        scope: Scope::Custom,
        products,
        seed: 0,
    };
    prover.look(&RecentWrites::default()).await
}

/// How the index of each stock is, by the stock's id.
fn states(proof: IndexProof) -> Vec<(StockId, IndexState)> {
    let IndexProof::Read(stocks) = proof else {
        panic!("{proof:?}")
    };
    stocks
        .into_iter()
        .map(|stock| (stock.stock_id, stock.index))
        .collect()
}

/// So many of so many predicted products match, beside so many without a prediction.
fn matches(skus: usize, predicted: usize, not_predicted: usize) -> IndexState {
    let extent = Extent {
        skus,
        predicted,
        not_predicted,
        not_asked: 0,
    };
    IndexState::Matches { extent }
}

fn item(source: &str, sku: &str) -> SourceItem {
    SourceItem {
        source_item_id: 900,
        source_code: source.to_owned(),
        sku: sku.to_owned(),
        quantity: 7.0,
        status: 1,
    }
}

#[tokio::test]
async fn products_that_the_catalogue_forgot_and_composite_ones_raise_no_alarm() {
    let fixture = EngineFixture::demo().await;
    let run = fixture.run(fixture.address, TUTORIAL);
    {
        let store = &mut fixture.shop.state().store;
        // Its source items outlived the product.
        store.source_items.push(item("hq", "long/gone"));
        index::rebuild(store).expect("no run is open");
        let row = IndexRow {
            quantity: 3.0,
            is_salable: true,
        };
        store.catalogue.add("the set");
        let table = store.index.tables.get_mut(&2).expect("the stock has a table");
        table.insert("the set".to_owned(), row);
    }
    let states = states(look(&run, Products::All).await);
    // The stock of the demo's gift-wrap is not managed: every stock shows it, and no row of it can be predicted.
    assert_eq!(
        states,
        [
            (StockId(2), matches(6, 8, 3)),
            (StockId(3), matches(6, 8, 2)),
            (StockId(4), matches(2, 2, 1))
        ]
    );
}

#[tokio::test]
async fn skus_with_commas_and_blanks_are_looked_at_too() {
    let fixture = EngineFixture::demo().await;
    let run = fixture.run(fixture.address, TUTORIAL);
    for sku in ["tent, large", "a,b", "50% off & more"] {
        let store = &mut fixture.shop.state().store;
        store.source_items.push(item("hq", sku));
        store.catalogue.add(sku);
    }
    index::rebuild(&mut fixture.shop.state().store).expect("no run is open");
    assert_eq!(look(&run, Products::All).await.verdict(), IndexVerdict::Proven);

    // The index still sells them, and no link of the stock leads to them any more.
    fixture
        .shop
        .state()
        .store
        .links
        .retain(|link| link.source_code != "hq");
    let states = states(look(&run, Products::All).await);
    let IndexState::Stale { mismatches, .. } = &states[0].1 else {
        panic!("{states:?}")
    };
    let gone: Vec<&str> = mismatches
        .iter()
        .filter(|one| one.predicted.is_none())
        .map(|one| one.sku.as_str())
        .collect();
    assert_eq!(gone, ["50% off & more", "a,b", "tent, large"]);

    let canary = Products::Canary(vec![Sku::new("A,b")]);
    let proof = look(&run, canary).await;
    assert_eq!(proof.verdict(), IndexVerdict::Stale);
}

#[tokio::test]
async fn a_stock_that_nobody_sells_from_is_reported_and_one_without_a_table_cannot_be_checked() {
    let fixture = EngineFixture::demo().await;
    let run = fixture.run(fixture.address, TUTORIAL);
    {
        let store = &mut fixture.shop.state().store;
        store.sales_channels.retain(|channel| channel.stock_id != 4);
        store.index.tables.remove(&3);
    }
    let proof = look(&run, Products::All).await;
    assert_eq!(proof.verdict(), IndexVerdict::Unknown);
    let states = states(proof);
    assert_eq!(states[2], (StockId(4), IndexState::Unsold));
    let IndexState::Unknown { reason } = &states[1].1 else {
        panic!("{states:?}")
    };
    assert!(reason.contains("Export couldn't be executed"), "{reason}");
}

#[tokio::test]
async fn what_an_index_run_in_progress_still_shows_is_stale() {
    let fixture = EngineFixture::demo().await;
    let run = fixture.run(fixture.address, TUTORIAL);
    index::begin(&mut fixture.shop.state().store).expect("no run is open");
    let applied = run.without_steps().run().await;
    assert!(applied.index.is_none(), "no proof was wanted");
    let run = fixture.run(fixture.address, TUTORIAL);
    assert_eq!(look(&run, Products::All).await.verdict(), IndexVerdict::Stale);
    index::finish(&mut fixture.shop.state().store).expect("it is open");
    assert_eq!(look(&run, Products::All).await.verdict(), IndexVerdict::Stale);
    fixture.magento(&["indexer:reindex", "inventory"]);
    assert_eq!(look(&run, Products::All).await.verdict(), IndexVerdict::Proven);
}
