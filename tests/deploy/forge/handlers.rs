//! The forge's answers: comments listed, written, edited and deleted; the pull request.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::state::{BOT, Comment, FORGE_TOKEN, ForgeState};

pub(super) type Comments = State<Arc<ForgeState>>;

#[derive(Deserialize)]
pub(super) struct Page {
    per_page: usize,
    page: usize,
}

#[derive(Deserialize)]
pub(super) struct Text {
    body: String,
}

pub(super) fn known(headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|sent| sent == value);
    is("authorization", &format!("Bearer {FORGE_TOKEN}")) || is("private-token", FORGE_TOKEN)
}

fn id_of(author: &str) -> u32 {
    if author == BOT { 41_898_282 } else { 1 }
}

pub(super) async fn user(headers: HeaderMap) -> (StatusCode, Json<Value>) {
    if known(&headers) {
        (StatusCode::OK, Json(json!({ "id": id_of(BOT), "username": BOT })))
    } else {
        (
            StatusCode::UNAUTHORIZED,
            Json(json!({ "message": "401 Unauthorized" })),
        )
    }
}

pub(super) async fn list(
    State(forge): Comments,
    Query(page): Query<Page>,
    headers: HeaderMap,
) -> (StatusCode, Json<Value>) {
    if !known(&headers) {
        return (
            StatusCode::UNAUTHORIZED,
            Json(json!({ "message": "Bad credentials" })),
        );
    }
    let comments = forge.comments.lock().expect("nobody panicked");
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

pub(super) async fn write(
    State(forge): Comments,
    headers: HeaderMap,
    Json(text): Json<Text>,
) -> (StatusCode, Json<Value>) {
    if !known(&headers) {
        return (
            StatusCode::UNAUTHORIZED,
            Json(json!({ "message": "Bad credentials" })),
        );
    }
    let mut comments = forge.comments.lock().expect("nobody panicked");
    comments.push(Some(Comment {
        author: forge.account,
        body: text.body,
    }));
    let user = json!({ "login": forge.account });
    (
        StatusCode::CREATED,
        Json(json!({ "id": comments.len() - 1, "user": user })),
    )
}

pub(super) async fn edit(
    State(forge): Comments,
    Path(id): Path<usize>,
    headers: HeaderMap,
    Json(text): Json<Text>,
) -> (StatusCode, Json<Value>) {
    let mut comments = forge.comments.lock().expect("nobody panicked");
    match comments.get_mut(id) {
        Some(Some(comment)) if known(&headers) => {
            comment.body = text.body;
            (StatusCode::OK, Json(json!({ "id": id })))
        }
        _ => (StatusCode::NOT_FOUND, Json(json!({ "message": "Not Found" }))),
    }
}

pub(super) async fn remove(State(forge): Comments, Path(id): Path<usize>, headers: HeaderMap) -> StatusCode {
    let mut comments = forge.comments.lock().expect("nobody panicked");
    match comments.get_mut(id) {
        Some(comment) if known(&headers) => {
            *comment = None;
            StatusCode::NO_CONTENT
        }
        _ => StatusCode::NOT_FOUND,
    }
}

fn shown(forge: &ForgeState) -> Value {
    let request = forge.request.lock().expect("nobody panicked");
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

pub(super) async fn pull(State(forge): Comments, headers: HeaderMap) -> (StatusCode, Json<Value>) {
    if known(&headers) {
        (StatusCode::OK, Json(shown(&forge)))
    } else {
        (StatusCode::NOT_FOUND, Json(json!({ "message": "Not Found" })))
    }
}

pub(super) async fn pulls(State(forge): Comments, headers: HeaderMap) -> (StatusCode, Json<Value>) {
    let requests = {
        let request = forge.request.lock().expect("nobody panicked");
        request.merged.as_ref().map_or(1, |merged| merged.requests)
    };
    let (status, Json(one)) = pull(State(forge), headers).await;
    if status == StatusCode::OK {
        (status, Json(Value::from(vec![one; requests])))
    } else {
        (status, Json(one))
    }
}
