//! A forge's comments over real HTTP, as GitHub and GitLab keep them: listed by page, written, edited.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Json;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::{get, patch, put};
use serde::Deserialize;
use serde_json::{Value, json};

/// The token that the forge knows.
pub const FORGE_TOKEN: &str = "forge-token-0000000000";

/// A forge with the comments of one request; it ends with this value.
pub struct Forge {
    /// Where it listens.
    pub address: SocketAddr,
    kept: Arc<Kept>,
    _runtime: tokio::runtime::Runtime,
}

/// What the forge keeps.
struct Kept {
    /// The account of the token.
    account: &'static str,
    /// The comments by their number; a deleted one leaves its place empty.
    comments: Mutex<Vec<Option<Comment>>>,
    request: Mutex<PullRequest>,
}

/// The pull request of the forge.
#[derive(Default)]
struct PullRequest {
    labels: Vec<&'static str>,
    head: String,
    merged: Option<Merged>,
}

/// How the request was merged.
pub struct Merged {
    /// The commit that came of it.
    pub commit: String,
    /// The branch.
    pub base: &'static str,
    /// How many requests say that they were merged as it.
    pub requests: usize,
}

impl Merged {
    /// As that commit of `main`.
    pub fn of(commit: &str) -> Self {
        Self {
            commit: commit.to_owned(),
            base: "main",
            requests: 1,
        }
    }
}

/// A comment: who wrote it, and what it says now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The account.
    pub author: &'static str,
    /// The text.
    pub body: String,
}

/// The account of the token.
pub const BOT: &str = "github-actions[bot]";

impl Forge {
    /// Starts a forge with those comments.
    pub fn with(comments: Vec<Comment>) -> Self {
        Self::start(BOT, comments, Vec::new())
    }

    /// Starts a forge with those comments, whose token is of that account.
    pub fn of_account(account: &'static str, comments: Vec<Comment>) -> Self {
        Self::start(account, comments, Vec::new())
    }

    /// Starts a forge with those comments, that gives those answers at those paths.
    pub fn answering(comments: Vec<Comment>, answers: Vec<(&'static str, Value)>) -> Self {
        Self::start(BOT, comments, answers)
    }

    fn start(account: &'static str, comments: Vec<Comment>, answers: Vec<(&'static str, Value)>) -> Self {
        let comments = Mutex::new(comments.into_iter().map(Some).collect());
        let kept = Arc::new(Kept {
            account,
            comments,
            request: Mutex::default(),
        });
        let answers: HashMap<_, _> = answers.into_iter().collect();
        let answer = move |uri: Uri, headers: HeaderMap| async move {
            match answers.get(uri.path()) {
                Some(answer) if known(&headers) => (StatusCode::OK, Json(answer.clone())),
                _ => (StatusCode::NOT_FOUND, Json(json!({ "message": "404 Not Found" }))),
            }
        };
        let github = Router::new()
            .route("/repos/shop/inventory/issues/7/comments", get(list).post(write))
            .route(
                "/repos/shop/inventory/issues/comments/{id}",
                patch(edit).delete(remove),
            )
            .route("/repos/shop/inventory/pulls/7", get(pull))
            .route("/repos/shop/inventory/commits/{sha}/pulls", get(pulls));
        let gitlab = Router::new()
            .route("/user", get(user))
            .route("/projects/11/merge_requests/7/notes", get(list).post(write))
            .route("/projects/11/merge_requests/7/notes/{id}", put(edit));
        let router = github
            .merge(gitlab)
            .fallback(answer)
            .with_state(Arc::clone(&kept));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime can be started");
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            kept,
            _runtime: runtime,
        }
    }

    /// The comments as they are now.
    pub fn comments(&self) -> Vec<Comment> {
        let comments = self.kept.comments.lock().expect("nobody panicked");
        comments.iter().flatten().cloned().collect()
    }
}

impl Forge {
    /// Sets a label.
    pub fn label(&self, name: &'static str) {
        self.request().labels.push(name);
    }

    /// Takes a label off.
    pub fn unlabel(&self, name: &str) {
        self.request().labels.retain(|label| *label != name);
    }

    /// The newest commit of the request.
    pub fn head(&self, commit: &str) {
        commit.clone_into(&mut self.request().head);
    }

    /// Merges the request as that commit of `main`.
    pub fn merge(&self, commit: &str) {
        self.merge_as(Merged::of(commit));
    }

    /// Merges the request.
    pub fn merge_as(&self, merged: Merged) {
        self.request().merged = Some(merged);
    }

    fn request(&self) -> MutexGuard<'_, PullRequest> {
        self.kept.request.lock().expect("nobody panicked")
    }
}

impl Comment {
    /// A comment of somebody.
    pub fn of(author: &'static str, body: &str) -> Self {
        Self {
            author,
            body: body.to_owned(),
        }
    }
}

