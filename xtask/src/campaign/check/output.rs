//! Standard output is one true document, and no secret is anywhere.

use std::path::Path;

use crate::campaign::play::Played;
use crate::campaign::workspace::{PASSWORD, TOKEN, Workspace};

/// Gives what is wrong with what was printed and stored.
pub fn check(played: &Played<'_>, workspace: &Workspace) -> Vec<String> {
    let ended = played.ended;
    let mut wrong = Vec::new();
    if ended.hung {
        wrong.push("it did not end".to_owned());
    }
    if ended.stderr.contains("panicked") {
        wrong.push("it panicked".to_owned());
    }
    if !ended.killed && !ended.hung {
        match (played.document, ended.code) {
            (None, _) => wrong.push("standard output is no document".to_owned()),
            (_, None) => wrong.push("it ended by a signal of its own".to_owned()),
            (Some(document), Some(code)) => {
                if document.get("exit_code").is_some_and(|told| *told != code) {
                    wrong.push(format!("the document says exit code {}", document["exit_code"]));
                }
            }
        }
    }
    let stored = std::fs::canonicalize(workspace.folder.path())
        .map(|folder| texts(&folder))
        .unwrap_or_default();
    let mut texts = [ended.stdout.as_str(), ended.stderr.as_str()]
        .into_iter()
        .chain(stored.iter().map(String::as_str));
    if texts.any(|text| tokens(workspace).iter().any(|secret| text.contains(secret))) {
        wrong.push("a secret shows".to_owned());
    }
    wrong
}

/// Every secret there is, the tokens that were given out included.
fn tokens(workspace: &Workspace) -> Vec<String> {
    let sessions = serde_json::to_value(&workspace.shop.state().sessions).unwrap_or_default();
    let given = sessions["tokens"].as_object().cloned().unwrap_or_default();
    let fixed = [TOKEN, PASSWORD].map(str::to_owned);
    fixed
        .into_iter()
        .chain(given.into_iter().map(|(token, _)| token))
        .collect()
}

/// The text of every file in a folder and below.
fn texts(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.flatten().map(|entry| entry.path());
    let read = |path: std::path::PathBuf| {
        if path.is_dir() {
            texts(&path)
        } else {
            std::fs::read_to_string(&path).into_iter().collect()
        }
    };
    paths.flat_map(read).collect()
}
