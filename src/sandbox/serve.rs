//! The HTTP server around a shop.

use std::future::Future;
use std::io;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Response;
use axum::serve::Listener;
use serde_json::json;

use super::answer::Answer;
use super::generation::Hosting;
use super::http::{decode, encode};
use super::options::Options;
use super::request::Request;
use super::shop::{Logged, Shop};
use super::{cloud, control, rest, state_file};

/// Largest body that is read, in bytes.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// A shop and how it is served.
struct Served {
    shop: Arc<Shop>,
    options: Options,
}

/// Serves a shop until `shutdown` is done, on a socket or on anything else that brings connections, such as TLS.
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
    let served = Arc::new(Served { shop, options });
    let router = Router::new().fallback(move |request| handle(Arc::clone(&served), request));
    axum::serve(listener, router)
        .with_graceful_shutdown(shutdown)
        .await
}

async fn handle(served: Arc<Served>, request: axum::extract::Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return encode(
            Answer::web_server(413, "Request Entity Too Large"),
            served.shop.now(),
        );
    };
    let request = decode(&parts, body.to_vec());
    let answer = match served.options.state_file.clone() {
        None => answer(&served.shop, &request, None),
        // Writing a file may block, which belongs on a thread of its own.
        Some(file) => {
            let shop = Arc::clone(&served.shop);
            let run = move || answer(&shop, &request, Some(&file));
            tokio::task::spawn_blocking(run)
                .await
                .unwrap_or_else(|error| broken(&error.to_string()))
        }
    };
    encode(answer, served.shop.now())
}

/// Answers a request, keeps the state and adds to the log.
fn answer(shop: &Shop, request: &Request, state_file: Option<&Path>) -> Answer {
    let mut state = shop.state();
    let is_control = request.path.starts_with(control::PREFIX);
    let mut answer = if is_control {
        control::answer(shop, &mut state, request)
    } else if request.path == cloud::TOKEN_PATH && state.store.generation.hosting == Hosting::Cloud {
        cloud::token(&mut state, request)
    } else {
        rest::answer(&mut state, request)
    };
    if let Some(file) = state_file
        && request.method != "GET"
        && let Err(error) = state_file::write(file, &state)
    {
        answer = broken(&format!("the state file could not be written: {error}"));
    }
    if !is_control {
        shop.record(Logged {
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            status: answer.status,
        });
    }
    answer
}

/// Answers that the sandbox itself, not the shop it plays, is in trouble.
fn broken(reason: &str) -> Answer {
    tracing::error!(reason, "the sandbox failed");
    Answer::json(
        500,
        &json!({ "message": format!("The sandbox failed: {reason}") }),
    )
}

#[cfg(test)]
mod tests {
    use super::super::seed::Seed;
    use super::*;

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
            Some(&file),
        );
        assert_eq!((written.status, written.body.as_str()), (200, "[]"));
        let kept = state_file::load(&file).unwrap().unwrap();
        assert!(kept.state().store.links.iter().any(|link| link.priority == 777));
    }

    #[test]
    fn a_state_that_cannot_be_kept_is_an_answer_of_its_own() {
        let shop = Shop::new(Seed::empty());
        let nowhere = Path::new("/nonexistent/state.json");
        assert_eq!(
            answer(&shop, &post("/rest/V1/nothing", "", ""), Some(nowhere)).status,
            500
        );
    }

    #[test]
    fn the_log_holds_what_the_shop_was_asked_and_not_the_sandbox() {
        let shop = Shop::new(Seed::empty());
        answer(&shop, &post("/rest/V1/nothing", "", ""), None);
        let status = answer(
            &shop,
            &post("/_sandbox/magento", "", r#"{"argv":["indexer:status"]}"#),
            None,
        );
        assert_eq!(status.status, 200);
        let log: Vec<(String, u16)> = shop.log().into_iter().map(|one| (one.path, one.status)).collect();
        assert_eq!(log, [("/rest/V1/nothing".to_owned(), 404)]);
    }

    #[test]
    fn an_index_run_is_begun_and_finished_once() {
        let shop = Shop::new(Seed::demo());
        let ask = |path: &str| answer(&shop, &post(path, "", ""), None).status;
        assert_eq!(ask("/_sandbox/index/finish"), 409);
        assert_eq!(ask("/_sandbox/index/begin"), 200);
        assert_eq!(ask("/_sandbox/index/begin"), 409);
        assert_eq!(ask("/_sandbox/index/finish"), 200);
    }
}
