//! Checks that no two files need each other: a file is understood after those that it imports.

use std::collections::{BTreeMap, BTreeSet};

use crate::scan::Source;

/// A module's place: the crate, then the modules.
type Module = Vec<String>;

/// The files of the project by their modules.
pub struct Imports<'a> {
    files: BTreeMap<Module, &'a Source>,
}

/// Which files each file names.
type Named<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

impl<'a> Imports<'a> {
    pub fn new(sources: &'a [Source]) -> Self {
        let files = sources.iter().map(|source| (module(&source.file), source));
        Self {
            files: files.filter(|(module, _)| !module.is_empty()).collect(),
        }
    }

    /// Every group of files that need each other, each as the names of its files.
    pub fn circles(&self) -> Vec<String> {
        let named: Named<'a> = self
            .files
            .values()
            .map(|source| (source.file.as_str(), self.named_by(source)))
            .collect();
        let reached: Named<'a> = named.keys().map(|file| (*file, reached(file, &named))).collect();
        let circles: BTreeSet<Vec<&str>> = reached
            .iter()
            .filter(|(file, from_it)| from_it.contains(*file))
            .map(|(file, from_it)| {
                let back = from_it.iter().filter(|other| reached[*other].contains(file));
                back.copied().collect()
            })
            .collect();
        circles.into_iter().map(|files| files.join(" <-> ")).collect()
    }

    /// The other files that a file names. Its unit tests are left out, and what it only hands on by `pub use`.
    fn named_by(&self, source: &'a Source) -> BTreeSet<&'a str> {
        let own = module(&source.file);
        let hands_on = |names: &Vec<String>| source.handed_on.iter().any(|(_, from)| from == names);
        let paths = source
            .paths
            .iter()
            .filter(|path| path.inside == 0 && !hands_on(&path.names));
        let named = paths.filter_map(|path| self.absolute(&own, &path.names));
        let files = named.filter_map(|path| self.file_of(&path, 0));
        let files = files.map(|file| file.file.as_str());
        files.filter(|file| *file != source.file).collect()
    }

    /// A path from the root of its crate; `None` for what is not of this project.
    fn absolute(&self, own: &Module, names: &[String]) -> Option<Vec<String>> {
        let first = names.first()?;
        let supers = names.iter().take_while(|name| *name == "super").count();
        let (base, rest) = match first.as_str() {
            "crate" => (&own[..1], &names[1..]),
            "self" => (&own[..], &names[1..]),
            "super" => (&own[..own.len().checked_sub(supers)?], &names[supers..]),
            name if self.files.contains_key(&[name.to_owned()][..]) => (&[][..], names),
            _ => (&own[..], names),
        };
        let path = [base, rest].concat();
        let is_child = self.files.contains_key(&path[..path.len().min(own.len() + 1)]);
        (base.len() != own.len() || first == "self" || is_child).then_some(path)
    }

    /// The file that holds what a path names: a name that a module hands on is where it comes from.
    fn file_of(&self, path: &[String], depth: usize) -> Option<&'a Source> {
        let held = (1..=path.len())
            .rev()
            .find(|length| self.files.contains_key(&path[..*length]))?;
        let (module, rest) = path.split_at(held);
        let file = self.files[module];
        let handed_on = rest.first().filter(|_| depth < 8).and_then(|name| {
            let from = file.handed_on.iter().find(|(known, _)| known == name)?;
            self.absolute(&module.to_vec(), &from.1)
        });
        match handed_on {
            Some(from) => self.file_of(&from, depth + 1),
            None => Some(file),
        }
    }
}

/// The files that a file needs, directly or through others.
fn reached<'a>(from: &'a str, named: &Named<'a>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        for next in &named[file] {
            if reached.insert(*next) {
                open.push(next);
            }
        }
    }
    reached
}

/// The module of a file; empty for the program's own file and for tests, which may import anything.
fn module(file: &str) -> Module {
    let (root, below) = match file.split_once("/src/") {
        Some((root, below)) => (root.rsplit('/').next().unwrap_or(root).replace('-', "_"), below),
        None => ("stocktake".to_owned(), file.trim_start_matches("src/")),
    };
    if below == "main.rs" || below.split('/').any(|part| part == "tests.rs" || part == "tests") {
        return Vec::new();
    }
    let below = below.trim_end_matches(".rs").trim_end_matches("/mod");
    let names = below.split('/').filter(|name| *name != "lib");
    std::iter::once(root)
        .chain(names.map(ToOwned::to_owned))
        .collect()
}

/// The circles of files with these names and texts.
fn circles(files: &[(&str, &str)]) -> Vec<String> {
    let sources: Vec<Source> = files.iter().map(|(file, text)| Source::new(file, text)).collect();
    Imports::new(&sources).circles()
}

#[test]
fn planted_circles_are_found() {
    let to_b = ("src/spec/a.rs", "use super::b::B; pub struct A;");
    let found = circles(&[to_b, ("src/spec/b.rs", "pub struct B(crate::spec::a::A);")]);
    assert_eq!(found, ["src/spec/a.rs <-> src/spec/b.rs"]);

    let through_the_module = circles(&[
        to_b,
        ("src/spec/mod.rs", "mod a; mod b; pub use a::A;"),
        ("src/spec/b.rs", "use super::A; pub struct B(A);"),
    ]);
    assert_eq!(through_the_module, ["src/spec/a.rs <-> src/spec/b.rs"]);

    let with_the_module = circles(&[
        ("src/spec/mod.rs", "mod a; pub struct S(a::A);"),
        ("src/spec/a.rs", "pub struct A(Box<super::S>);"),
    ]);
    assert_eq!(with_the_module, ["src/spec/a.rs <-> src/spec/mod.rs"]);
}

#[test]
fn what_is_no_circle_is_not_found() {
    let found = circles(&[
        (
            "src/spec/mod.rs",
            "mod a; mod b; pub use a::A; pub use b::{B, C as D};",
        ),
        (
            "src/spec/a.rs",
            "use super::D; mod tests { use super::super::b; }",
        ),
        (
            "src/spec/b.rs",
            "pub struct B; pub struct C; mod tests { use super::super::a::A; }",
        ),
    ]);
    assert_eq!(found, [""; 0]);
}
