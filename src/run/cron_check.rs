//! Checks whether the shop's cron has run a reindex that is owed, and records that it has.

use std::collections::BTreeMap;
use std::time::Duration;

use super::failure::Failure;
use super::index_check::IndexCheck;
use super::journal::{Journal, JournalError, Opening, OwedReindex, State};
use super::reindex::{IndexProof, Scope};
use super::session::Session;
use crate::model::{LiveState, StockId, StockName};
use crate::target::Prove;

/// The result of the check on a target that relies on the shop's cron.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CronCheck {
    /// What it comes to.
    pub result: CronResult,
    /// The index of the stocks that the reindex is owed for; `None` if it was not looked at.
    pub index: Option<IndexProof>,
}

/// Whether a reindex is still owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CronResult {
    /// The index shows the links of every stock that it was owed for. The journal says so: none is owed any more.
    Done,
    /// It shows those of some stocks, and the journal says so. For the others it is still owed.
    DoneInPart,
    /// It shows the links of some stocks or all, and the journal could not take note of it.
    NotRecorded(String),
    /// It shows the links of no stock that it is owed for.
    NotProven,
    /// A write may still take effect, so the index would prove nothing.
    InDoubt,
}

impl CronCheck {
    /// True if a reindex is still owed by the journal.
    pub fn is_owed(&self) -> bool {
        self.result != CronResult::Done
    }
}

/// Compares the index with links and source items where a target relies on cron and a reindex is owed; `None` elsewhere. Only
/// reads the shop.
///
/// The journal is read before the first request of the check, and must be the same after the last one: then no run has
/// written since, and what the index shows is younger than every write. The lock is held only to record the result, and
/// never waited for: another run may be at work.
pub async fn check_cron(session: &Session, live: &LiveState) -> Result<Option<CronCheck>, Failure> {
    if session.reindexer.has_steps() {
        return Ok(None);
    }
    let before = Journal::read_state(&session.state_dir, &session.rules.label)?;
    let Some(owed) = before.owed_reindex() else {
        return Ok(None);
    };
    if !before.open_writes().is_empty() {
        return Ok(Some(CronCheck {
            result: CronResult::InDoubt,
            index: None,
        }));
    }
    let scope = concerned(&owed, live);
    let recent = session.recent_writes()?;
    let check = IndexCheck::new(&Prove::Index, session.prove_timeout);
    let proof = check.prover(session, scope.clone()).look(&recent).await;
    let result = if proof.matching().is_empty() {
        CronResult::NotProven
    } else {
        match recorded(session, &before, &proof, &scope).await {
            Ok(result) => result,
            Err(error) => CronResult::NotRecorded(error.to_string()),
        }
    };
    Ok(Some(CronCheck {
        result,
        index: Some(proof),
    }))
}

/// Records what the index shows, unless another run is at work or has been since.
async fn recorded(
    session: &Session,
    before: &State,
    proof: &IndexProof,
    scope: &Scope,
) -> Result<CronResult, JournalError> {
    let opening = Opening {
        command: "drift",
        max_wait: Duration::ZERO,
    };
    let mut journal = Journal::open(&session.state_dir, &session.rules.label, opening, &()).await?;
    if journal.state() != before {
        let reason = "another run has written to the journal meanwhile".to_owned();
        return Ok(CronResult::NotRecorded(reason));
    }
    journal.cron_proven(proof, scope)?;
    Ok(if journal.owed() {
        CronResult::DoneInPart
    } else {
        CronResult::Done
    })
}

/// The stocks that a reindex is owed for; all but the Default Stock where that is unknown.
fn concerned(owed: &OwedReindex, live: &LiveState) -> Scope {
    let name = |id: StockId| {
        let stock = live.stocks.iter().find(|stock| stock.id == id);
        stock.map_or_else(
            || StockName::from_server(&format!("stock {id}")),
            |stock| stock.name.clone(),
        )
    };
    match &owed.stocks {
        None => Scope::Custom,
        Some(stocks) => {
            let named: BTreeMap<StockId, StockName> = stocks.iter().map(|id| (*id, name(*id))).collect();
            Scope::These(named)
        }
    }
}
