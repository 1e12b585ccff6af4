//! Two applies at once on one state directory: one waits for the other, and no link is written twice.

use std::collections::BTreeMap;

use commerce_sandbox::Logged;
use serde_json::Value;

use crate::campaign::check;
use crate::campaign::play::{Played, Run};
use crate::campaign::sandbox_state::{self, Key, fold};
use crate::campaign::script::{self, Command, Step};
use crate::campaign::workspace::Ended;

impl Run<'_> {
    /// Starts two applies on a quiet shop, and checks what they did and said.
    pub async fn concurrent(&mut self) -> std::io::Result<()> {
        self.settle();
        let mut arguments = script::apply(&self.world.allowances);
        arguments.extend(["--lock-timeout", "50s"].map(str::to_owned));
        let step = Step::quiet(Command::Apply, arguments);
        let (order, requests_before) = self.so_far();
        let before = sandbox_state::table(&self.workspace.shop);
        let newest = self.workspace.pre_image();
        let both = self.workspace.run_twice(&step).await?;
        let (ended_at, _) = self.so_far();
        let log = self.workspace.log_after(order);
        let stored = self
            .workspace
            .pre_image()
            .filter(|stored| Some(stored) != newest.as_ref());
        let stored = stored.map(|file| self.world.pre_image(&file));
        let documents = both
            .each_ref()
            .map(|ended| serde_json::from_str(&ended.stdout).ok());
        let mut wrong = pair(&both, &documents, &log);
        for (ended, document) in both.iter().zip(&documents) {
            let played = Played {
                world: self.world,
                step: &step,
                ended,
                log: &log,
                ended_at,
                before: &before,
                requests_before,
                approved: None,
                wish: &self.world.owned,
                stored: stored.as_deref(),
                document: document.as_ref(),
            };
            wrong.extend(if changes(document.as_ref()) == 0 {
                check::words(&played, &self.workspace)
            } else {
                check::command(&played, &self.workspace)
            });
            wrong.extend(self.check_the_debt(step.command, ended).await?);
            self.transcript.tell(&played, std::mem::take(&mut wrong));
            self.count(&step, ended, &[]);
        }
        Ok(())
    }
}

/// What is wrong with the two together: they end alike, and the links that change are written once, by one of them.
fn pair(both: &[Ended; 2], documents: &[Option<Value>; 2], log: &[Logged]) -> Vec<String> {
    let mut wrong = Vec::new();
    let codes = both.each_ref().map(|ended| ended.code);
    if codes[0] != codes[1] || !matches!(codes[0], Some(0 | 3)) {
        wrong.push(format!("two applies at once on a quiet shop end with {codes:?}"));
    }
    let changed = documents
        .each_ref()
        .map(|document| changes(document.as_ref()) > 0);
    if changed == [true, true] && codes[0] == Some(0) {
        wrong.push("two applies at once both say that they changed links".to_owned());
    }
    let mut times: BTreeMap<Key, usize> = BTreeMap::new();
    let carried_out = log
        .iter()
        .filter(|logged| sandbox_state::is_link_write(logged) && logged.committed);
    for link in carried_out.flat_map(|logged| &logged.links) {
        *times.entry((link.stock_id, fold(&link.source_code))).or_default() += 1;
    }
    let twice = times.into_iter().filter(|(_, times)| *times > 1);
    wrong.extend(twice.map(|((stock, code), times)| format!("{stock}/{code} is written {times} times")));
    wrong
}

/// The number of changes a report tells of.
fn changes(document: Option<&Value>) -> usize {
    let stocks = document.and_then(|document| document["stocks"].as_array());
    let changes = stocks
        .into_iter()
        .flatten()
        .filter_map(|stock| stock["changes"].as_array());
    changes.map(Vec::len).sum()
}
