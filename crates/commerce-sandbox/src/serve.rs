//! The HTTP server around a shop.

use std::future::Future;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::Response;
use axum::serve::Listener;
use serde_json::json;

use crate::chaos::abortable_listener::{AbortHandle, AbortableListener};
use crate::chaos::fault_injector;
use crate::chaos::{Decision, Fault, Held};
use crate::http::answer::{Answer, Delivery};
use crate::http::codec::{decode, encode};
use crate::http::request::Request;
use crate::latency_model::Workers;
use crate::options::Options;
use crate::shop::Shop;
use crate::{control, state_file};

/// Largest body that is read, in bytes.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// A shop and the way it is served.
struct Served {
    shop: Arc<Shop>,
    options: Options,
    workers: Workers,
}

/// Serves a shop until `shutdown` completes.
///
/// The listener may be a TCP socket or anything else that accepts connections, such as TLS.
pub async fn serve<L>(
    listener: L,
    shop: Arc<Shop>,
    options: Options,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()>
where
    L: Listener,
    L::Addr: std::fmt::Debug,
{
    options.set_up(&mut shop.state().store);
    let served = Arc::new(Served {
        shop,
        workers: Workers::new(options.latency_model),
        options,
    });
    let router = Router::new().fallback(move |abort, request| handle(Arc::clone(&served), abort, request));
    let router = router.into_make_service_with_connect_info::<AbortHandle>();
    axum::serve(AbortableListener(listener), router)
        .with_graceful_shutdown(shutdown)
        .await
}

async fn handle(
    served: Arc<Served>,
    ConnectInfo(connection): ConnectInfo<AbortHandle>,
    request: axum::extract::Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return encode(
            Answer::web_server(413, "Request Entity Too Large"),
            served.shop.now(),
        );
    };
    let request = decode(&parts, body.to_vec());
    let shop = Arc::clone(&served.shop);
    // A shop carries a request out even if the caller has gone (recording 11).
    let carried = tokio::spawn(async move { carry(&served, request).await });
    let answer = carried
        .await
        .unwrap_or_else(|error| sandbox_failed(&error.to_string()));
    if answer.delivery == Delivery::None {
        connection.abort();
    }
    encode(answer, shop.now())
}

/// Decides the faults of a request, holds it if they say so, and answers it.
async fn carry(served: &Served, request: Request) -> Answer {
    let shop = &served.shop;
    let _in_flight = shop.hold.track();
    let decision = if request.path == control::COMMAND {
        shop.faults.decide_command()
    } else if is_control(&request) {
        Decision::default()
    } else {
        shop.faults.decide(&request)
    };
    tokio::time::sleep(Duration::from_millis(decision.latency())).await;
    let held = |carried_out| Held {
        request: decision.number,
        carried_out,
    };
    if decision.has(&Fault::HoldBefore) && !shop.hold.wait(held(false)).await {
        return Answer::web_server(503, "Service Temporarily Unavailable").delivered(Delivery::None);
    }
    let holds = decision.has(&Fault::HoldAfter).then(|| held(true));
    let answer = if is_control(&request) {
        answer_and_save(served, request, decision).await
    } else {
        let execute = async |request| answer_and_save(served, request, decision).await;
        served.workers.work(request, execute).await
    };
    match holds {
        Some(held) if !shop.hold.wait(held).await => answer.delivered(Delivery::None),
        _ => answer,
    }
}

/// Answers a request, and saves the state if there is a state file.
async fn answer_and_save(served: &Served, request: Request, decision: Decision) -> Answer {
    let Some(file) = served.options.state_file.clone() else {
        return answer(&served.shop, &request, &decision, None);
    };
    // Writing a file may block, so it runs on a thread of its own.
    let shop = Arc::clone(&served.shop);
    let run = move || answer(&shop, &request, &decision, Some(&file));
    tokio::task::spawn_blocking(run)
        .await
        .unwrap_or_else(|error| sandbox_failed(&error.to_string()))
}

/// Tells whether a request is for the sandbox itself.
fn is_control(request: &Request) -> bool {
    request.path.starts_with(control::PREFIX)
}

