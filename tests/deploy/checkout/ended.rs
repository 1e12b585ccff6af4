//! How a script ended: its exit code, output and workflow commands.

use std::collections::HashMap;

/// How a script ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code.
    pub code: i32,
    /// Standard output and error, one after the other.
    pub said: String,
    /// What it wrote for later steps.
    pub outputs: HashMap<String, String>,
    /// What it wrote for the summary of the run.
    pub summary: String,
}

impl Ended {
    /// Asserts the exit code; shows everything when it is another.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.said);
        self
    }

    /// Asserts that something was said.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.said.contains(words), "not said: {words}\n{}", self.said);
        self
    }

    /// The workflow commands that GitHub's runner carries out in what was said, as it looks for them: `::name::` at a line's start,
    /// `##[name]` anywhere, none between `stop-commands` and its word.
    pub fn commands(&self) -> Vec<&str> {
        let mut stopped: Option<&str> = None;
        let mut commands = Vec::new();
        for line in self.said.lines() {
            let at_start = line.trim_start().strip_prefix("::");
            let at_start = at_start.and_then(|rest| Some((&rest[..rest.find("::")?], rest)));
            let anywhere = line.find("##[").map(|at| &line[at + 3..]);
            let anywhere = anywhere.and_then(|rest| Some((&rest[..rest.find(']')?], rest)));
            let Some((head, rest)) = at_start.or(anywhere) else {
                continue;
            };
            match stopped {
                Some(word) if head == word => stopped = None,
                Some(_) => {}
                None if head == "stop-commands" => stopped = rest.strip_prefix("stop-commands::"),
                None => commands.push(line),
            }
        }
        assert_eq!(stopped, None, "the next step has its commands");
        commands
    }

    /// An output, empty where it was not written.
    pub fn output(&self, name: &str) -> &str {
        self.outputs.get(name).map_or("", String::as_str)
    }
}
