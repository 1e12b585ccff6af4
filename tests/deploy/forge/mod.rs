//! A forge's comments over real HTTP, as GitHub and GitLab keep them: listed by page, written, edited.

mod handlers;
mod state;

pub use state::{BOT, Comment, FORGE_TOKEN, Merged};

use handlers::{edit, known, list, pull, pulls, remove, user, write};
use state::{ForgeState, PullRequest};

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::http::{HeaderMap, StatusCode, Uri};
use axum::routing::{get, patch, put};
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::server::Server;

/// A forge with the comments of one request; it ends with this value.
pub struct Forge {
    /// Where it listens.
    pub address: SocketAddr,
    state: Arc<ForgeState>,
    _server: Server,
}

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
        let state = Arc::new(ForgeState {
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
            .with_state(Arc::clone(&state));
        let server = Server::of(router);
        Self {
            address: server.address,
            state,
            _server: server,
        }
    }

    /// The comments as they are now.
    pub fn comments(&self) -> Vec<Comment> {
        let comments = self.state.comments.lock().expect("nobody panicked");
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
        self.state.request.lock().expect("nobody panicked")
    }
}
