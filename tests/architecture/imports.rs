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

/// The crates of this workspace, which count as modules.
const CRATES: [&str; 3] = ["commerce_sandbox", "mysql_collation", "spanned_yaml"];

/// The flow of ARCHITECTURE.md: no arrow goes back.
const TABLE: [(&str, May); 12] = [
    ("main", May::Modules(&["cli"])),
    (
        "lib",
        May::Modules(&["reconcile", "report", "run", "spanned_yaml"]),
    ),
    ("disk", May::Nothing),
    ("model", May::Modules(&["mysql_collation"])),
    ("target", May::Modules(&["disk", "model", "spanned_yaml"])),
    (
        "spec",
        May::Modules(&["model", "mysql_collation", "spanned_yaml"]),
    ),
    ("reconcile", May::Modules(&["model", "spanned_yaml", "spec"])),
    ("commerce", May::Modules(&["target", "model", "reconcile"])),
    (
        "export",
        May::Modules(&["model", "reconcile", "spanned_yaml", "spec"]),
    ),
    (
        "run",
        May::Modules(&[
            "export",
            "commerce",
            "disk",
            "model",
            "reconcile",
            "spanned_yaml",
            "spec",
            "target",
        ]),
    ),
    (
        "report",
        May::Modules(&["run", "model", "reconcile", "spanned_yaml"]),
    ),
    ("cli", May::Everything),
];

/// Where only some names of a module may be imported: importer, imported, names.
const ONLY: [(&str, &str, &[&str]); 6] = [
    ("lib", "reconcile", &["Plan"]),
    ("lib", "report", &["ApplyReport"]),
    (
        "commerce",
        "reconcile",
        &["ApprovedPlan", "WriteBatch", "LinkKey", "LinkWrite"],
    ),
    ("reconcile", "spanned_yaml", &["diag", "rules"]),
    ("run", "spanned_yaml", &["diag"]),
    ("report", "spanned_yaml", &["diag"]),
];

/// What a file imports and may not.
pub fn check(source: &Source) -> Vec<String> {
    let file = &source.file;
    if !file.starts_with("src/") {
        // What another crate may import, its Cargo.toml says.
        return Vec::new();
    }
    let Some((_, may)) = TABLE.iter().find(|(module, _)| *module == source.module()) else {
        return vec![format!(
            "{file}: the module `{}` is not in the table",
            source.module()
        )];
    };
    let mut wrong = Vec::new();
    for import in of_ours(source) {
        if import.first().is_none_or(|name| {
            !CRATES.contains(&name.as_str()) && !TABLE.iter().any(|(module, _)| module == name)
        }) {
            wrong.push(format!(
                "{file}: `{}` names no module, which hides who depends on whom",
                import.join("::")
            ));
        } else if !is_allowed(&source.module(), may, &import) {
            wrong.push(format!(
                "{file}: {} may not import {}",
                source.module(),
                import.join("::")
            ));
        }
    }
    if source.module() == "lib" && source.paths.iter().any(|path| is_hidden(&path.names)) {
        wrong.push(format!(
            "{file}: a name at the root of the crate hides where it comes from"
        ));
    }
    wrong
}

/// Whether `lib` names a module without saying `crate`, so that the table does not see it. The tables of rules are no types.
fn is_hidden(names: &[String]) -> bool {
    let names = names.strip_prefix(&["self".to_owned()][..]).unwrap_or(names);
    let [module, .., name] = names else { return false };
    name != "RULES" && TABLE.iter().any(|(known, _)| known == module)
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
            Some(name) if CRATES.contains(&name) => Some(names.to_vec()),
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
        ("src/disk/mod.rs", "use mysql_collation::fold;"),
        ("src/model/code.rs", "use spanned_yaml::diag::Span;"),
        ("src/reconcile/plan.rs", "use spanned_yaml::Node;"),
        ("src/model/code.rs", "fn f() { crate::spec::load() }"),
        ("src/model/code.rs", "use super::super::spec::Spec;"),
        ("src/model/mod.rs", "use super::spec::Spec;"),
        ("src/model/mod.rs", "mod tests { use super::super::spec::Spec; }"),
        (
            "src/spec/mod.rs",
            "#[cfg(test)] mod tests { use crate::run::apply; }",
        ),
        ("src/spec/lower/link.rs", "use crate::reconcile::Plan;"),
        (
            "src/reconcile/plan.rs",
            "use crate::{model::Link, commerce::{Reader, Writer}};",
        ),
        (
            "src/reconcile/plan.rs",
            "type R = Box<dyn Fn(crate::commerce::Reader)>;",
        ),
        ("src/run/apply/run.rs", "use commerce_sandbox::Shop;"),
        ("src/commerce/read/reader.rs", "use crate::run::Observer;"),
        ("src/commerce/write/writer.rs", "use crate::reconcile::Plan;"),
        ("src/commerce/write/writer.rs", "use crate::reconcile;"),
        ("src/commerce/write/writer.rs", "use crate::reconcile::*;"),
        ("src/run/apply/run.rs", "use crate::report::Report;"),
        ("src/report/text.rs", "use crate::commerce::Reader;"),
        ("src/target.rs", "use crate::commerce::Reader;"),
        ("src/target.rs", "use super::commerce::Reader;"),
        ("src/main.rs", "fn main() { stocktake::run::apply() }"),
        ("src/lib.rs", "pub mod cli; pub use cli::run;"),
        ("src/lib.rs", "pub mod cli; pub use crate::cli::run;"),
        ("src/lib.rs", "pub use self::commerce::Writer;"),
        ("src/lib.rs", "pub use crate::reconcile::ApprovedPlan;"),
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
            "use super::change::Change; use spanned_yaml::diag::Place; use crate::{model, spec::*};",
        ),
        (
            "src/reconcile/diff.rs",
            "mod tests { use super::super::commerce::x; use super::diff; }",
        ),
        (
            "src/target.rs",
            "use spanned_yaml::diag::Diagnostic; mod tests { use super::Target; }",
        ),
        (
            "src/commerce/write/writer.rs",
            "use crate::reconcile::{ApprovedPlan, WriteBatch}; use crate::target::Target;",
        ),
        (
            "src/spec/mod.rs",
            "// crate::run\nconst A: &str = \"crate::run::apply\";",
        ),
        (
            "src/cli/mod.rs",
            "use commerce_sandbox::Shop; use crate::{run::apply, commerce::Writer};",
        ),
        (
            "src/main.rs",
            "fn main() -> std::process::ExitCode { stocktake::cli::run() }",
        ),
        ("src/lib.rs", "//! use crate::cli\npub mod cli;"),
        ("src/lib.rs", "pub use crate::run::Session;"),
    ] {
        assert_eq!(violations(file, text), 0, "{file}: {text}");
    }
}
