//! Who may import whom.

use crate::scan::Source;

/// What a module may import of ours.
enum May {
    /// Nothing.
    Nothing,
    /// These modules.
    Modules(&'static [&'static str]),
    /// Everything.
    Everything,
}

/// The flow of architecture.md: no arrow goes back.
const TABLE: [(&str, May); 15] = [
    ("main", May::Modules(&["cli"])),
    ("lib", May::Nothing),
    ("diag", May::Nothing),
    ("disk", May::Nothing),
    ("model", May::Nothing),
    ("sandbox", May::Modules(&["disk"])),
    ("yaml", May::Modules(&["diag"])),
    ("target", May::Modules(&["diag", "disk", "model", "yaml"])),
    ("spec", May::Modules(&["diag", "model", "yaml"])),
    ("reconcile", May::Modules(&["diag", "model", "spec"])),
    ("commerce", May::Modules(&["target", "model", "reconcile"])),
    (
        "adopt",
        May::Modules(&["diag", "model", "reconcile", "spec", "yaml"]),
    ),
    (
        "engine",
        May::Modules(&[
            "adopt",
            "commerce",
            "diag",
            "disk",
            "model",
            "reconcile",
            "spec",
            "target",
        ]),
    ),
    ("report", May::Modules(&["diag", "engine", "model", "reconcile"])),
    ("cli", May::Everything),
];

/// Where only some names of a module may be imported: importer, imported, names.
const ONLY: [(&str, &str, &[&str]); 1] = [(
    "commerce",
    "reconcile",
    &["ApprovedPlan", "Call", "LinkKey", "LinkWrite"],
)];

/// What a file imports and may not.
pub fn check(source: &Source) -> Vec<String> {
    let file = &source.file;
    let Some((_, may)) = TABLE.iter().find(|(module, _)| *module == source.module()) else {
        return vec![format!(
            "{file}: the module `{}` is not in the table",
            source.module()
        )];
    };
    let mut wrong = Vec::new();
    for import in of_ours(source) {
        if import
            .first()
            .is_none_or(|name| !TABLE.iter().any(|(module, _)| module == name))
        {
            wrong.push(format!(
                "{file}: `{}` names no module, which hides who depends on whom",
                import.join("::")
            ));
        } else if !is_allowed(source.module(), may, &import) {
            wrong.push(format!(
                "{file}: {} may not import {}",
                source.module(),
                import.join("::")
            ));
        }
    }
    if source.module() == "lib" && source.paths.iter().any(|path| path.names == ["use"]) {
        wrong.push(format!(
            "{file}: a name at the root of the crate hides where it comes from"
        ));
    }
    wrong
}

/// The names after the root of the crate, however it is named.
fn of_ours(source: &Source) -> Vec<Vec<String>> {
    let from_root = source.paths.iter().filter_map(|path| {
        let names = path
            .names
            .strip_prefix(&["self".to_owned()][..])
            .unwrap_or(&path.names);
        let steps = names.iter().take_while(|name| *name == "super").count();
        match names.first().map(String::as_str) {
            Some("crate" | "stocktake") => Some(names[1..].to_vec()),
            Some("super") if steps == source.depth() + path.inside => Some(names[steps..].to_vec()),
            _ => None,
        }
    });
    from_root.collect()
}

fn is_allowed(from: &str, may: &May, import: &[String]) -> bool {
    let to = import[0].as_str();
    let module = to == from
        || match may {
            May::Nothing => false,
            May::Modules(modules) => modules.contains(&to),
            May::Everything => true,
        };
    let name = import.get(1).map_or("", String::as_str);
    let restricted = ONLY.iter().find(|only| (only.0, only.1) == (from, to));
    module && restricted.is_none_or(|(_, _, names)| names.contains(&name))
}

/// How many violations a file of that name and text has.
fn violations(file: &str, text: &str) -> usize {
    check(&Source::new(file, text)).len()
}

#[test]
fn planted_imports_are_found() {
    for (file, text) in [
        ("src/diag/mod.rs", "use crate::model::fold;"),
        ("src/model/code.rs", "use crate::{diag::Span};"),
        ("src/model/code.rs", "fn f() { crate::spec::load() }"),
        ("src/model/code.rs", "use super::super::diag::Span;"),
        ("src/model/mod.rs", "use super::diag::Span;"),
        ("src/model/mod.rs", "mod tests { use super::super::diag::Span; }"),
        (
            "src/spec/mod.rs",
            "#[cfg(test)] mod tests { use crate::engine::apply; }",
        ),
        ("src/spec/lower/link.rs", "use crate::reconcile::Plan;"),
        (
            "src/reconcile/plan.rs",
            "use crate::{diag::Place, commerce::{Reader, Writer}};",
        ),
        (
            "src/reconcile/plan.rs",
            "type R = Box<dyn Fn(crate::commerce::Reader)>;",
        ),
        ("src/sandbox/routes.rs", "use crate::commerce::wire::Link;"),
        ("src/commerce/read.rs", "use crate::engine::Observer;"),
        ("src/commerce/write.rs", "use crate::reconcile::Plan;"),
        ("src/commerce/write.rs", "use crate::reconcile;"),
        ("src/commerce/write.rs", "use crate::reconcile::*;"),
        ("src/engine/apply.rs", "use crate::report::Report;"),
        ("src/report/text.rs", "use crate::commerce::Reader;"),
        ("src/target.rs", "use crate::commerce::Reader;"),
        ("src/target.rs", "use super::commerce::Reader;"),
        ("src/main.rs", "fn main() { stocktake::engine::apply() }"),
        ("src/lib.rs", "pub mod cli; pub use cli::run;"),
        ("src/report/text.rs", "use crate::{self as ours};"),
        ("src/report/text.rs", "use crate::*;"),
        ("src/report/text.rs", "use crate::Writer;"),
        ("src/helpers/mod.rs", ""),
        ("src/helpers.rs", ""),
    ] {
        assert!(violations(file, text) > 0, "{file}: {text}");
    }
}

#[test]
fn what_may_be_imported_is_not_found() {
    for (file, text) in [
        (
            "src/reconcile/diff.rs",
            "use super::change::Change; use crate::{diag::Place, model, spec::*};",
        ),
        (
            "src/reconcile/diff.rs",
            "mod tests { use super::super::commerce::x; use super::diff; }",
        ),
        (
            "src/target.rs",
            "use crate::diag::Diagnostic; mod tests { use super::Target; }",
        ),
        (
            "src/commerce/write.rs",
            "use crate::reconcile::{ApprovedPlan, Call}; use crate::target::Target;",
        ),
        (
            "src/spec/mod.rs",
            "// crate::engine\nconst A: &str = \"crate::engine::apply\";",
        ),
        (
            "src/cli/mod.rs",
            "use crate::{engine::apply, sandbox, commerce::Writer};",
        ),
        (
            "src/main.rs",
            "fn main() -> std::process::ExitCode { stocktake::cli::run() }",
        ),
        ("src/lib.rs", "//! use crate::cli\npub mod cli;"),
    ] {
        assert_eq!(violations(file, text), 0, "{file}: {text}");
    }
}
