//! Every command of the pages is run, page by page from top to bottom, by the binary under test against sandboxes of its own.
//!
//! A fence says how its block is taken:
//!
//! | fence | taken as |
//! |---|---|
//! | `sh` | commands; their output is not shown, and not compared |
//! | `console` | commands behind `$ ` with the whole of their output; a line `…` stands for any lines |
//! | `crontab` | a command behind the five fields that say when |
//! | `LANGUAGE file: NAME` | a file that the reader writes |
//! | `LANGUAGE file-end: NAME` | what the reader adds to a file |
//! | `sh examples` | the examples of a command's help: `examples.rs` runs them, each in a folder that has what it names |
//! | `sh not-run: REASON` | commands that a test cannot run; `not_run.txt` lists them all |
//!
//! A command ends with 0, or with the code that its comment begins with: `# 2: there are changes`. `stocktake sandbox` is started
//! and stays; its address is replaced by a free one wherever the page names it, and `…` behind `=` by its token.
//!
//! Comments that no reader sees set the fixture: `<!-- test: new session -->` begins with an empty folder, `<!-- test: shop URL -->`
//! puts a demo shop behind an address, `<!-- test: folder PATH -->` takes the session's folder for that one, and `<!-- test: run` is
//! followed by commands.

mod checks;
mod compare;
mod examples;
mod names;
mod script;
mod shop;
mod workspace;

use snapbox::{assert_data_eq, file};

use super::page::{Block, COMMENT, Page, pages};
use script::{commands, transcript};
use workspace::Workspace;

/// Languages of blocks in which nothing is to be run.
const INERT: [&str; 6] = ["yaml", "json", "text", "mermaid", "toml", "Dockerfile"];

/// Plays a page, and says what went otherwise than it says.
fn play(page: &Page) -> Result<usize, String> {
    let mut workspace = Workspace::new();
    let mut run = 0;
    for block in &page.blocks {
        let place = format!("{}:{}", page.name, block.line);
        run += take(block, &mut workspace).map_err(|why| format!("{place}: {why}"))?;
    }
    Ok(run)
}

fn take(block: &Block, workspace: &mut Workspace) -> Result<usize, String> {
    if block.language == COMMENT {
        return stage(&block.text, workspace);
    }
    let commands = match (block.language.as_str(), block.remark.as_str()) {
        (_, remark) if remark.starts_with("file: ") || remark.starts_with("file-end: ") => {
            let (how, name) = remark.split_once(": ").expect("it has a colon");
            workspace.write(name, &block.text, how == "file-end")?;
            return Ok(0);
        }
        ("sh", remark) if not_run(remark).is_some() => return Ok(0),
        ("sh", "examples") => return examples::shown(&block.text).map(|()| 0),
        ("sh", "") => commands(&block.text)?,
        ("console", "") => transcript(&block.text)?,
        ("crontab", "") => script::scheduled(&block.text)?,
        (language, "") if INERT.contains(&language) => return Ok(0),
        (language, remark) => {
            return Err(format!(
                "nobody knows whether to run a block of `{language} {remark}`; see tests/docs/session/mod.rs"
            ));
        }
    };
    for command in &commands {
        workspace.run(command)?;
    }
    Ok(commands.len())
}

/// Follows a comment that sets the fixture; others are none of ours.
fn stage(comment: &str, workspace: &mut Workspace) -> Result<usize, String> {
    let Some(output) = comment.strip_prefix("test: ") else {
        return Ok(0);
    };
    match output.split_once(char::is_whitespace).unwrap_or((output, "")) {
        ("new", "session") => *workspace = Workspace::new(),
        ("shop", address) => workspace.shop(address)?,
        ("folder", path) => workspace.folder(path),
        ("run", text) => {
            for command in &commands(text)? {
                workspace.run(command)?;
            }
        }
        _ => return Err(format!("no such fixture: {output}")),
    }
    Ok(0)
}

/// Why a block is not run, if it is not.
fn not_run(remark: &str) -> Option<&str> {
    let reason = remark.strip_prefix("not-run: ")?;
    (!reason.trim().is_empty()).then_some(reason)
}

/// Plays every page, each on a thread of its own.
#[test]
fn every_command_runs_as_its_page_says() {
    let pages = pages();
    let played: Vec<Result<usize, String>> = std::thread::scope(|scope| {
        let playing: Vec<_> = pages.iter().map(|page| scope.spawn(|| play(page))).collect();
        let ended = playing.into_iter().map(|one| one.join().expect("no page panics"));
        ended.collect()
    });
    let wrong: Vec<&str> = played
        .iter()
        .filter_map(|played| played.as_ref().err().map(String::as_str))
        .collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n\n"));
    let run: usize = played.into_iter().flatten().sum();
    assert!(run >= 50, "only {run} commands were found");
}

/// Nobody hides a command from the test above: those that it does not run are these.
#[test]
fn what_is_not_run_is_listed_with_its_reason() {
    let mut output = String::new();
    for page in pages() {
        for block in &page.blocks {
            if let Some(reason) = not_run(&block.remark) {
                let lines = block.text.lines().filter(|line| !line.trim().is_empty());
                let lines: String = lines.flat_map(|line| ["    ", line, "\n"]).collect();
                output += &[&page.name, ": ", reason, "\n", &lines].concat();
            }
        }
    }
    print!("{output}");
    assert_data_eq!(output, file!["not_run.txt"]);
}
