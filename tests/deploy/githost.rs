//! A host of git repositories over HTTP that asks for a token, as GitHub does for a private repository.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use base64::Engine as _;

use super::server::Server;

/// The host; it ends with this value.
pub struct GitHost(Server);

/// What it serves, and to whom.
#[derive(Clone)]
struct Served {
    folder: PathBuf,
    authorization: String,
}

impl GitHost {
    /// Serves the repositories of a folder to those who know the token.
    pub fn private(folder: &Path, token: &str) -> Self {
        let credential = base64::engine::general_purpose::STANDARD.encode(format!("x-access-token:{token}"));
        let served = Served {
            folder: folder.to_owned(),
            authorization: format!("Basic {credential}"),
        };
        let router = Router::new().fallback(answer).with_state(served);
        Self(Server::of(router))
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.0.address)
    }
}

async fn answer(State(served): State<Served>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let sent: Vec<_> = head.headers.get_all("authorization").iter().collect();
    if sent.len() != 1 || *sent[0] != served.authorization.as_str() {
        let refused = Response::builder()
            .status(StatusCode::UNAUTHORIZED)
            .header("WWW-Authenticate", "Basic realm=\"GitHub\"");
        return refused.body(Body::empty()).expect("it is an answer");
    }
    let body = to_bytes(body, 1 << 20).await.expect("the body is read");
    let header = |name| {
        head.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
    };
    let mut backend = Command::new("git")
        .arg("http-backend")
        .env("GIT_PROJECT_ROOT", &served.folder)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("REQUEST_METHOD", head.method.as_str())
        .env("PATH_INFO", head.uri.path())
        .env("QUERY_STRING", head.uri.query().unwrap_or(""))
        .env("CONTENT_TYPE", header("content-type"))
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .env("GIT_PROTOCOL", header("git-protocol"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git can be started");
    let mut input = backend.stdin.take().expect("it is piped");
    input.write_all(&body).expect("it is read");
    drop(input);
    let output = backend.wait_with_output().expect("it ends").stdout;
    let end = output
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("there is a head");
    let mut response = Response::builder();
    for line in String::from_utf8_lossy(&output[..end]).lines() {
        let (name, value) = line.split_once(": ").expect("it is a header");
        response = match name {
            "Status" => response.status(&value[..3]),
            _ => response.header(name, value),
        };
    }
    response
        .body(Body::from(output[end + 4..].to_vec()))
        .expect("it is an answer")
}
