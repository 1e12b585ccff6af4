//! What happened in a run, for a person to read when something is wrong.

use std::fmt::Write as _;

use commerce_sandbox::Logged;

use crate::campaign::play::Played;
use crate::campaign::sandbox_state;
use crate::campaign::workspace::Workspace;
use crate::campaign::world::World;

/// The transcript of a run.
pub struct Transcript {
    seed: u64,
    text: String,
    violations: Vec<String>,
}

impl Transcript {
    /// Begins with the world.
    pub fn new(seed: u64, world: &World, workspace: &Workspace) -> Self {
        let mut text = format!("seed {seed}\n\n-- inventory.yaml\n{}\n", world.inventory);
        // A String takes every write.
        let _ = writeln!(text, "-- targets.yaml\n{}", world.targets("http://shop"));
        let _ = writeln!(text, "-- {:?}", world.options);
        let disabled: Vec<&String> = world
            .seed
            .sources
            .iter()
            .filter(|s| !s.enabled)
            .map(|s| &s.source_code)
            .collect();
        let _ = writeln!(text, "-- disabled: {disabled:?}\n-- links");
        for ((stock, code), priority) in sandbox_state::table(&workspace.shop) {
            let _ = writeln!(text, "   {stock} {code} {priority}");
        }
        Self {
            seed,
            text,
            violations: Vec::new(),
        }
    }

    /// Goes on with a command.
    pub fn tell(&mut self, played: &Played<'_>, wrong: Vec<String>) {
        let step = played.step;
        let ended = played.ended;
        let _ = writeln!(
            self.text,
            "\n== {} {} -> {:?}{}{}\n   interrupt {:?}, settles {}\n   {}",
            step.command.name(),
            step.arguments.join(" "),
            ended.code,
            if ended.killed { " killed" } else { "" },
            if ended.hung { " HUNG" } else { "" },
            step.interrupt,
            step.settles,
            serde_json::to_string(&step.schedule).unwrap_or_default(),
        );
        for logged in played.log {
            let _ = writeln!(self.text, "   {}", line(logged));
        }
        if !wrong.is_empty() {
            let _ = writeln!(
                self.text,
                "-- stdout\n{}\n-- stderr\n{}",
                ended.stdout, ended.stderr
            );
        }
        self.violated(wrong);
    }

    /// Takes note of what was violated.
    pub fn violated(&mut self, wrong: Vec<String>) {
        self.violations.extend(wrong);
    }

    /// True if anything was violated.
    pub fn is_violated(&self) -> bool {
        !self.violations.is_empty()
    }

    /// The whole of it.
    pub fn render(&self) -> String {
        let mut told = self.text.clone();
        for violation in &self.violations {
            let _ = writeln!(told, "VIOLATED: {violation}");
        }
        let _ = writeln!(told, "replay: --only {}", self.seed);
        told
    }
}

fn line(logged: &Logged) -> String {
    let links: Vec<String> = logged
        .links
        .iter()
        .map(|link| {
            format!(
                "{}/{} {:?}->{:?}",
                link.stock_id, link.source_code, link.before, link.after
            )
        })
        .collect();
    let page = logged
        .query
        .split("current_page%5D=")
        .nth(1)
        .or(logged.query.split("current_page]=").nth(1));
    let page = page.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    format!(
        "#{} {} {:?} {} {}{} {} {}{} {}",
        logged.order,
        logged
            .request
            .map_or("-".to_owned(), |number| format!("r{number}")),
        logged.actor,
        logged.method,
        logged.path.rsplit("/V1/").next().unwrap_or_default(),
        page.map_or(String::new(), |page| format!(" p{page}")),
        logged.status,
        if logged.committed { "committed " } else { "" },
        logged.faults.join("+"),
        links.join(", "),
    )
}
