//! Checks the house's habits: short files, a first line that tells the job, and no name of the old private language.

use crate::scan::Source;

/// The most lines of a file.
const MOST_LINES: usize = 300;

/// The files that may be longer, each with its reason.
const LONGER: [(&str, &str); 2] = [
    ("src/target/scalar.rs", "the table of the scalars of a target"),
    (
        "crates/commerce-sandbox/src/generation.rs",
        "the table of the generations",
    ),
];

/// Names that only an insider knew, and what stands for them now. Everyday words are left out: they may stand for other things.
const OLD_NAMES: [(&str, &str); 37] = [
    ("Allowance", "GuardOverride"),
    ("Canon", "FormatStyle"),
    ("Chosen", "Selection"),
    ("Fate", "LinkResult"),
    ("FAREWELL", "SHUTDOWN_GRACE"),
    ("Guarded", "Sensitive"),
    ("Kept", "redacted"),
    ("Manner", "WriteArgs"),
    ("News", "Transition"),
    ("Proving", "IndexCheck"),
    ("Rehearsal", "sandbox"),
    ("Sheet", "TargetPlan"),
    ("Standing", "PlanStatus"),
    ("Telling", "Reporter"),
    ("Told", "Render"),
    ("Twice", "Duplicate"),
    ("Wish", "ApplyRequest"),
    ("carry_out", "apply_request"),
    ("desk", "workspace"),
    ("director", "fault_scheduler"),
    ("doomed", "failing_server"),
    ("doubtful", "unknown"),
    ("farewell", "shutdown_grace"),
    ("fate", "write_result"),
    ("kept", "redacted"),
    ("lock_out", "lockout"),
    ("manner", "write_args"),
    ("news", "transition"),
    ("patiently", "with_retries"),
    ("rebuilt", "reindex_output"),
    ("rehearsal", "sandbox"),
    ("scene", "engine_fixture"),
    ("sheet", "target_plan"),
    ("standing", "sandbox_process"),
    ("telling", "reporter"),
    ("turned_away", "gateway_hint"),
    ("whole_file", "atomic_write"),
];

/// What a file breaks of the habits that its text shows.
pub fn check(source: &Source, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lines = text.lines().count();
    if lines > MOST_LINES && !LONGER.iter().any(|(file, _)| *file == source.file) {
        found.push(format!("{}: {lines} lines, more than {MOST_LINES}", source.file));
    }
    if !text.starts_with("//! ") {
        found.push(format!(
            "{}: the first line does not tell the file's job",
            source.file
        ));
    }
    found
}

/// The old names that a file has, as its own name or as a name in its code.
pub fn old_names(source: &Source) -> Vec<String> {
    let parts = source.file.split('/').map(|part| part.trim_end_matches(".rs"));
    let names = source.idents.iter().map(String::as_str).chain(parts);
    let mut found: Vec<String> = OLD_NAMES
        .iter()
        .filter(|(old, _)| names.clone().any(|name| name == *old))
        .map(|(old, now)| format!("{}: `{old}` is now {now}", source.file))
        .collect();
    found.dedup();
    found
}

#[test]
fn planted_faults_are_found() {
    let long = format!("//! Reads.\n{}", "\n".repeat(MOST_LINES));
    for text in [long.as_str(), "use std::fs;\n", "\n//! Reads.\n"] {
        assert_eq!(
            check(&Source::new("src/spec/read.rs", text), text).len(),
            1,
            "{text:?}"
        );
    }
    let named = Source::new(
        "src/cli/manner.rs",
        "fn f() { let told = super::Fate::new(desk); }",
    );
    assert_eq!(old_names(&named).len(), 3, "{:?}", old_names(&named));
}

#[test]
fn what_is_right_is_not_found() {
    let text = "//! Reads. Its fate is told.\nfn f() -> &'static str { \"Wish\" }\n";
    let source = Source::new("src/spec/read.rs", text);
    assert_eq!(check(&source, text), [""; 0]);
    assert_eq!(old_names(&source), [""; 0]);
}
