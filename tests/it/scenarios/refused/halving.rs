//! The cost and the end of the search among a thousand links.

use std::sync::{Arc, Mutex};

use commerce_sandbox::Seed;
use serde_json::json;
use stocktake::model::GuardLimits;
use stocktake::run::{ChangeResult, Proof};

use super::{INVALID, is_save, refusing, written};
use testkit::engine_fixture::{EngineFixture, Run, TUTORIAL, tally, undone};
use testkit::proxy::{Action, Canned, Proxy};

/// The demo shop with 1,200 sources `a…` more.
fn many_sources() -> Seed {
    let mut seed = serde_json::to_value(Seed::demo()).expect("a seed is JSON");
    let like = seed["sources"][0].clone();
    for at in 0..1_200 {
        let mut source = like.clone();
        source["source_code"] = json!(format!("a{at:04}"));
        source["name"] = json!(format!("a{at:04}"));
        seed["sources"].as_array_mut().expect("a list").push(source);
    }
    serde_json::from_value(seed).expect("the seed is well-formed")
}

/// The tutorial's Europe Stock, with those 1,200 sources in Outlet Stock.
fn many_links(fixture: &EngineFixture, proxy: &Proxy) -> Run {
    let codes: Vec<String> = (0..1_200).map(|at| format!("a{at:04}")).collect();
    let inventory = format!(
        "version: 1\nstocks:\n  - name: Outlet Stock\n    sources: [reno_wh, austin_wh, {}]\n",
        codes.join(", ")
    );
    let mut run = fixture.run(proxy.address, &inventory).without_steps();
    run.rules.limits = GuardLimits {
        max_deletes: u32::MAX,
        max_delete_percent: 100,
    };
    run
}

#[tokio::test(flavor = "multi_thread")]
async fn two_guilty_links_among_a_thousand_cost_few_requests() {
    let fixture = EngineFixture::of(many_sources()).await;
    let proxy = refusing(&fixture, &["a0007", "a0800"], INVALID);
    let run = many_links(&fixture, &proxy);
    let approved = run.approved().await;

    let applied = run.apply(&approved, &()).await.expect("the plan is fresh");

    assert_eq!(tally(&applied), [998, 2, 0, 200]);
    let undone = undone(&applied, &approved);
    let named: Vec<&str> = undone
        .iter()
        .filter(|(_, result, _)| *result == ChangeResult::Failed)
        .map(|(code, _, _)| code.as_str())
        .collect();
    assert_eq!(named, ["a0007", "a0800"]);
    let writes = written(&proxy).len();
    assert!(writes <= 2 * 2 * 10, "{writes} requests");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_for_guilty_links_ends_at_ten() {
    let fixture = EngineFixture::of(many_sources()).await;
    let proxy = Proxy::before(fixture.address, |asked| {
        if is_save(asked) {
            Action::Answer(Canned::new(400, "application/json", INVALID))
        } else {
            Action::Pass
        }
    });
    let run = many_links(&fixture, &proxy).keeping_going();
    let approved = run.approved().await;

    let applied = run.apply(&approved, &()).await.expect("the plan is fresh");

    assert_eq!(tally(&applied), [0, 1_000, 0, 200]);
    let undone = undone(&applied, &approved);
    let named = undone.iter().filter(|(_, _, reason)| {
        reason
            .as_ref()
            .is_some_and(|reason| reason.contains("Validation"))
    });
    assert_eq!(named.count(), 10);
    let not_by_itself = Some("in a batch that the shop refused; not tried by itself".to_owned());
    assert_eq!(
        undone
            .iter()
            .filter(|(_, _, reason)| *reason == not_by_itself)
            .count(),
        990
    );
    assert!(
        applied.links.stopped_by.is_some(),
        "also when asked to keep going"
    );
    assert!(written(&proxy).len() < 40, "{}", written(&proxy).len());
    assert!(!run.is_owed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_expires_while_a_batch_is_halved_stops_the_run_with_a_true_report() {
    let fixture = EngineFixture::demo().await;
    let proxy = Proxy::before(fixture.address, |asked| match asked.nth {
        _ if !is_save(asked) => Action::Pass,
        1 => Action::Answer(Canned::new(400, "application/json", INVALID)),
        2 => Action::Pass,
        _ => Action::Answer(Canned::new(
            401,
            "application/json",
            r#"{"message":"The consumer isn't authorized to access %resources.","parameters":{"resources":"x"}}"#,
        )),
    });
    let run = fixture.run(proxy.address, TUTORIAL).keeping_going();

    let applied = run.run().await;

    assert_eq!(tally(&applied), [3, 3, 0, 2]);
    let stop = applied
        .links
        .stopped_by
        .as_ref()
        .expect("the token stopped the run");
    assert!(stop.to_string().contains("401"), "{stop}");
    assert!(matches!(applied.proof, Proof::Left(_)));
    assert!(run.is_owed());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupt_while_a_batch_is_halved_leaves_the_rest_alone() {
    let fixture = EngineFixture::demo().await;
    let cancel = Arc::new(Mutex::new(None::<tokio_util::sync::CancellationToken>));
    let proxy = Proxy::before(fixture.address, {
        let cancel = Arc::clone(&cancel);
        move |asked| match asked.nth {
            _ if !is_save(asked) => Action::Pass,
            1 => Action::Answer(Canned::new(400, "application/json", INVALID)),
            _ => {
                if let Some(cancel) = &*cancel.lock().expect("no rule panics") {
                    cancel.cancel();
                }
                Action::Pass
            }
        }
    });
    let run = fixture.run(proxy.address, TUTORIAL).keeping_going();
    *cancel.lock().expect("no rule panics") = Some(run.cancel.clone());

    let applied = run.run().await;

    assert_eq!(tally(&applied), [3, 3, 0, 2]);
    let stop = applied
        .links
        .stopped_by
        .as_ref()
        .expect("the signal stopped the run");
    assert_eq!(stop.to_string(), "interrupted");
    assert_eq!(written(&proxy).len(), 2);
}
