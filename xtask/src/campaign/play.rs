//! One run: a world, its day of faults, and the quiet day after it; everything is checked on the way.

use commerce_sandbox::chaos::Schedule;
use fastrand::Rng;

use crate::campaign::check::{self, Proofs};
use crate::campaign::overlap::overlap;
use crate::campaign::sandbox_state::{self, Table};
use crate::campaign::script::{self, Command, Step};
use crate::campaign::transcript::Transcript;
use crate::campaign::wanted::Owned;
use crate::campaign::workspace::{Ended, Workspace};
use crate::campaign::world::World;

/// The command by which the shop's cron rebuilds what is not valid.
const CRON: [&str; 2] = ["cron:run", "--group=index"];

/// Everything that is known of one command when it has ended.
pub struct Played<'a> {
    /// The world.
    pub world: &'a World,
    /// The command.
    pub step: &'a Step,
    /// How it ended.
    pub ended: &'a Ended,
    /// The log since the command began, late entries of earlier ones included.
    pub log: &'a [commerce_sandbox::Logged],
    /// The place in the log of the last entry before the command had ended.
    pub ended_at: u64,
    /// The links when it began.
    pub before: &'a Table,
    /// The number of the last request before it.
    pub requests_before: u64,
    /// The saved plan that this command applies, as the file said it when the command began.
    pub approved: Option<&'a serde_json::Value>,
    /// What it wants of the stocks that it owns.
    pub wish: &'a [Owned],
    /// What it stored of the stocks before it wrote, if it did.
    pub stored: Option<&'a [Owned]>,
    /// The document on standard output, if it is one.
    pub document: Option<&'a serde_json::Value>,
}

/// Numbers of a run, for the summary.
#[derive(Debug, Default, Clone)]
pub struct Numbers {
    /// How often each exit code came, by command.
    pub exits: std::collections::BTreeMap<String, u64>,
    /// How often each fault was played.
    pub faults: std::collections::BTreeMap<String, u64>,
    /// Commands.
    pub commands: u64,
    /// Processes that were killed.
    pub kills: u64,
    /// Link writes that were carried out.
    pub writes: u64,
    /// Link writes that began while another one of the same command was under way.
    pub overlapping: u64,
}

impl Numbers {
    /// Adds the numbers of another run.
    pub fn add(&mut self, other: Self) {
        self.commands += other.commands;
        self.kills += other.kills;
        self.writes += other.writes;
        self.overlapping += other.overlapping;
        for (name, count) in other.exits {
            *self.exits.entry(name).or_default() += count;
        }
        for (name, count) in other.faults {
            *self.faults.entry(name).or_default() += count;
        }
    }
}

/// What came of a run: its transcript, with what was violated in it.
pub struct Outcome {
    /// The transcript.
    pub transcript: Transcript,
    /// The numbers.
    pub numbers: Numbers,
}

/// A run under way.
pub struct Run<'a> {
    /// Its world.
    pub world: &'a World,
    /// The shop and the folder.
    pub workspace: Workspace,
    /// What has happened so far.
    pub transcript: Transcript,
    numbers: Numbers,
    proofs: Proofs,
}

/// Plays the run of a seed.
pub async fn play(seed: u64) -> std::io::Result<Outcome> {
    let mut rng = Rng::with_seed(seed);
    let world = World::new(&mut rng);
    let day = script::day(&mut rng, &world);
    let workspace = Workspace::new(&world).await?;
    let mut run = Run {
        transcript: Transcript::new(seed, &world, &workspace),
        world: &world,
        workspace,
        numbers: Numbers::default(),
        proofs: Proofs::default(),
    };
    for step in &day.steps {
        run.command(step).await?;
        if run.transcript.is_violated() {
            return Ok(run.end());
        }
    }
    if day.concurrent {
        run.concurrent().await?;
    }
    run.next_day().await?;
    Ok(run.end())
}

