//! Blocks of a page in their commands, each with what the page says of how it ends.

/// A command of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What is typed; may have several lines.
    pub text: String,
    /// The exit code.
    pub code: i32,
    /// What it prints, where the page shows that.
    pub output: Option<String>,
}

impl Command {
    fn new(text: String, output: Option<String>) -> Self {
        Self {
            code: code(&text).unwrap_or(0),
            text,
            output,
        }
    }
}

/// The exit code that the comment behind a command begins with, such as `# 2: there are changes`.
fn code(text: &str) -> Option<i32> {
    let (_, comment) = text.lines().next()?.rsplit_once(" # ")?;
    comment.split_once(':')?.0.trim().parse().ok()
}

/// The commands of a script: a line each, longer where a line ends with `\\` or a here-document begins.
pub fn commands(text: &str) -> Result<Vec<Command>, String> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let mut command = line.to_owned();
        while command.ends_with('\\') {
            let next = lines.next().ok_or("the last line goes on")?;
            command = command + "\n" + next;
        }
        if let Some(end) = here_document(&command) {
            loop {
                let next = lines
                    .next()
                    .ok_or_else(|| format!("no line {end} ends: {command}"))?;
                command = command + "\n" + next;
                if next == end {
                    break;
                }
            }
        }
        found.push(Command::new(command, None));
    }
    Ok(found)
}

/// The line that ends the here-document of a command, if it has one.
fn here_document(command: &str) -> Option<String> {
    let (_, end) = command.split_once("<<")?;
    let end = end.split_whitespace().next()?;
    Some(end.trim_matches(['\'', '"']).to_owned())
}

/// The commands of a transcript, behind `$ ` and for further lines `> `, with what they print.
pub fn transcript(text: &str) -> Result<Vec<Command>, String> {
    let mut found: Vec<Command> = Vec::new();
    let mut typing = false;
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            found.push(Command::new(command.to_owned(), Some(String::new())));
            typing = true;
            continue;
        }
        let last = found
            .last_mut()
            .ok_or_else(|| format!("this stands behind no `$ `: {line}"))?;
        match line.strip_prefix("> ") {
            Some(more) if typing => last.text = format!("{}\n{more}", last.text),
            _ => {
                typing = false;
                let output = last.output.get_or_insert_default();
                output.push_str(line);
                output.push('\n');
            }
        }
    }
    Ok(found)
}

/// The commands of a table of cron, without when they are run.
pub fn scheduled(text: &str) -> Result<Vec<Command>, String> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| at_their_times(line).map(|text| Command::new(text, None)))
        .collect()
}

fn at_their_times(line: &str) -> Result<String, String> {
    let mut rest = line.trim_start();
    for _ in 0..5 {
        let (field, more) = rest
            .split_once(char::is_whitespace)
            .ok_or_else(|| format!("five fields say when: {line}"))?;
        let known = |character: char| character.is_ascii_digit() || "*/,-".contains(character);
        if !field.chars().all(known) {
            return Err(format!("`{field}` says no time: {line}"));
        }
        rest = more.trim_start();
    }
    Ok(rest.to_owned())
}
