//! What happens to a world: commands one after the other, the faults that each meets, and who interrupts them.

use commerce_sandbox::chaos::Schedule;
use fastrand::Rng;

use crate::campaign::faults::{interrupt, schedule, spoil_writes};
use crate::campaign::wanted::Owned;
use crate::campaign::world::World;

/// One command with its faults.
#[derive(Debug, Clone)]
pub struct Step {
    /// What is run.
    pub command: Command,
    /// The arguments.
    pub arguments: Vec<String>,
    /// The faults that it meets.
    pub schedule: Schedule,
    /// What is done when a request of it is held.
    pub interrupt: Interrupt,
    /// True if the shop's cron runs right before.
    pub after_cron: bool,
    /// True if late writes and index runs come to their end before the next command.
    pub settles: bool,
}

/// The commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// `plan`
    Plan,
    /// `apply`
    Apply,
    /// `reindex`
    Reindex,
    /// `status`
    Status,
    /// `drift`
    Drift,
    /// `rollback`
    Rollback,
}

/// What is done when a request is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interrupt {
    /// Nothing: it is let go.
    None,
    /// kill -9; whether the server then carries the request out.
    Kill {
        /// It does.
        carried_out: bool,
    },
    /// One signal, then the request is let go.
    Signal(Signal),
    /// Both signals, one right after the other.
    TwoSignals,
}

/// A signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Signal {
    /// Its name for `kill`.
    pub fn flag(self) -> &'static str {
        match self {
            Self::Interrupt => "-INT",
            Self::Terminate => "-TERM",
        }
    }

    /// The exit code that stands for it.
    pub fn exit(self) -> i32 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }
}

impl Command {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Apply => "apply",
            Self::Reindex => "reindex",
            Self::Status => "status",
            Self::Drift => "drift",
            Self::Rollback => "rollback",
        }
    }

    /// True if it writes links.
    pub fn writes(self) -> bool {
        matches!(self, Self::Apply | Self::Rollback)
    }
}

impl Step {
    /// The same without the allowances of stocks that are not wanted by that: nobody may name one that is not there.
    pub fn fitting(&self, wish: &[Owned]) -> Self {
        let mut arguments: Vec<String> = Vec::new();
        for argument in &self.arguments {
            let names = argument.split_once('=').map(|(_, stock)| stock);
            if names.is_none_or(|stock| wish.iter().any(|wanted| wanted.name == stock)) {
                arguments.push(argument.clone());
            } else {
                // The `--allow` before it.
                arguments.pop();
            }
        }
        Self {
            arguments,
            ..self.clone()
        }
    }

    /// A command that nothing disturbs.
    pub fn quiet(command: Command, arguments: Vec<String>) -> Self {
        Self {
            command,
            arguments,
            schedule: Schedule::default(),
            interrupt: Interrupt::None,
            after_cron: false,
            settles: true,
        }
    }

    /// True if it compares the index with the links.
    pub fn proves_the_index(&self) -> bool {
        self.arguments.iter().any(|argument| argument == "index")
    }

    /// True if it applies a plan that was saved before.
    pub fn applies_a_saved_plan(&self) -> bool {
        self.command == Command::Apply && self.arguments.iter().any(|argument| argument == SAVED)
    }

    fn new(rng: &mut Rng, world: &World) -> Self {
        let command = match rng.u8(0..11) {
            0 => Command::Plan,
            1 => Command::Reindex,
            2 => Command::Status,
            3 => Command::Drift,
            // There it is drift that finds out whether cron has run.
            4..=6 if !world.steps => Command::Drift,
            _ => Command::Apply,
        };
        let arguments = match command {
            Command::Plan => plan(world, rng),
            Command::Apply => flags(rng, apply(&world.allowances)),
            Command::Drift => flags(rng, Vec::new()),
            Command::Reindex | Command::Status | Command::Rollback => Vec::new(),
        };
        Self::with(rng, world, command, arguments)
    }

    fn with(rng: &mut Rng, world: &World, command: Command, arguments: Vec<String>) -> Self {
        let mut schedule = schedule(rng);
        if command.writes() {
            spoil_writes(rng, world.is_wide, &mut schedule);
        }
        let interrupt = interrupt(rng, world.is_wide, command, &mut schedule);
        Self {
            command,
            arguments,
            schedule,
            interrupt,
            after_cron: !world.steps && rng.bool(),
            settles: rng.u8(0..3) > 0,
        }
    }
}

/// The name of a saved plan.
pub const SAVED: &str = "plan.json";

/// A day: commands one after the other, and whether two applies at once end it.
pub struct Day {
    /// The commands.
    pub steps: Vec<Step>,
    /// True if two applies at once end it.
    pub concurrent: bool,
}

/// Draws a day. Now and then the first command saves a plan and another one applies it; now and then the last one goes
/// back to what was before.
pub fn day(rng: &mut Rng, world: &World) -> Day {
    let mut day: Vec<Step> = (0..rng.usize(1..=3)).map(|_| Step::new(rng, world)).collect();
    if rng.u8(0..4) == 0 {
        let mut save = plan(world, rng);
        save.extend(["--out".to_owned(), SAVED.to_owned()]);
        let saved = vec![SAVED.to_owned(), "--yes".to_owned()];
        let saved = flags(rng, saved);
        // The other way round they would have nothing to do with each other.
        day.truncate(rng.usize(0..=1));
        day.insert(0, Step::with(rng, world, Command::Plan, save));
        day.push(Step::with(rng, world, Command::Apply, saved));
    }
    if rng.u8(0..4) == 0 {
        // Before anything was applied there is nothing to go back to.
        if day.iter().all(|step| step.command != Command::Apply) {
            let arguments = flags(rng, apply(&world.allowances));
            day.push(Step::with(rng, world, Command::Apply, arguments));
        }
        let back = flags(rng, apply(&world.allowances));
        day.push(Step::with(rng, world, Command::Rollback, back));
    }
    Day {
        steps: day,
        concurrent: rng.u8(0..4) == 0,
    }
}

/// Adds flags of an apply or a drift.
fn flags(rng: &mut Rng, mut arguments: Vec<String>) -> Vec<String> {
    if rng.u8(0..3) == 0 && arguments.iter().any(|argument| argument == "--yes") {
        arguments.push("--keep-going".to_owned());
    }
    if rng.u8(0..3) == 0 {
        arguments.extend(["--prove".to_owned(), "index".to_owned()]);
    }
    arguments
}

/// The arguments of an apply that asks nobody.
pub fn apply(allowances: &[String]) -> Vec<String> {
    let mut arguments = vec!["--yes".to_owned()];
    for allowance in allowances {
        arguments.extend(["--allow".to_owned(), allowance.clone()]);
    }
    arguments
}

fn plan(world: &World, rng: &mut Rng) -> Vec<String> {
    let mut arguments = apply(&world.allowances).split_off(1);
    if rng.bool() {
        arguments.push("--detailed-exitcode".to_owned());
    }
    arguments
}
