//! The cut of the code, held by a test: who may import whom, that the core is pure, and which files can write.

mod imports;
mod purity;
mod scan;
mod streams;
mod writes;

use std::fs;
use std::path::Path;

use scan::Source;

/// Every Rust file of `src` and of the pure crates, by its path from the root of the project.
fn sources() -> Vec<Source> {
    fn collect(folder: &Path, found: &mut Vec<Source>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
                found.push(Source::new(
                    name.to_str().unwrap(),
                    &fs::read_to_string(&path).unwrap(),
                ));
            }
        }
    }
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    collect(&root.join("src"), &mut found);
    collect(&root.join("crates/spanned-yaml/src"), &mut found);
    collect(&root.join("crates/mysql-collation/src"), &mut found);
    assert!(found.len() > 10, "the sources were not found");
    found.sort_by(|a, b| a.file.cmp(&b.file));
    found
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
