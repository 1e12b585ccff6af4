//! `fmt`: inventory files in canonical form.

use std::path::{Path, PathBuf};

use clap::Args;
use similar::TextDiff;
use spanned_yaml::MAX_BYTES;
use spanned_yaml::diag::{InputFiles, visible};

use crate::cli::args::path_args::PathArgs;
use crate::cli::input::files::read_files;
use crate::cli::output::printer::Printer;
use crate::disk;
use crate::run::{Exit, Failure};
use crate::spec::{FormatError, format};

/// Write inventory files in canonical form; `-` is standard input. Comments stay.
#[derive(Debug, Args)]
#[command(after_help = "\
Canonical form: two blanks a level; keys in the order of the documentation; lists in one line where they fit and have no
comments, else one entry a line; quotes only where they are needed; a blank line between the parts.

Examples:
  stocktake fmt
  stocktake fmt --check inventory.yaml stocks/   exit code 2 when a file would change
  stocktake fmt - < inventory.yaml               from standard input to standard output")]
pub(crate) struct FmtArgs {
    #[command(flatten)]
    files: PathArgs,
    /// Write nothing. List the files that would change and exit with 2 if there are any.
    #[arg(long)]
    check: bool,
    /// Write nothing. Show the changes and exit with 2 if there are any.
    #[arg(long)]
    diff: bool,
}

pub(crate) fn run(args: &FmtArgs, printer: &Printer) -> Result<Exit, Failure> {
    let paths = args.files.all();
    let is_stream = paths.iter().any(|path| path == Path::new("-"));
    let files = if is_stream {
        standard_input(&paths)?
    } else {
        read_files(&paths, printer)?
    };
    let changed = changed(&files)?;
    if args.check || args.diff {
        return shown(&changed, args, printer);
    }
    if is_stream {
        let text = changed.into_iter().next().map(|change| change.new);
        let old = files.iter().next().map(|(_, file)| file.text.clone());
        printer.language(&text.or(old).unwrap_or_default())?;
        return Ok(Exit::Done);
    }
    let changes = changed.iter();
    let changes = changes.map(|change| (Path::new(change.path), change.new.as_str()));
    for message in rewritten(changes, &paths)? {
        printer.note(&message);
    }
    Ok(Exit::Done)
}

/// Rewrites files that were found at or under those paths, if all of them may be written. Returns a message for each.
pub(crate) fn rewritten<'a>(
    texts: impl Iterator<Item = (&'a Path, &'a str)>,
    named: &[PathBuf],
) -> Result<Vec<String>, Failure> {
    let unwritable = |path: &'a Path| move |error| Failure::unwritable(path, &error);
    let placed = texts.map(|(path, text)| {
        let real = disk::edited(path, named).map_err(unwritable(path))?;
        Ok((path, real, text))
    });
    let placed: Vec<_> = placed.collect::<Result<_, Failure>>()?;
    let written = placed.into_iter().map(|(path, real, text)| {
        disk::replace(&real, text).map_err(unwritable(path))?;
        let shown = path.display();
        Ok(if path.is_symlink() {
            format!("Wrote {}, which {shown} leads to.", real.display())
        } else {
            format!("Wrote {shown}.")
        })
    });
    written.collect()
}

/// A file that is not in canonical form.
struct Change<'a> {
    path: &'a str,
    old: &'a str,
    new: String,
}

fn standard_input(paths: &[PathBuf]) -> Result<InputFiles, Failure> {
    if paths.len() > 1 {
        return Err(Failure::usage(
            "`-` stands alone: standard input and files cannot be mixed",
        ));
    }
    let bytes = disk::read_stream(std::io::stdin().lock(), MAX_BYTES as u64)
        .map_err(|error| Failure::error("standard input cannot be read").caused_by(&error))?;
    let mut files = InputFiles::default();
    files.add_bytes("<stdin>", bytes);
    Ok(files)
}

/// The files that are not in canonical form. If one has errors, none is written.
fn changed(files: &InputFiles) -> Result<Vec<Change<'_>>, Failure> {
    let mut changed = Vec::new();
    let mut findings = Vec::new();
    for (id, file) in files.iter() {
        match format(files, id) {
            Ok(new) if new == file.text => {}
            Ok(new) => changed.push(Change {
                path: &file.path,
                old: &file.text,
                new,
            }),
            Err(FormatError::Findings(found)) => findings.extend(found),
            Err(error @ FormatError::NoCanonicalForm) => {
                return Err(Failure::error(format!("{}: {error}", file.path)).hint("nothing was written"));
            }
        }
    }
    if findings.is_empty() {
        return Ok(changed);
    }
    Err(Failure::findings(
        "the files cannot be formatted",
        findings,
        files.clone(),
    ))
}

fn shown(changed: &[Change<'_>], args: &FmtArgs, printer: &Printer) -> Result<Exit, Failure> {
    for change in changed {
        if args.diff {
            let diff = TextDiff::from_lines(change.old, &change.new);
            let mut diff = diff.unified_diff();
            let diff = diff.header(change.path, change.path).to_string();
            let lines = diff
                .lines()
                .map(|line| visible(line.trim_end_matches('\r')) + "\n");
            printer.result(&lines.collect::<String>())?;
        } else {
            printer.result(&format!("{}\n", change.path))?;
        }
    }
    let is_formatted = changed.is_empty();
    Ok(if is_formatted { Exit::Done } else { Exit::Changes })
}
