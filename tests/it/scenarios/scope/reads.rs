//! What a run for some stocks reads, and that nothing is concluded from what it did not read.

use serde_json::{Value, json};
use stocktake::run::{Exit, SavedPlan};

use super::{Setup, files, link, links, planner, seed, tutorial};
use testkit::proxy::{Action, Canned};

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_for_one_stock_reads_what_that_stock_needs() {
    let setup = Setup::demo().await;
    let whole = setup.plan(&tutorial(&[])).await.expect("a plan can be made");
    let before = setup.proxy.seen().len();

    let plan = setup
        .plan(&tutorial(&["EUROPE stock"]))
        .await
        .expect("a plan can be made");

    let of_whole = whole
        .stocks
        .iter()
        .filter(|stock| stock.name.as_str() == "Europe Stock");
    assert_eq!(plan.stocks, of_whole.cloned().collect::<Vec<_>>());
    assert!(plan.doubts.is_empty(), "{:?}", plan.doubts);
    let asked = setup.since(before);
    let lists: Vec<&str> = asked
        .iter()
        .filter_map(|asked| asked.path.rsplit('/').next())
        .collect();
    assert_eq!(lists, ["stocks", "stock-source-links", "sources"]);
    let value = |at: usize| {
        asked[at]
            .query
            .split_once("[value]=")
            .map(|(_, rest)| rest.split('&').next())
    };
    assert_eq!(
        value(1),
        Some(Some("1%2C3")),
        "the Default Stock is in every read"
    );
    let sources = value(2).flatten().expect("sources are asked for by code");
    for code in ["default", "leipzig", "berlin", "frankfurt", "hq", "baltimore_wh"] {
        assert!(
            sources.split("%2C").any(|asked| asked == code),
            "{code}: {sources}"
        );
    }
    assert!(!sources.contains("brooklyn"), "{sources}");
    // A signed query has no blank, one `=` in each pair, and indexes of one digit.
    for query in asked.iter().map(|asked| &asked.query) {
        assert!(!query.contains("%20") && !query.contains('+'), "{query}");
        assert!(
            query.split('&').all(|pair| pair.matches('=').count() == 1),
            "{query}"
        );
        assert!(!query.contains("[10]"), "{query}");
    }
}

