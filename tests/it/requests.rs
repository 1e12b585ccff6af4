//! The requests of a plan and of an apply, counted by the shop's own log, with a token and with signed requests.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use commerce_sandbox::Actor;
use spanned_yaml::diag::InputFiles;
use stocktake::run::ApplyDone;
use stocktake::target::{Auth, SecretRef, Target};
use stocktake::{ApplyRequest, ApplyRun, Exit, Failure, Interrupts, Planner, Session};

use testkit::engine_fixture::{EngineFixture, TOKEN, TUTORIAL};
use testkit::proxy::{Action, Proxy};

/// What lies between the plan and the writes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    Nothing,
    Question,
}

fn sign_ins() -> [Auth; 2] {
    let value = |text: &str| SecretRef::Value(text.into());
    [
        Auth::Bearer(value(TOKEN)),
        Auth::OAuth1 {
            consumer_key: value("sandboxconsumerkey00000000000000"),
            consumer_secret: value("sandboxconsumersecret00000000000"),
            token: value(TOKEN),
            token_secret: value("sandboxtokensecret00000000000000"),
        },
    ]
}

async fn session(fixture: &EngineFixture, auth: &Auth) -> Session {
    session_at(fixture, fixture.address, auth).await
}

async fn session_at(fixture: &EngineFixture, at: SocketAddr, auth: &Auth) -> Session {
    let url = format!("http://{at}");
    let target =
        Target::sandbox(&url, SecretRef::Value(TOKEN.into())).expect("a loopback address is a target");
    let target = Target {
        auth: auth.clone(),
        ..target
    };
    let session = Session::open(target, fixture.state_dir.path().to_owned()).await;
    session.expect("the target can be connected to")
}

fn planner(inventory: &str) -> Planner {
    let mut files = InputFiles::default();
    files.add_bytes("inventory.yaml", inventory.as_bytes().to_vec());
    Planner::new(files).expect("the inventory is valid")
}

/// Applies until the end, as `apply` does with `--yes` or after a question.
async fn apply(fixture: &EngineFixture, auth: &Auth, inventory: &str, between: Between) -> Exit {
    let done = applied(session(fixture, auth).await, inventory, between).await;
    done.expect("nothing stops the run").exit
}

async fn applied(session: Session, inventory: &str, between: Between) -> Result<ApplyDone, Failure> {
    let request = ApplyRequest::new(planner(inventory), session);
    let run = ApplyRun::open(request, "apply", Duration::ZERO, Arc::new(())).await;
    let mut run = run.expect("nobody else is at work");
    let plan = run.plan().await.expect("the shop can be read");
    let approved = run.approve(plan).expect("no guard refuses the plan");
    let approved = match between {
        Between::Nothing => approved.at_once(),
        Between::Question => approved,
    };
    Box::pin(approved.apply(&Interrupts::default())).await
}

/// The requests since the last time: the list or the write, and the filter of a list.
fn requests(fixture: &EngineFixture, seen: &mut usize) -> Vec<String> {
    let log = fixture.shop.log();
    let new = log[*seen..].iter().filter(|logged| logged.actor == Actor::Client);
    let requests = new.map(|logged| {
        assert_eq!(logged.status, 200, "{} {}", logged.path, logged.query);
        let name = logged.path.rsplit('/').next().unwrap_or_default();
        let filter = logged.query.split_once("[value]=").map(|(_, value)| value);
        let filter = filter.map(|value| value.split('&').next().unwrap_or_default());
        match filter {
            Some(value) => format!("{} {name} {}", logged.method, value.replace("%2C", ",")),
            None => format!("{} {name}", logged.method),
        }
    });
    let mut requests: Vec<String> = requests.collect();
    *seen = log.len();
    // Lists are read side by side.
    requests.sort();
    requests
}

const WHOLE: [&str; 3] = ["GET sources", "GET stock-source-links", "GET stocks"];

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_and_an_apply_in_sync_read_each_list_once() {
    for auth in sign_ins() {
        let fixture = EngineFixture::demo().await;
        let mut seen = 0;
        let compared = session(&fixture, &auth).await.compare(&planner(TUTORIAL)).await;
        assert!(!compared.expect("the shop can be read").plan.in_sync());
        assert_eq!(requests(&fixture, &mut seen), WHOLE);

        apply(&fixture, &auth, TUTORIAL, Between::Nothing).await;
        requests(&fixture, &mut seen);
        assert_eq!(
            apply(&fixture, &auth, TUTORIAL, Between::Nothing).await,
            Exit::Done
        );
        assert_eq!(requests(&fixture, &mut seen), WHOLE);
        // Where a person may have been asked meanwhile, the plan's read says too little of now.
        assert_eq!(
            apply(&fixture, &auth, TUTORIAL, Between::Question).await,
            Exit::Done
        );
        assert!(requests(&fixture, &mut seen).len() > WHOLE.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_apply_at_once_reads_everything_once_and_proves_the_changed_stocks() {
    for auth in sign_ins() {
        let fixture = EngineFixture::demo().await;
        let mut seen = 0;
        let exit = apply(&fixture, &auth, TUTORIAL, Between::Nothing).await;
        assert_eq!(exit, Exit::Done);
        assert_eq!(
            requests(&fixture, &mut seen),
            [
                "GET sources",
                "GET stock-source-links",
                "GET stock-source-links 1,2,3",
                "GET stocks",
                "GET stocks",
                "POST stock-source-links",
                "POST stock-source-links-delete",
            ]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_question_the_changed_stocks_and_the_sources_that_matter_are_compared() {
    for auth in sign_ins() {
        let fixture = EngineFixture::demo().await;
        let mut seen = 0;
        let inventory =
            "version: 1\nstocks:\n  - name: Outlet Stock\n    sources: [hq, austin_wh, reno_wh]\n";
        let exit = apply(&fixture, &auth, inventory, Between::Question).await;
        assert_eq!(exit, Exit::Done);
        assert_eq!(
            requests(&fixture, &mut seen),
            [
                "GET sources",
                "GET sources default,hq",
                "GET stock-source-links",
                "GET stock-source-links 1,4",
                "GET stock-source-links 1,4",
                "GET stocks",
                "GET stocks",
                "GET stocks",
                "POST stock-source-links",
            ]
        );
    }
}

/// The comparison says whether the shop has changed, or could only not be read as well as before.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_question_a_change_stops_the_run_and_an_incomplete_read_does_too() {
    let priority: fn(&str) -> String = |body| body.replace(r#""priority":8"#, r#""priority":80"#);
    let total: fn(&str) -> String = |body| body.replace(r#""total_count":"#, r#""total_count":9"#);
    for (edit, message) in [
        (priority, "the live state has changed since the plan was made"),
        (
            total,
            "the live state could not be read as completely as when the plan was made",
        ),
    ] {
        let fixture = EngineFixture::demo().await;
        let proxy = Proxy::before(fixture.address, move |asked| {
            if asked.method == "GET" && asked.path.ends_with("stock-source-links") && asked.nth > 1 {
                return Action::Edit(edit);
            }
            Action::Pass
        });
        let session = session_at(&fixture, proxy.address, &sign_ins()[0]).await;
        let stopped = applied(session, TUTORIAL, Between::Question).await;
        let failure = stopped.err().expect("the comparison finds it");
        assert_eq!(failure.exit, Exit::Stale);
        assert_eq!(failure.to_string(), format!("{message}; nothing was written"));
        assert_eq!(fixture.writes(), 0);
    }
}
