//! The targets of a file: a list without secrets, and a matrix for parallel jobs.

use comfy_table::{ContentArrangement, Table, presets};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use spanned_yaml::diag::{escape_json, shown};

use super::words::wrapped;

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
    if let Some(columns) = columns.filter(|columns| *columns < NARROW) {
        return list.targets.iter().map(|target| entry(target, columns)).collect();
    }
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_BORDERS_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(["Target", "URL", "Auth", "Files", "Reindex", "Default"]);
    if let Some(columns) = columns {
        table.set_width(columns);
    }
    for target in &list.targets {
        let files: Vec<String> = target.files.iter().map(|path| shown(path)).collect();
        let default = if target.default { "default" } else { "" };
        table.add_row([
            shown(&target.name),
            shown(&target.url),
            target.auth.clone(),
            files.join(", "),
            target.reindex.clone(),
            default.to_owned(),
        ]);
    }
    format!("{table}\n")
}

/// With fewer columns, those of a table are too narrow for addresses.
const NARROW: u16 = 80;

fn entry(target: &ListedTarget, columns: u16) -> String {
    let default = if target.default { " (default)" } else { "" };
    let files = target
        .files
        .iter()
        .map(|path| shown(path))
        .collect::<Vec<_>>()
        .join(", ");
    let parts = [
        ("URL", shown(&target.url)),
        ("auth", target.auth.clone()),
        ("files", files),
        ("reindex", target.reindex.clone()),
    ];
    let filled = parts.iter().filter(|(_, text)| !text.is_empty());
    let lines = filled.map(|(what, text)| wrapped(&format!("{what} {text}"), columns, "  "));
    let head = wrapped(&(shown(&target.name) + default), columns, "");
    let lines: Vec<String> = std::iter::once(head).chain(lines).collect();
    lines.join("\n") + "\n"
}

/// The list in one line, for the matrix of a GitHub job.
pub fn github_matrix(list: &TargetList) -> String {
    let include = list.targets.iter().map(|target| json!({ "target": target.name }));
    let include: Vec<_> = include.collect();
    let matrix = json!({ "include": include }).to_string();
    escape_json(&matrix).into_owned() + "\n"
}