type Comments = State<Arc<Kept>>;

#[derive(Deserialize)]
struct Page {
    per_page: usize,
    page: usize,
}

#[derive(Deserialize)]
struct Text {
    body: String,
}

fn known(headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|sent| sent == value);
    is("authorization", &format!("Bearer {FORGE_TOKEN}")) || is("private-token", FORGE_TOKEN)
}

fn id_of(author: &str) -> u32 {
    if author == BOT { 41_898_282 } else { 1 }
}

async fn user(headers: HeaderMap) -> (StatusCode, Json<Value>) {
    if known(&headers) {
        (StatusCode::OK, Json(json!({ "id": id_of(BOT), "username": BOT })))
    } else {
        (
            StatusCode::UNAUTHORIZED,
            Json(json!({ "message": "401 Unauthorized" })),
        )
    }
}

async fn list(
    State(kept): Comments,
    Query(page): Query<Page>,
    headers: HeaderMap,
) -> (StatusCode, Json<Value>) {
    if !known(&headers) {
        return (
            StatusCode::UNAUTHORIZED,
            Json(json!({ "message": "Bad credentials" })),
        );
    }
    let comments = kept.comments.lock().expect("nobody panicked");
    let shown = comments.iter().enumerate();
    let shown = shown.filter_map(|(id, comment)| Some((id, comment.as_ref()?)));
    let shown = shown.skip((page.page - 1) * page.per_page);
    let shown = shown.take(page.per_page).map(|(id, comment)| {
        let author =
            json!({ "id": id_of(comment.author), "login": comment.author, "username": comment.author });
        json!({ "id": id, "body": comment.body, "user": author, "author": author })
    });
    (StatusCode::OK, Json(shown.collect()))
}

async fn write(
    State(kept): Comments,
    headers: HeaderMap,
    Json(text): Json<Text>,
) -> (StatusCode, Json<Value>) {
    if !known(&headers) {
        return (
            StatusCode::UNAUTHORIZED,
            Json(json!({ "message": "Bad credentials" })),
        );
    }
    let mut comments = kept.comments.lock().expect("nobody panicked");
    comments.push(Some(Comment {
        author: kept.account,
        body: text.body,
    }));
    let user = json!({ "login": kept.account });
    (
        StatusCode::CREATED,
        Json(json!({ "id": comments.len() - 1, "user": user })),
    )
}

async fn edit(
    State(kept): Comments,
    Path(id): Path<usize>,
    headers: HeaderMap,
    Json(text): Json<Text>,
) -> (StatusCode, Json<Value>) {
    let mut comments = kept.comments.lock().expect("nobody panicked");
    match comments.get_mut(id) {
        Some(Some(comment)) if known(&headers) => {
            comment.body = text.body;
            (StatusCode::OK, Json(json!({ "id": id })))
        }
        _ => (StatusCode::NOT_FOUND, Json(json!({ "message": "Not Found" }))),
    }
}

async fn remove(State(kept): Comments, Path(id): Path<usize>, headers: HeaderMap) -> StatusCode {
    let mut comments = kept.comments.lock().expect("nobody panicked");
    match comments.get_mut(id) {
        Some(comment) if known(&headers) => {
            *comment = None;
            StatusCode::NO_CONTENT
        }
        _ => StatusCode::NOT_FOUND,
    }
}

fn shown(kept: &Kept) -> Value {
    let request = kept.request.lock().expect("nobody panicked");
    let labels: Vec<Value> = request
        .labels
        .iter()
        .map(|name| json!({ "name": name }))
        .collect();
    let merged = request.merged.as_ref();
    json!({
        "number": 7,
        "labels": labels,
        "head": { "sha": request.head },
        "base": { "ref": merged.map_or("main", |merged| merged.base) },
        "merged_at": merged.map(|_| "2026-01-01T00:00:00Z"),
        "merge_commit_sha": merged.map(|merged| &merged.commit),
    })
}

async fn pull(State(kept): Comments, headers: HeaderMap) -> (StatusCode, Json<Value>) {
    if known(&headers) {
        (StatusCode::OK, Json(shown(&kept)))
    } else {
        (StatusCode::NOT_FOUND, Json(json!({ "message": "Not Found" })))
    }
}

async fn pulls(State(kept): Comments, headers: HeaderMap) -> (StatusCode, Json<Value>) {
    let requests = {
        let request = kept.request.lock().expect("nobody panicked");
        request.merged.as_ref().map_or(1, |merged| merged.requests)
    };
    let (status, Json(one)) = pull(State(kept), headers).await;
    if status == StatusCode::OK {
        (status, Json(Value::from(vec![one; requests])))
    } else {
        (status, Json(one))
    }
}
