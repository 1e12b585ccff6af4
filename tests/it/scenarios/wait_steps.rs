//! `wait` steps: what one look reads, and which looks end the wait.

use std::collections::BTreeMap;
use std::time::Duration;

use stocktake::commerce::Tls;
use stocktake::run::{Journal, Opening, ReindexOutcome, ReindexRun, Reindexer, Scope};
use stocktake::target::{Keyring, Reindex, Step, StepKind};
use tokio_util::sync::CancellationToken;

use super::questions::{numbered, prover, stock_up};
use testkit::engine_fixture::{EngineFixture, Run, TUTORIAL};
use testkit::proxy::{Action, Proxy};

/// Runs a reindex whose only step waits for the index.
async fn waited(fixture: &EngineFixture, run: &Run, interval: Duration, timeout: Duration) -> ReindexOutcome {
    let opening = Opening {
        command: "reindex",
        max_wait: Duration::ZERO,
    };
    let journal = Journal::open(fixture.state_dir.path(), &run.rules.label, opening, &()).await;
    let step = Step {
        kind: StepKind::Wait { interval },
        timeout,
    };
    let waiting = ReindexRun {
        journal: &mut journal.expect("the journal can be opened"),
        reindexer: &Reindexer::new(Reindex::Steps(vec![step]), Keyring::default(), Tls::default()),
        prover: &prover(run, Scope::Custom, 0),
        prove: None,
        observer: &(),
        cancel: &CancellationToken::new(),
    };
    waiting
        .run(true)
        .await
        .expect("the journal can be written")
        .reindex
}

/// An index run that did not see the last links changes rows and leaves them wrong: no row is as in the look before.
#[tokio::test]
async fn rows_that_change_and_stay_wrong_end_no_wait() {
    let fixture = EngineFixture::demo().await;
    let spoil = |quantity: f64| {
        let store = &mut fixture.shop.state().store;
        let table = store.index.tables.get_mut(&2).expect("the stock has a table");
        table.get_mut("alpine-jacket").expect("it has a row").quantity = quantity;
    };
    spoil(3.0);
    let shop = std::sync::Arc::clone(&fixture.shop);
    let proxy = Proxy::before(fixture.address, move |asked| {
        if asked.path.ends_with("/inventory/stocks") && asked.nth == 2 {
            let store = &mut shop.state().store;
            let table = store.index.tables.get_mut(&2).expect("the stock has a table");
            table.get_mut("alpine-jacket").expect("it has a row").quantity = 4.0;
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, TUTORIAL);
    let second = Duration::from_secs(1);
    let outcome = waited(&fixture, &run, second, second * 3).await;
    let ReindexOutcome::Failed(steps) = &outcome else {
        panic!("{outcome:?}")
    };
    assert!(
        format!("{steps:?}").contains("North America Stock is stale"),
        "{steps:?}"
    );
}

#[tokio::test]
async fn a_look_of_a_wait_step_reads_each_thing_once() {
    let fixture = EngineFixture::demo().await;
    stock_up(&fixture, "hq", &numbered("gone", 2));
    // Both stocks have rows that no link explains, and products without a row.
    fixture
        .shop
        .state()
        .store
        .links
        .retain(|link| link.source_code != "austin_wh");
    let proxy = Proxy::before(fixture.address, |_| Action::Pass);
    let run = fixture.run(proxy.address, TUTORIAL);
    let outcome = waited(&fixture, &run, Duration::from_mins(1), Duration::from_mins(1)).await;
    let ReindexOutcome::Failed(steps) = &outcome else {
        panic!("{outcome:?}")
    };
    assert!(format!("{steps:?}").contains("is stale"), "{steps:?}");
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for asked in proxy.seen() {
        *times
            .entry(format!("{}?{}", asked.path, asked.query))
            .or_default() += 1;
    }
    assert!(times.values().all(|times| *times == 1), "{times:#?}");
    let of = |part: &str| times.keys().filter(|asked| asked.contains(part)).count();
    assert_eq!(of("dump-stock-index-data"), 5, "one of each website: {times:#?}");
    assert_eq!(
        of("/inventory/source-items"),
        2,
        "of the sources, and of the products that no source explains"
    );
    let lists = of("/stocks?") + of("/sources?") + of("/stock-source-links?");
    assert_eq!(
        times.len() - of("salable-quantity") - of("export-stock-salable-qty"),
        lists + 5 + 2
    );
}
