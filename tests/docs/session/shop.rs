//! A sandbox that a page has started: a process that ends with this value.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

/// Where a sandbox listens when nothing is said.
const USUAL: &str = "127.0.0.1:8080";

/// The address that a call of `stocktake sandbox` names, and the call with a free one in its place.
pub fn freed(call: &str) -> Result<(String, String), String> {
    let words = shlex::split(call.trim_end_matches('&')).ok_or("these are no words")?;
    let mut words = words.iter().map(String::as_str);
    let (mut named, mut others) = (USUAL, Vec::new());
    while let Some(word) = words.next() {
        if word == "--listen" {
            named = words.next().ok_or("no address")?;
        } else {
            others.push(word);
        }
    }
    let others = shlex::try_join(others).map_err(|error| error.to_string())?;
    let script = format!("exec 2>&1; exec {others} --listen 127.0.0.1:0");
    Ok((named.to_owned(), script))
}

/// A running sandbox.
#[derive(Debug)]
pub struct Shop {
    /// What the page calls it: an address of loopback, or a URL that is nobody's.
    pub named: String,
    /// Where it listens, in place of that.
    pub stands_at: String,
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Shop {
    /// Waits for the line by which a sandbox says where it listens.
    pub fn start(named: &str, mut command: Command) -> Result<Self, String> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let output = child.stdout.take().ok_or("its output is piped")?;
        let mut shop = Self {
            named: named.to_owned(),
            stands_at: String::new(),
            child,
            output: BufReader::new(output),
        };
        let line = shop.line()?;
        let url = line.trim_end();
        let address = url.strip_prefix("http://");
        let address = address.ok_or_else(|| format!("the sandbox did not start: {line}"))?;
        shop.stands_at
            .push_str(if named.contains("://") { url } else { address });
        Ok(shop)
    }

    /// The next line that it prints; empty at the end.
    pub fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        self.output
            .read_line(&mut line)
            .map_err(|error| error.to_string())?;
        Ok(line)
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        // One that has ended already needs no killing; waiting takes it off the process table.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
