//! Findings as workflow commands, which GitHub shows as annotations on the lines of a pull request.

use std::collections::HashMap;
use std::fmt::Write as _;

use spanned_yaml::diag::{Place, joined, visible};

use super::{Finding, Level};

/// One command a line; findings of one level and title on one line of a file are one annotation, since GitHub shows
/// only ten of each level a step.
pub fn github(findings: &[Finding]) -> String {
    let mut annotations: Vec<(&Finding, Vec<&str>)> = Vec::new();
    let mut at_line: HashMap<Line<'_>, usize> = HashMap::new();
    for found in findings {
        let known = line(found).and_then(|line| at_line.get(&line).copied());
        if let Some((_, messages)) = known.and_then(|at| annotations.get_mut(at)) {
            messages.push(&found.message);
            continue;
        }
        if let Some(line) = line(found) {
            at_line.insert(line, annotations.len());
        }
        annotations.push((found, vec![&found.message]));
    }
    let mut out = String::new();
    for (found, messages) in annotations {
        write_command(&mut out, found, &messages);
    }
    out
}

/// Findings with the same level, title, file and line become one annotation.
type Line<'a> = (Level, &'a str, &'a str, u32);

fn line(found: &Finding) -> Option<Line<'_>> {
    let place = found.place.as_ref()?;
    Some((found.level, &found.title, &place.file, place.line))
}

fn write_command(out: &mut String, found: &Finding, messages: &[&str]) {
    let command = match found.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let mut properties = Vec::new();
    if let Some(Place { file, line, column }) = &found.place {
        properties.push(format!("file={}", property(&file_path(file))));
        properties.push(format!("line={line}"));
        if let Some((end_line, end_column)) = found.end {
            properties.push(format!("endLine={end_line}"));
            // The platform takes columns only when both lines are one, and the end for inclusive.
            if end_line == *line {
                properties.push(format!("col={column}"));
                properties.push(format!("endColumn={}", end_column.saturating_sub(1).max(*column)));
            }
        } else {
            properties.push(format!("col={column}"));
        }
    }
    properties.push(format!("title={}", property(&found.title)));
    let message = joined(messages.iter().flat_map(|text| text.lines()).map(data), "%0A");
    // Writing to a String cannot fail.
    let _ = writeln!(out, "::{command} {}::{message}", properties.join(","));
}

/// A path from the root of the repository, with slashes.
fn file_path(path: &str) -> String {
    let path = path.replace('\\', "/");
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}

/// A line of a message: a percent sign would be decoded, a line break would end the command.
fn data(line: &str) -> String {
    visible(line).replace('%', "%25")
}

/// A value of a property: separators are encoded too.
fn property(value: &str) -> String {
    data(value).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{Finding, Level, Place, github};

    fn found(title: &str, message: &str, column: u32) -> Finding {
        let (file, line) = ("./a,b.yaml".to_owned(), 3);
        Finding::new("r", Level::Warning, title, message, "").at(Some(Place { file, line, column }))
    }

    #[test]
    fn nothing_from_outside_ends_a_command_or_a_property() {
        let hostile = found("x,y::error::100%", "50 %\r::error::\u{1b}[2J\nsecond", 7);
        assert_eq!(
            github(&[hostile]),
            "::warning file=a%2Cb.yaml,line=3,col=7,title=x%2Cy%3A%3Aerror%3A%3A100%25::50 %25\\u{d}::error::\\u{1b}[2J%0Asecond\n"
        );
    }

    #[test]
    fn findings_of_one_line_are_one_annotation() {
        let out = github(&[found("S", "one", 1), found("T", "other", 2), found("S", "two", 9)]);
        assert_eq!(
            out,
            "::warning file=a%2Cb.yaml,line=3,col=1,title=S::one%0Atwo\n::warning file=a%2Cb.yaml,line=3,col=2,title=T::other\n"
        );
    }
}