impl Run<'_> {
    /// Runs one command and checks what it did and said.
    async fn command(&mut self, step: &Step) -> std::io::Result<Ended> {
        if step.command != Command::Apply {
            // Nobody can know of a write that is still on its way; apply alone must cope.
            self.settle();
        }
        if step.after_cron {
            self.workspace.shop.magento(&CRON);
        }
        let (order, requests_before) = self.so_far();
        let before = sandbox_state::table(&self.workspace.shop);
        let newest = self.workspace.pre_image();
        let back = newest.as_deref().map(|file| self.world.pre_image(file));
        let wish = match step.command {
            Command::Rollback => back.unwrap_or_default(),
            _ => self.world.owned.clone(),
        };
        let step = &step.fitting(&wish);
        let approved = self
            .workspace
            .saved_plan()
            .filter(|_| step.applies_a_saved_plan());
        let ended = self.workspace.run(step).await?;
        let ended_at = self
            .workspace
            .shop
            .log()
            .last()
            .map_or(order, |logged| logged.order);
        if step.settles {
            self.settle();
        }
        let log = self.workspace.log_after(order);
        let document = serde_json::from_str(&ended.stdout).ok();
        let stored = self
            .workspace
            .pre_image()
            .filter(|stored| Some(stored) != newest.as_ref());
        let stored = stored.map(|file| self.world.pre_image(&file));
        let played = Played {
            world: self.world,
            step,
            ended: &ended,
            log: &log,
            ended_at,
            before: &before,
            requests_before,
            approved: approved.as_ref(),
            wish: &wish,
            stored: stored.as_deref(),
            document: document.as_ref(),
        };
        let mut wrong = check::command(&played, &self.workspace);
        wrong.extend(self.proofs.take(&played, &self.workspace));
        wrong.extend(self.check_the_debt(step.command, &ended).await?);
        self.transcript.tell(&played, wrong);
        self.count(step, &ended, &log);
        Ok(ended)
    }

    /// The place of the last entry of the log, and the number of the last request.
    pub fn so_far(&self) -> (u64, u64) {
        let log = self.workspace.shop.log();
        let request = log.iter().filter_map(|logged| logged.request).max();
        (log.last().map_or(0, |logged| logged.order), request.unwrap_or(0))
    }

    /// A reindex that is owed by what the log shows is one that the state directory knows of.
    pub async fn check_the_debt(&self, command: Command, ended: &Ended) -> std::io::Result<Vec<String>> {
        let log = self.workspace.shop.log();
        let owed = !self.proofs.owed(&log).is_empty();
        if !owed || command == Command::Status {
            return Ok(Vec::new());
        }
        if ended.code == Some(0) && command.writes() && self.world.steps {
            return Ok(vec!["exit 0, and a reindex is owed by the log".to_owned()]);
        }
        let status = Step::quiet(Command::Status, Vec::new());
        let told = self.workspace.run(&status).await?;
        let document: serde_json::Value = serde_json::from_str(&told.stdout).unwrap_or_default();
        if document["reindex_owed"] == true {
            return Ok(Vec::new());
        }
        Ok(vec![format!(
            "a reindex is owed by the log, and status says {}\n{}",
            document["reindex_owed"], told.stderr
        )])
    }

    /// The day after: nothing disturbs any more, and everything must come right.
    async fn next_day(&mut self) -> std::io::Result<()> {
        self.settle();
        let apply = Step::quiet(Command::Apply, script::apply(&self.world.all_allowances()));
        let ended = self.command(&apply).await?;
        let mut wrong = Vec::new();
        if ended.code != Some(0) {
            wrong.push(format!("a quiet apply ends with {:?}", ended.code));
        }
        if !self
            .world
            .is_converged(&sandbox_state::table(&self.workspace.shop))
        {
            wrong.push("the links are not as wanted after a quiet apply".to_owned());
        }
        // A write that lands in a run of cron is forgotten by the shop for good: status goes on to say that it is owed.
        let others = sandbox_state::is_stale_by_others(&self.workspace.shop.log());
        if self.world.steps
            && !others
            && !sandbox_state::index_is_fresh(&self.workspace.shop, self.world.stocks())
        {
            wrong.push("the index is not what the links make of it after a quiet apply".to_owned());
        }
        let order = self.workspace.shop.log().last().map_or(0, |logged| logged.order);
        self.command(&apply).await?;
        if self
            .workspace
            .log_after(order)
            .iter()
            .any(sandbox_state::is_link_write)
        {
            wrong.push("a second quiet apply writes links".to_owned());
        }
        if !self.world.steps {
            wrong.extend(self.cron_day().await?);
        }
        self.transcript.violated(wrong);
        Ok(())
    }

    /// A quiet drift check finds out that the shop's cron has reindexed.
    async fn cron_day(&mut self) -> std::io::Result<Option<String>> {
        // Cron itself would pass over an index that a forgotten write has left valid and stale.
        self.workspace.shop.magento(&["indexer:reset", "inventory"]);
        self.workspace.shop.magento(&CRON);
        let ended = self.command(&Step::quiet(Command::Drift, Vec::new())).await?;
        let document: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap_or_default();
        Ok((document["reindex_owed"] != false)
            .then(|| "a quiet drift after cron has run says that a reindex is owed".to_owned()))
    }

    /// Lets everything come to its end that is still under way in the shop; from then on nothing disturbs.
    pub fn settle(&self) {
        self.workspace.shop.follow(Schedule::default());
        self.workspace.shop.settle();
    }

    /// Counts a command and what the log has of it.
    pub fn count(&mut self, step: &Step, ended: &Ended, log: &[commerce_sandbox::Logged]) {
        let numbers = &mut self.numbers;
        numbers.commands += 1;
        numbers.kills += u64::from(ended.killed);
        let code = ended.code.map_or("killed".to_owned(), |code| code.to_string());
        *numbers
            .exits
            .entry(format!("{} {code}", step.command.name()))
            .or_default() += 1;
        for logged in log {
            numbers.writes += u64::from(sandbox_state::is_link_write(logged) && logged.committed);
            for fault in &logged.faults {
                *numbers.faults.entry((*fault).to_owned()).or_default() += 1;
            }
        }
    }

    fn end(mut self) -> Outcome {
        let overlap = overlap(&self.workspace.folder.path().join(".stocktake"));
        self.numbers.overlapping = overlap.writes;
        self.transcript.violated(overlap.wrong);
        Outcome {
            transcript: self.transcript,
            numbers: self.numbers,
        }
    }
}
