//! The cut of the code, held by a test: who may import whom, that the core is pure, and which files can write.

mod circles;
mod house;
mod imports;
mod purity;
mod scan;
mod streams;
mod writes;

use std::fs;
use std::path::Path;

use scan::Source;

/// The Rust files below some folders, by their paths from the root of the project, each with its text.
fn files(folders: &[&str]) -> Vec<(String, String)> {
    fn collect(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap();
                found.push((name.replace('\\', "/"), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in folders {
        collect(root, &root.join(folder), &mut found);
    }
    assert!(found.len() > 10, "the sources were not found");
    found.sort();
    found
}

/// The sources of the product: the package and the crates that it is made of.
fn sources() -> Vec<Source> {
    let files = files(&["src", "crates/mysql-collation/src", "crates/spanned-yaml/src"]);
    files.iter().map(|(file, text)| Source::new(file, text)).collect()
}

fn violations(check: impl Fn(&Source) -> Vec<String>) -> Vec<String> {
    sources().iter().flat_map(check).collect()
}

#[test]
fn modules_import_only_whom_they_may() {
    assert_eq!(violations(imports::check), [""; 0]);
}

#[test]
fn the_core_is_pure() {
    assert_eq!(violations(purity::check), [""; 0]);
}

#[test]
fn only_the_writer_writes() {
    assert_eq!(violations(writes::check), [""; 0]);
}

#[test]
fn one_file_alone_writes_to_the_standard_streams() {
    assert_eq!(violations(streams::check), [""; 0]);
}

#[test]
fn no_two_files_need_each_other() {
    let sources = sources();
    assert_eq!(circles::Imports::new(&sources).circles(), [""; 0]);
}

#[test]
fn files_are_short_and_tell_their_job() {
    let found = files(&["src", "crates", "xtask"]);
    let found = found
        .iter()
        .flat_map(|(file, text)| house::check(&Source::new(file, text), text));
    assert_eq!(found.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn the_old_private_names_are_gone() {
    let found = files(&["src", "crates", "xtask", "tests", "benches", "examples"]);
    let found = found
        .iter()
        .flat_map(|(file, text)| house::old_names(&Source::new(file, text)));
    let found = found.filter(|name| !name.starts_with("tests/architecture/"));
    assert_eq!(found.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn the_pages_name_places_that_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for page in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root.join(page)).unwrap();
        let quoted = text.split('`').skip(1).step_by(2);
        let places = quoted.filter(|quoted| {
            let first = quoted.split('/').next().unwrap();
            quoted.contains('/') && !quoted.contains(' ') && root.join(first).is_dir()
        });
        let places: Vec<&str> = places.filter(|place| !place.contains("VERSION")).collect();
        assert!(places.len() > 10, "{page}: no place was found");
        wrong.extend(
            places
                .iter()
                .filter(|place| !root.join(place).exists())
                .map(|place| format!("{page}: {place}")),
        );
    }
    assert_eq!(wrong, [""; 0]);
}
