//! The cases: files of a folder, loaded as the program loads them.

use std::fs;
use std::path::{Path, PathBuf};

use spanned_yaml::diag::{Diagnostic, InputFiles};
use stocktake::reconcile::{StockScope, resolve};
use stocktake::{spec, target};

use super::shop::shop;

/// What a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// An inventory by itself.
    Inventory,
    /// Targets.
    Targets,
    /// An inventory that is good by itself, against a shop.
    Shop,
}

/// One case.
pub struct Case {
    /// Its name; that of a rule when it is about one.
    pub name: String,
    /// What it is about.
    pub about: About,
    path: PathBuf,
}

/// All cases, in the order of their names.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (folder, about) in [
        ("inventory", About::Inventory),
        ("targets", About::Targets),
        ("shop", About::Shop),
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/it/diagnostics")
            .join(folder);
        for path in sorted(&folder) {
            if path.extension().is_some_and(|extension| extension == "txt") {
                continue;
            }
            let name = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            cases.push(Case { name, about, path });
        }
    }
    cases
}

impl Case {
    /// What is found in it.
    pub fn load(&self) -> (InputFiles, Vec<Diagnostic>) {
        let mut files = self.files();
        let diagnostics = match self.about {
            About::Inventory => spec::load(&files).diagnostics,
            About::Targets => target::load(&mut files).diagnostics,
            About::Shop => {
                let spec = spec::load(&files).spec.expect("a good inventory");
                resolve(&spec, &StockScope::default(), &shop())
                    .map_or_else(|errors| errors, |resolved| resolved.warnings)
            }
        };
        (files, diagnostics)
    }

    /// Whether something can be used after all.
    pub fn is_usable(&self) -> bool {
        let mut files = self.files();
        match self.about {
            About::Inventory => spec::load(&files).spec.is_some(),
            About::Targets => target::load(&mut files).targets.is_some(),
            About::Shop => spec::load(&files)
                .spec
                .is_some_and(|spec| resolve(&spec, &StockScope::default(), &shop()).is_ok()),
        }
    }

    /// Where its text stands.
    pub fn expected(&self) -> PathBuf {
        self.path.with_extension("txt")
    }

    fn files(&self) -> InputFiles {
        let mut files = InputFiles::default();
        let paths = if self.path.is_dir() {
            sorted(&self.path)
        } else {
            vec![self.path.clone()]
        };
        for path in paths {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            files.add_bytes(name, fs::read(&path).expect("a file of a case can be read"));
        }
        files
    }
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of the cases is there");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}
