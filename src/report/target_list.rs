//! The targets of a file: what each is, without a secret, and as a matrix for jobs that run side by side.

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
    /// How it knows us: `bearer`, `oauth1`, `admin` or `ims`.
    pub auth: String,
    /// The files that it names, of secrets and of certificates.
    pub files: Vec<String>,
    /// How its index is brought up to date: by `steps`, by the shop's `cron`, or `unsaid`, which relies on cron too.
    pub reindex: String,
    /// Whether it is meant when none is named.
    pub default: bool,
}

/// The list as a table of at most so many columns, or as a list where fewer are at hand than a table can be read in.
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

/// Below this a table's columns are too narrow for addresses.
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
    let told = parts.iter().filter(|(_, text)| !text.is_empty());
    let lines = told.map(|(what, text)| wrapped(&format!("{what} {text}"), columns, "  "));
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