/// 500 stocks and 2,000 sources; the stock with a change is served by all of them.
#[tokio::test(flavor = "multi_thread")]
async fn one_stock_of_many_costs_at_most_five_requests() {
    let (stocks, sources) = (500, 2_000);
    let code = |at: usize| format!("warehouse_{at:04}");
    let seed = seed(|seed| {
        let like = seed["sources"][0].clone();
        for at in 0..sources {
            let mut source = like.clone();
            source["source_code"] = json!(code(at));
            source["name"] = json!(code(at));
            seed["sources"].as_array_mut().expect("a list").push(source);
            seed["links"]
                .as_array_mut()
                .expect("a list")
                .push(link(77, &code(at), at + 1));
        }
        for id in 10..10 + stocks {
            let stock = json!({ "stock_id": id, "name": format!("Stock {id}"), "sales_channels": [] });
            seed["stocks"].as_array_mut().expect("a list").push(stock);
            for at in 0..20 {
                if id != 77 {
                    seed["links"]
                        .as_array_mut()
                        .expect("a list")
                        .push(link(id, &code(at), at + 1));
                }
            }
        }
    });
    let setup = Setup::of(seed, |_| Action::Pass).await;
    let wanted: Vec<String> = (1..sources).chain([0]).map(code).collect();
    let inventory = format!(
        "version: 1\nstocks:\n  - name: Stock 77\n    sources: [{}]\n  - name: Stock 78\n    sources: []\n",
        wanted.join(", ")
    );

    let plan = setup
        .plan(&planner(&inventory, &["Stock 77"]))
        .await
        .expect("a plan can be made");

    assert_eq!((plan.stocks.len(), plan.summary.moves), (1, 1));
    assert!(plan.doubts.is_empty(), "{:?}", plan.doubts);
    let asked = setup.proxy.seen().len();
    assert!(asked <= 5, "{asked} requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_apply_for_one_stock_changes_and_keeps_no_other() {
    let setup = Setup::demo().await;
    let (america, outlet) = (links(&setup, 2), links(&setup, 4));

    let done = setup.apply(tutorial(&["Europe Stock"])).await;

    assert_eq!(done.exit, Exit::Done);
    assert_eq!((links(&setup, 2), links(&setup, 4)), (america, outlet));
    let images = files(setup.state_dir(), ".yaml");
    let text = std::fs::read_to_string(&images[0]).expect("the pre-image can be read");
    assert!(
        text.contains("Europe Stock") && !text.contains("North America"),
        "{text}"
    );
    for asked in setup.proxy.seen().iter().filter(|asked| asked.method == "GET") {
        let is_whole = !asked.path.ends_with("/stocks") && !asked.query.contains("filter_groups");
        assert!(!is_whole, "{} {}", asked.path, asked.query);
    }
    assert!(
        setup
            .plan(&tutorial(&["Europe Stock"]))
            .await
            .expect("a plan")
            .in_sync()
    );
    assert!(!setup.plan(&tutorial(&[])).await.expect("a plan").in_sync());
}

/// An answer without a single item comes from a cache or from a shop in trouble: such a stock is not emptied.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_answer_makes_the_plan_unknown() {
    for list in ["stocks", "stock-source-links", "sources"] {
        let setup = Setup::of(commerce_sandbox::Seed::demo(), move |asked| {
            if asked.path.ends_with(list) && asked.method == "GET" {
                let body = json!({ "items": [], "total_count": 0 }).to_string();
                return Action::Answer(Canned::new(200, "application/json", body));
            }
            Action::Pass
        })
        .await;
        let inventory = "version: 1\nstocks: [{ name: Outlet Stock, sources: [] }]";
        match setup.plan(&planner(inventory, &["Outlet Stock"])).await {
            Ok(plan) => assert!(!plan.doubts.is_empty(), "{list}"),
            Err(failure) => assert_eq!((list, failure.exit), ("stocks", Exit::Error), "{failure}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_source_is_told_with_the_likely_spelling_of_all_sources() {
    let setup = Setup::demo().await;
    let inventory = "version: 1\nstocks: [{ name: Outlet Stock, sources: [brooklin] }]";
    let failure = setup
        .plan(&planner(inventory, &["outlet stock"]))
        .await
        .expect_err("no such source");
    let (findings, _) = *failure.findings.expect("a finding");
    assert_eq!(findings[0].message, "the target has no source `brooklin`");
    assert_eq!(findings[0].help, ["did you mean `brooklyn`?"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_plan_rests_on_its_stocks_alone() {
    let setup = Setup::demo().await;
    let plan = setup
        .plan(&tutorial(&["Europe Stock"]))
        .await
        .expect("a plan can be made");
    let document = serde_json::to_vec(&plan).expect("a plan is JSON");
    let saved = || SavedPlan::from_json(&document).expect("it is a plan");
    let again = async || {
        let session = setup.session().await;
        let planner = saved().planner(tutorial(&[]).files, &session.rules.label, jiff::Timestamp::now());
        setup
            .open(planner.expect("the plan is bound to these files"), Some(saved()))
            .await
    };
    let set = |stock: i64, source: &str, priority: i64| {
        for link in &mut setup.fixture.shop.state().store.links {
            if link.stock_id == stock && link.source_code == source {
                link.priority = priority;
            }
        }
    };

    set(3, "berlin", 60);
    let failure = setup
        .applied(again().await)
        .await
        .map(|done| done.exit)
        .expect_err("its stock has changed");
    assert_eq!(failure.exit, Exit::Stale);
    assert_eq!(setup.fixture.writes(), 0);
    set(3, "berlin", 2);
    set(2, "hq", 60);
    let done = setup
        .applied(again().await)
        .await
        .expect("another stock is nothing to it");
    assert_eq!(done.exit, Exit::Done);

    let old: Value = serde_json::from_slice(&document).expect("it is JSON");
    assert_eq!(old["scope"], json!({ "stocks": ["Europe Stock"] }));
}
