//! Which file writes to the standard streams: a write that fails must not end a run in the middle of its work.

use crate::scan::Source;

/// The files that may name a standard stream, each with its reason.
const MAY_NAME: [(&str, &str); 3] = [
    (
        "src/cli/output/streams.rs",
        "writes, and copes with what cannot be written",
    ),
    ("src/cli/output/printer.rs", "asks whether they are terminals"),
    ("src/cli/environment.rs", "asks how wide the terminal is"),
];

/// The macros that write to a standard stream, and panic where they cannot.
const MACROS: [&str; 5] = ["dbg", "eprint", "eprintln", "print", "println"];

/// The streams; `inherit` hands ours to a program.
const STREAMS: [&str; 4] = ["Stderr", "Stdout", "stderr", "stdout"];

/// Methods of others that write to a standard stream and panic where they cannot.
const METHODS: [&str; 2] = ["set_tab_width", "suspend"];

/// What a file names of the streams, if it may not.
pub fn check(source: &Source) -> Vec<String> {
    let macros = source.macros.iter();
    let macros = macros.filter(|name| MACROS.contains(&name.as_str()));
    let mut found: Vec<String> = macros.map(|name| format!("{name}!")).collect();
    let methods = source.methods.iter();
    let methods = methods.filter(|name| METHODS.contains(&name.as_str()));
    found.extend(methods.map(|name| format!(".{name}(")));
    if !MAY_NAME.iter().any(|(file, _)| *file == source.file) {
        let paths = source.paths.iter().map(|path| &path.names);
        let streams = paths.filter(|names| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            matches!(names.as_slice(), [.., "io" | "anstream", stream] if STREAMS.contains(stream))
        });
        found.extend(streams.map(|names| names.join("::")));
    }
    found
        .into_iter()
        .map(|what| format!("{}: `{what}`", source.file))
        .collect()
}
