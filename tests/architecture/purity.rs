//! That the core is pure: the same input gives the same answer, and nothing is read or written on the side.

use crate::scan::{NamedPath, Source};

/// The modules that are pure.
const PURE: [&str; 6] = [
    "export",
    "model",
    "mysql_collation",
    "reconcile",
    "spanned_yaml",
    "spec",
];

/// What stands for each impurity: paths by their beginning, and names wherever they stand.
const IMPURE: [(&str, &[&str], &[&str]); 7] = [
    (
        "async",
        &["futures_util", "std::future", "tokio", "tokio_util"],
        &["async", "await"],
    ),
    (
        "a clock",
        &["jiff", "std::time::*", "tokio::time"],
        &["Instant", "SystemTime"],
    ),
    (
        "the file system",
        &["std::fs", "tempfile"],
        &[
            "canonicalize",
            "exists",
            "is_dir",
            "is_file",
            "read_dir",
            "symlink_metadata",
            "try_exists",
        ],
    ),
    (
        "the environment",
        &["std::env", "std::os", "std::process", "std::thread"],
        &["stderr", "stdin", "stdout"],
    ),
    ("the network", &["axum", "reqwest", "rustls", "std::net"], &[]),
    ("logging", &["log", "tracing", "tracing_subscriber"], &[]),
    (
        "randomness",
        &["fastrand", "getrandom", "rand", "uuid"],
        &["DefaultHasher", "RandomState"],
    ),
];

/// Macros that print.
const PRINTING: [&str; 5] = ["dbg", "eprint", "eprintln", "print", "println"];

/// What a file of the pure core names and may not.
pub fn check(source: &Source) -> Vec<String> {
    if !PURE.contains(&source.module().as_str()) {
        return Vec::new();
    }
    let named = source
        .paths
        .iter()
        .filter_map(|path| impurity(path).map(|what| (what, path.names.join("::"))));
    let printed = source
        .macros
        .iter()
        .filter(|name| PRINTING.contains(&name.as_str()));
    let printed = printed.map(|name| ("printing", format!("{name}!")));
    let found = named.chain(printed);
    found
        .map(|(what, name)| format!("{}: {what}, by `{name}`", source.file))
        .collect()
}

fn impurity(path: &NamedPath) -> Option<&'static str> {
    let names = &path.names;
    let whole = names.join("::");
    if matches!(whole.as_str(), "std" | "std::self" | "std::*") {
        return Some("the standard library under a name that hides what is used");
    }
    let begins = |with: &&str| whole == **with || whole.starts_with(&format!("{with}::"));
    let found = IMPURE.iter().find(|(_, paths, anywhere)| {
        // A single name is a variable or a field as likely as a crate; only as the start of a path is it one.
        (names.len() > 1 && paths.iter().any(begins))
            || names.iter().any(|name| anywhere.contains(&name.as_str()))
    });
    found.map(|(what, _, _)| *what)
}

/// How many violations a file of that name and text has.
fn violations(file: &str, text: &str) -> usize {
    check(&Source::new(file, text)).len()
}

#[test]
fn planted_impurities_are_found() {
    for text in [
        "async fn f() {}",
        "fn f() { x.await }",
        "use tokio::sync::Mutex;",
        "use std::time::Instant;",
        "use std::time::*;",
        "fn f() { std::time::SystemTime::now() }",
        "fn f() { jiff::Timestamp::now() }",
        "use std::{collections::HashMap, fs};",
        "use std::{fs::{self, File}};",
        "fn f(p: &std::path::Path) -> bool { p.exists() }",
        "fn f() { ::std::env::var(\"HOME\") }",
        "use std as s;",
        "use std::*;",
        "fn f() { std::process::exit(1) }",
        "fn f() { tracing::info!(\"x\") }",
        "fn f() { println!(\"x\") }",
        "fn f() { uuid::Uuid::now_v7() }",
        "use std::collections::hash_map::RandomState;",
        "fn f() { reqwest::get(\"x\") }",
    ] {
        assert!(violations("src/reconcile/plan.rs", text) > 0, "{text}");
        assert_eq!(violations("src/run/apply/run.rs", text), 0, "{text}");
    }
}

#[test]
fn what_is_pure_is_not_found() {
    for text in [
        "// std::fs\nconst VERSION: &str = env!(\"CARGO_PKG_VERSION\"); const A: &str = \"tokio::x\";",
        "use std::{collections::HashMap, fmt, path::Path, time::Duration};",
        "fn f(log: u8, rand: u8) { self.tracing = log + rand; write!(out, \"x\") }",
    ] {
        assert_eq!(violations("src/reconcile/plan.rs", text), 0, "{text}");
    }
}
