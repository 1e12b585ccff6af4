//! Lists that contradict themselves or each other.

use serde_json::{Value, json};
use stocktake::reconcile::{Enforcement, Guard, approve};
use stocktake::run::{Proof, ReindexOutcome};

use super::is_list_of_links;
use testkit::engine_fixture::{EngineFixture, TUTORIAL, tally};
use testkit::proxy::{Action, Canned, Proxy};

const DELETES_ONLY: &str = "version: 1\nstocks:\n  - name: Outlet Stock\n    sources: [reno_wh]\n";

/// A list that claims one more item than it holds.
fn one_too_many(body: &str) -> String {
    let mut list: Value = serde_json::from_str(body).expect("a list is JSON");
    let total = list["total_count"].as_u64().expect("a list has a count");
    list["total_count"] = json!(total + 1);
    list.to_string()
}

/// A list without the link that every shop has.
fn without_the_default_link(body: &str) -> String {
    let mut list: Value = serde_json::from_str(body).expect("a list is JSON");
    let items = list["items"].as_array_mut().expect("a list has items");
    items.retain(|item| item["stock_id"] != 1);
    list["total_count"] = json!(items.len());
    list.to_string()
}

fn proxy_with_links(fixture: &EngineFixture, edit: fn(&str) -> String) -> Proxy {
    Proxy::before(fixture.address, move |asked| {
        if is_list_of_links(asked) {
            Action::Edit(edit)
        } else {
            Action::Pass
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn deletes_are_withheld_on_an_incomplete_read_and_reported_as_not_tried() {
    for edit in [one_too_many, without_the_default_link] {
        let fixture = EngineFixture::demo().await;
        let proxy = proxy_with_links(&fixture, edit);
        let run = fixture.run(proxy.address, TUTORIAL);

        let approved = run.approved().await;
        assert!(approved.deletes_withheld());
        assert_eq!(approved.plan().summary.withheld_deletes, 2);
        let applied = run.apply(&approved, &()).await.expect("the rest may be applied");

        assert_eq!(tally(&applied), [6, 0, 0, 2]);
        let names: Vec<String> = proxy.writes().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["stock-source-links", "magento"]);
        assert!(matches!(applied.reindex, ReindexOutcome::Done(_)));
        assert!(
            matches!(applied.proof, Proof::Left(_)),
            "an incomplete read proves nothing"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deletes_on_an_incomplete_read_are_sent_when_allowed_by_name() {
    let fixture = EngineFixture::demo().await;
    let proxy = proxy_with_links(&fixture, one_too_many);
    let run = fixture
        .run(proxy.address, TUTORIAL)
        .allowing(&["doubtful-deletes"]);
    let applied = run.run().await;
    assert_eq!(tally(&applied), [8, 0, 0, 0]);
    assert_eq!(proxy.writes().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_of_nothing_but_deletes_on_an_incomplete_read_is_refused() {
    let fixture = EngineFixture::demo().await;
    let proxy = proxy_with_links(&fixture, one_too_many);
    let run = fixture.run(proxy.address, DELETES_ONLY);
    let plan = run.plan().await.expect("the shop can be read");
    let refusals = approve(plan, run.rules.limits, &run.planner.allow).expect_err("a guard refuses");
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0].effect, Enforcement::Refused);
    assert!(matches!(
        refusals[0].guard,
        Guard::DoubtfulDeletes { deletes: 1, .. }
    ));
    assert_eq!(fixture.writes(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_empty_and_says_otherwise_is_no_empty_shop() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |asked| {
        if is_list_of_links(asked) {
            return Action::Answer(Canned::new(
                200,
                "application/json",
                r#"{"items":null,"total_count":5}"#,
            ));
        }
        Action::Pass
    });
    let run = fixture.run(proxy.address, TUTORIAL);
    let plan = run.plan().await.expect("the body is one that the server sends");
    let [count, link] = &plan.doubts[..] else {
        panic!("two doubts: {:?}", plan.doubts);
    };
    assert_eq!(count, "the server says 5 links and lists 0");
    assert!(
        link.starts_with("the link of the Default Stock (id 1) with the source `default`"),
        "{link}"
    );
    let asked = proxy.seen().into_iter().filter(is_list_of_links).count();
    assert_eq!(asked, 2, "an odd read is done once more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_was_odd_once_is_believed_when_the_second_read_settles_it() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |asked| {
        if is_list_of_links(asked) && asked.nth == 1 {
            Action::Edit(one_too_many)
        } else {
            Action::Pass
        }
    });
    let plan = fixture
        .run(proxy.address, TUTORIAL)
        .plan()
        .await
        .expect("the shop can be read");
    assert!(plan.doubts.is_empty(), "{:?}", plan.doubts);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_list_is_an_error() {
    for body in [
        "[]",
        "{}",
        r#"{"items":[{"stock_id":"two"}],"total_count":1}"#,
        "null",
        "\"\"",
        "",
    ] {
        let fixture = EngineFixture::demo().await;
        let proxy = Proxy::before(fixture.address, move |asked| {
            if is_list_of_links(asked) {
                Action::Answer(Canned::new(200, "application/json", body))
            } else {
                Action::Pass
            }
        });
        let error = fixture.run(proxy.address, TUTORIAL).plan().await.expect_err(body);
        let text = error.to_string();
        assert!(
            text.contains("200, but the body is not what was asked for"),
            "{body}: {text}"
        );
    }
}

/// A list without the links that the tutorial deletes.
fn without_what_goes(body: &str) -> String {
    let mut list: Value = serde_json::from_str(body).expect("a list is JSON");
    let items = list["items"].as_array_mut().expect("a list has items");
    items.retain(|item| item["source_code"] != "austin_wh" && item["source_code"] != "baltimore_wh");
    list.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incomplete_read_leaves_the_result_of_a_write_unknown() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, {
        let mut odd = false;
        move |asked| {
            let is_delete = asked.path.ends_with("stock-source-links-delete");
            odd |= is_delete;
            match () {
                () if is_delete => Action::Answer(Canned::new(200, "text/html", "An error has happened")),
                () if odd && is_list_of_links(asked) => Action::Edit(without_what_goes),
                () => Action::Pass,
            }
        }
    });
    let run = fixture.run(proxy.address, TUTORIAL);

    let applied = run.run().await;

    assert_eq!(tally(&applied), [6, 0, 2, 0]);
    assert!(applied.links.stopped_by.is_some());
    assert!(matches!(applied.reindex, ReindexOutcome::NotTried));
    assert!(run.is_owed());
}

/// A list without its last item, which says so.
fn without_the_last(body: &str) -> String {
    let mut list: Value = serde_json::from_str(body).expect("a list is JSON");
    let items = list["items"].as_array_mut().expect("a list has items");
    items.pop();
    list["total_count"] = json!(items.len());
    list.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_that_do_not_fit_together_are_incomplete() {
    for (list, reason) in [
        (
            "stocks",
            "there is a link of stock 4, and no such stock is listed",
        ),
        (
            "sources",
            "there is a link with the source `west_wh`, and no such source is listed",
        ),
    ] {
        let fixture = EngineFixture::demo().await;
        let proxy = Proxy::before(fixture.address, move |asked| {
            if asked.method == "GET" && asked.path.ends_with(&format!("inventory/{list}")) {
                Action::Edit(without_the_last)
            } else {
                Action::Pass
            }
        });
        let inventory = "version: 1\nstocks:\n  - name: Europe Stock\n    sources: [leipzig, berlin, hq]\n";
        let approved = fixture.run(proxy.address, inventory).plan().await;
        let plan = approved.expect("what the file names is listed");
        assert_eq!(plan.doubts, [reason]);
        assert_eq!(
            plan.guards[0].effect,
            Enforcement::Refused,
            "the plan has deletes alone"
        );
    }
}