/// Answers a request, logs it, and saves the state.
fn answer(shop: &Shop, request: &Request, decision: &Decision, state_file: Option<&Path>) -> Answer {
    let mut state = shop.state();
    let answer = if is_control(request) {
        shop.faults.settle_due(&mut state);
        fault_injector::command(decision, || control::answer(shop, &mut state, request, decision))
    } else {
        shop.faults.before(&mut state, decision);
        shop.faults.answer(&mut state, request, decision)
    };
    // With faults, a request that only reads may change something too.
    let may_change = request.method != "GET" || !decision.faults.is_empty() || shop.faults.delayed() > 0;
    if let Some(file) = state_file
        && may_change
        && let Err(error) = state_file::write(file, &state)
    {
        return sandbox_failed(&format!("the state file could not be written: {error}"));
    }
    answer
}

/// Answers that the sandbox itself failed, not the shop.
fn sandbox_failed(reason: &str) -> Answer {
    tracing::error!(reason, "the sandbox failed");
    Answer::json(
        500,
        &json!({ "message": format!("The sandbox failed: {reason}") }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Actor;
    use crate::seed::Seed;

    fn get(path: &str) -> Request {
        Request {
            method: "GET".to_owned(),
            path: path.to_owned(),
            ..Request::default()
        }
    }

    fn post(path: &str, token: &str, body: &str) -> Request {
        Request {
            method: "POST".to_owned(),
            path: path.to_owned(),
            content_type: Some("application/json".to_owned()),
            authorization: Some(format!("Bearer {token}")),
            body: body.as_bytes().to_vec(),
            ..Request::default()
        }
    }

    #[test]
    fn an_answered_write_is_in_the_state_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state.json");
        let shop = Shop::new(Seed::demo());
        let token = shop.admin_token("admin").unwrap();
        let body = r#"{"links":[{"source_code":"hq","stock_id":2,"priority":777}]}"#;
        let written = answer(
            &shop,
            &post("/rest/V1/inventory/stock-source-links", &token, body),
            &Decision::default(),
            Some(&file),
        );
        assert_eq!((written.status, written.body.as_str()), (200, "[]"));
        let saved = Shop::from_snapshot(&std::fs::read_to_string(&file).unwrap()).unwrap();
        assert!(saved.state().store.links.iter().any(|link| link.priority == 777));
    }

    #[test]
    fn a_state_that_cannot_be_saved_is_an_answer_of_its_own() {
        let shop = Shop::new(Seed::empty());
        let nowhere = Path::new("/nonexistent/state.json");
        assert_eq!(
            answer(
                &shop,
                &post("/rest/V1/nothing", "", ""),
                &Decision::default(),
                Some(nowhere)
            )
            .status,
            500
        );
    }

    #[test]
    fn the_log_holds_what_the_shop_was_asked_by_whom_and_not_the_sandbox() {
        let shop = Shop::new(Seed::empty());
        answer(
            &shop,
            &post("/rest/V1/nothing", "", ""),
            &Decision::default(),
            None,
        );
        let status = answer(
            &shop,
            &post("/_sandbox/magento", "", r#"{"argv":["indexer:status"]}"#),
            &Decision::default(),
            None,
        );
        assert_eq!(status.status, 200);
        answer(&shop, &get("/_sandbox/state"), &Decision::default(), None);
        let log = shop.log().into_iter();
        let log: Vec<(Actor, String, u16)> = log.map(|one| (one.actor, one.path, one.status)).collect();
        assert_eq!(
            log,
            [
                (Actor::Client, "/rest/V1/nothing".to_owned(), 404),
                (Actor::Operator, "indexer:status".to_owned(), 0)
            ]
        );
    }

    #[test]
    fn an_index_run_is_begun_and_finished_once() {
        let shop = Shop::new(Seed::demo());
        let ask = |path: &str| answer(&shop, &post(path, "", ""), &Decision::default(), None).status;
        assert_eq!(ask("/_sandbox/index/finish"), 409);
        assert_eq!(ask("/_sandbox/index/begin"), 200);
        assert_eq!(ask("/_sandbox/index/begin"), 409);
        assert_eq!(ask("/_sandbox/index/finish"), 200);
    }
}
