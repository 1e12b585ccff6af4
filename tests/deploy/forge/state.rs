//! What the forge stores: comments, and the pull request with its labels and merge.

use std::sync::Mutex;

/// The token that the forge knows.
pub const FORGE_TOKEN: &str = "forge-token-0000000000";

/// The state of the forge.
pub(super) struct ForgeState {
    /// The account of the token.
    pub(super) account: &'static str,
    /// The comments by their number; a deleted one leaves its place empty.
    pub(super) comments: Mutex<Vec<Option<Comment>>>,
    pub(super) request: Mutex<PullRequest>,
}

/// The pull request of the forge.
#[derive(Default)]
pub(super) struct PullRequest {
    pub(super) labels: Vec<&'static str>,
    pub(super) head: String,
    pub(super) merged: Option<Merged>,
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

impl Comment {
    /// A comment of somebody.
    pub fn of(author: &'static str, body: &str) -> Self {
        Self {
            author,
            body: body.to_owned(),
        }
    }
}
