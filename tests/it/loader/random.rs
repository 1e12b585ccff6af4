//! Whatever the bytes, the loaders end with a word and not with a panic, and say the same twice.

use proptest::prelude::*;
use spanned_yaml::diag::{DiagnosticsJson, InputFiles, Style, render};
use stocktake::{spec, target};

const INVENTORY: &str = include_str!("../../../inventory.yaml");
const TARGETS: &str = include_str!("targets.yaml");

/// Pieces that mean something to YAML or to us.
pub const PIECES: [&str; 47] = [
    "version: 1\n",
    "sources:\n",
    "stocks:\n",
    "  - ",
    "- ",
    "name: ",
    "code: ",
    "priority: ",
    "groups:\n",
    "group: ",
    "x-",
    "targets:\n",
    "auth: ",
    "bearer: ",
    "env: ",
    "reindex: ",
    "run: ",
    "http: ",
    "url: ",
    "headers: ",
    "timeout: ",
    "{",
    "}",
    "[",
    "]",
    ",",
    ": ",
    "? ",
    "&a ",
    "*a",
    "!!str ",
    "!x ",
    "|\n",
    ">-\n",
    "'",
    "\"",
    "\\",
    "#",
    "\n",
    "\r\n",
    "\t",
    " ",
    "hq",
    "65535",
    "~",
    "\u{feff}",
    "é",
];

/// Reads the bytes by both loaders and draws what they find in every form.
fn read(bytes: &[u8]) -> (String, bool, bool) {
    let mut out = String::new();
    let mut files = InputFiles::default();
    files.add_bytes("file.yaml", bytes.to_vec());
    let inventory = spec::load(&files);
    let targets = target::load(&mut files);
    for found in [&inventory.diagnostics, &targets.diagnostics] {
        out += &render(found, &files, Style::Plain);
        out += &render(found, &files, Style::Coloured);
        out += &serde_json::to_string(&DiagnosticsJson::new(found, &files)).expect("findings are JSON");
    }
    (out, inventory.spec.is_some(), targets.targets.is_some())
}

fn holds(bytes: &[u8]) -> Result<(), TestCaseError> {
    let first = read(bytes);
    prop_assert_eq!(&first, &read(bytes));
    let (text, inventory, targets) = first;
    prop_assert!(!(inventory && targets));
    let complete = text.contains("error[") || inventory || targets;
    prop_assert!(complete, "neither used nor refused");
    Ok(())
}

/// A good file with some bytes cut out, put in or changed.
pub fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let cut = (
        any::<prop::sample::Index>(),
        0..9_usize,
        prop::collection::vec(any::<u8>(), 0..4),
    );
    let file = prop::sample::select(vec![INVENTORY, TARGETS]);
    (file, prop::collection::vec(cut, 1..6)).prop_map(|(file, cuts)| {
        let mut bytes = file.as_bytes().to_vec();
        for (at, length, new) in cuts {
            let start = at.index(bytes.len());
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, new);
        }
        bytes
    })
}

/// Pieces one behind the other.
pub fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        holds(&bytes)?;
    }

    #[test]
    fn any_text(text in "\\PC{0,200}") {
        holds(text.as_bytes())?;
    }

    #[test]
    fn pieces_of_yaml(text in pieces()) {
        holds(text.as_bytes())?;
    }

    #[test]
    fn good_files_with_mistakes(bytes in mutated()) {
        holds(&bytes)?;
    }
}
