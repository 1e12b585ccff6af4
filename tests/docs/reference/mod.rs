//! `docs/reference/`: made from the code, committed, and current.

mod cli;
mod documents;
mod exit_codes;
mod fields;
mod markdown;
mod metrics;
mod options;
mod rules;
mod state;
mod values;
mod variables;

use std::fs;

use super::page::root;

/// The generated pages, by their names.
fn made() -> Vec<(&'static str, String)> {
    vec![
        ("cli.md", cli::page()),
        ("inventory.md", fields::inventory()),
        ("targets.md", fields::targets()),
        ("documents.md", documents::page()),
        ("exit-codes.md", exit_codes::page()),
        ("rules.md", rules::page()),
        ("metrics.md", metrics::page()),
        ("state.md", state::page()),
    ]
}

/// What a reader of the file itself is told.
const HEAD: &str = "<!-- Made from the code: UPDATE_DOCS=1 cargo test --test docs reference -->\n\n";

#[test]
fn the_reference_is_current() {
    let folder = root().join("docs/reference");
    let mut stale = Vec::new();
    for (name, text) in made() {
        let made = format!("{HEAD}{}\n", text.trim_end());
        let path = folder.join(name);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::create_dir_all(&folder).expect("the folder can be made");
            fs::write(&path, &made).expect("the page can be written");
        }
        if fs::read_to_string(&path).unwrap_or_default() != made {
            stale.push(format!("docs/reference/{name}"));
        }
    }
    assert!(
        stale.is_empty(),
        "{} no longer say what the code says. Write them anew and read the difference:\n\n    \
         UPDATE_DOCS=1 cargo test --test docs reference && git diff docs/reference\n",
        stale.join(", ")
    );
}

/// Pages of the reference that people write.
const WRITTEN: [&str; 1] = ["glossary.md"];

#[test]
fn everything_else_in_the_reference_is_made() {
    let made: Vec<&str> = made().into_iter().map(|(name, _)| name).chain(WRITTEN).collect();
    for entry in fs::read_dir(root().join("docs/reference")).expect("there is a reference") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_str().expect("a name in UTF-8");
        assert!(made.contains(&name), "nothing makes docs/reference/{name}");
    }
}
