//! The targets of a file: a list without secrets, and a matrix for parallel jobs.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use spanned_yaml::diag::{escape_json, joined, shown};

use super::table::{entry, narrow, table};

/// The version of the list's JSON.
pub const TARGET_LIST_FORMAT: u32 = 1;

/// The targets of a file.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(title = "stocktake target list")]
pub struct TargetList {
    /// The version of this format: 1.
    pub format_version: u32,
    /// The targets, in the order of the file.
    pub targets: Vec<ListedTarget>,
}

/// One target.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ListedTarget {
    /// Its name.
    pub name: String,
    /// Its base address.
    pub url: String,
    /// Its kind of sign-in: `bearer`, `oauth1`, `admin` or `ims`.
    pub auth: String,
    /// The files with secrets and certificates that it names.
    pub files: Vec<String>,
    /// Its kind of reindex: `steps`, the shop's `cron`, or `unsaid`, which relies on cron too.
    pub reindex: String,
    /// True if commands use it when none is named.
    pub default: bool,
}

/// The targets as a table, or as a list if there are too few columns for a table.
pub fn target_list_text(list: &TargetList, columns: Option<u16>) -> String {
    let rows = list.targets.iter().map(|target| {
        let files = joined(target.files.iter().map(|path| shown(path)), ", ");
        let default = if target.default { "default" } else { "" };
        let (auth, reindex) = (target.auth.clone(), target.reindex.clone());
        [
            shown(&target.name),
            shown(&target.url),
            auth,
            files,
            reindex,
            default.to_owned(),
        ]
    });
    let Some(columns) = narrow(columns) else {
        let header = ["Target", "URL", "Auth", "Files", "Reindex", "Default"];
        return table(header, rows, columns) + "\n";
    };
    let entries = rows.map(|[name, url, auth, files, reindex, default]| {
        let head = if default.is_empty() {
            name
        } else {
            format!("{name} ({default})")
        };
        let parts = [
            ("URL", url),
            ("auth", auth),
            ("files", files),
            ("reindex", reindex),
        ];
        entry(&head, &parts, columns) + "\n"
    });
    entries.collect()
}

/// The list in one line, for the matrix of a GitHub job.
pub fn github_matrix(list: &TargetList) -> String {
    let include = list.targets.iter().map(|target| json!({ "target": target.name }));
    let include: Vec<_> = include.collect();
    let matrix = json!({ "include": include }).to_string();
    escape_json(&matrix).into_owned() + "\n"
}
