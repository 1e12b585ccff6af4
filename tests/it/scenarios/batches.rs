//! Many links: batches of at most 1,000, creates and moves before deletes, and nothing else touched.

use commerce_sandbox::Seed;
use serde_json::{Value, json};
use stocktake::model::GuardLimits;
use stocktake::run::Proof;

use testkit::engine_fixture::{EngineFixture, TUTORIAL, tally};
use testkit::proxy::{Action, Canned, Proxy};

/// The demo shop with 1,500 sources `a…` and 1,200 linked sources `b…` more in Europe Stock.
fn large_seed() -> Seed {
    let mut seed = serde_json::to_value(Seed::demo()).expect("a seed is JSON");
    let like = seed["sources"][0].clone();
    let more = |letter: char, number: usize| (0..number).map(move |at| format!("{letter}{at:04}"));
    for code in more('a', 1_500).chain(more('b', 1_200)) {
        let mut source = like.clone();
        source["source_code"] = json!(code);
        source["name"] = json!(code);
        seed["sources"].as_array_mut().expect("a list").push(source);
    }
    for (priority, code) in (10..).zip(more('b', 1_200)) {
        let link = json!({ "stock_id": 3, "source_code": code, "priority": priority });
        seed["links"].as_array_mut().expect("a list").push(link);
    }
    serde_json::from_value(seed).expect("the seed is well-formed")
}

/// Europe Stock served by the 1,500 sources `a…`.
fn large_inventory() -> String {
    let codes: Vec<String> = (0..1_500).map(|at| format!("a{at:04}")).collect();
    format!(
        "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [{}]\n",
        codes.join(", ")
    )
}

/// The size of each write that was sent.
fn sizes(proxy: &Proxy) -> Vec<(String, usize)> {
    let links = |body: Value| body["links"].as_array().map(Vec::len);
    proxy
        .writes()
        .into_iter()
        .filter_map(|(name, body)| Some((name, links(body)?)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_thousand_links_go_in_batches_with_deletes_last() {
    let fixture = EngineFixture::of(large_seed()).await;
    let proxy = Proxy::before(fixture.address, |_| Action::Pass);
    let mut run = fixture.run(proxy.address, &large_inventory()).without_steps();
    run.rules.limits = GuardLimits {
        max_deletes: u32::MAX,
        max_delete_percent: 100,
    };

    let applied = run.run().await;

    let (save, delete) = (
        "stock-source-links".to_owned(),
        "stock-source-links-delete".to_owned(),
    );
    assert_eq!(
        sizes(&proxy),
        [
            (save.clone(), 1_000),
            (save, 500),
            (delete.clone(), 1_000),
            (delete, 204)
        ]
    );
    assert_eq!(tally(&applied), [2_704, 0, 0, 0]);
    assert!(matches!(applied.proof, Proof::Converged));
    let live: Vec<String> = fixture.links(3).into_iter().map(|(code, _)| code).collect();
    let wanted: Vec<String> = (0..1_500).map(|at| format!("a{at:04}")).collect();
    assert_eq!(live, wanted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_the_server_names_is_obeyed_for_the_rest_of_the_run() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |asked| {
        let links = serde_json::from_slice::<Value>(&asked.body).unwrap_or_default()["links"]
            .as_array()
            .map_or(0, Vec::len);
        if links > 2 {
            let body = json!({
                "message": "Maximum items of type \"%type\" is %max",
                "parameters": { "type": "SourceItem", "max": 2 },
            });
            return Action::Answer(Canned::new(400, "application/json", body.to_string()));
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    assert_eq!(tally(&applied), [8, 0, 0, 0]);
    assert!(matches!(applied.proof, Proof::Converged));
    let sizes: Vec<usize> = sizes(&proxy).into_iter().map(|(_, size)| size).collect();
    assert_eq!(sizes, [6, 2, 2, 2, 2], "one try of six, then parts of two");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_file_owns_stays_byte_for_byte_as_it_was() {
    let fixture = EngineFixture::demo().await;
    let rest = || {
        let state = fixture.shop.state();
        let mut store = serde_json::to_value(&state.store).expect("the tables are JSON");
        for changing in ["links", "index", "next"] {
            store[changing].take();
        }
        let links = state
            .store
            .links
            .iter()
            .filter(|link| ![2, 3].contains(&link.stock_id));
        store["links"] = json!(links.collect::<Vec<_>>());
        store.to_string()
    };
    let before = rest();
    assert!(before.contains("reno_wh"));

    let applied = fixture.run(fixture.address, TUTORIAL).run().await;

    assert_eq!(tally(&applied), [8, 0, 0, 0]);
    assert_eq!(rest(), before);
}
