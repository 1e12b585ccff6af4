//! Proofs of the index of some stocks: they pay for those stocks, and for no other.

use std::collections::BTreeSet;

use super::{fresh, open, peek};
use crate::model::{SourceCode, StockId};
use crate::reconcile::{LinkWrite, WriteBatch};
use crate::run::journal::{Effect, Journal};

fn stocks(ids: &[u32]) -> BTreeSet<StockId> {
    ids.iter().map(|id| StockId(*id)).collect()
}

fn creates_a_link(journal: &mut Journal, stock: u32, effect: Effect) {
    let link = LinkWrite {
        stock: StockId(stock),
        source: SourceCode::from_server("a"),
        priority: 1,
        is_new: true,
    };
    journal.begins(&WriteBatch::Save(vec![link]));
    journal.ends(effect);
}

fn owed_for(journal: &Journal) -> Option<BTreeSet<StockId>> {
    journal.state().owed_reindex().expect("one is owed").stocks
}

#[tokio::test]
async fn a_proof_of_one_stock_leaves_the_reindex_of_another_owed() {
    let (dir, mut journal) = fresh().await;
    creates_a_link(&mut journal, 2, Effect::Some);
    creates_a_link(&mut journal, 3, Effect::Some);
    journal.index_proven_of(stocks(&[2, 7])).unwrap();
    assert!(peek(dir.path()));
    drop(journal);
    let mut journal = open(dir.path()).await;
    assert_eq!(owed_for(&journal), Some(stocks(&[3])));
    journal.index_proven_of(stocks(&[3])).unwrap();
    assert!(!peek(dir.path()));
}

#[tokio::test]
async fn what_may_concern_any_stock_is_paid_by_a_proof_of_all_alone() {
    let (_dir, mut journal) = fresh().await;
    creates_a_link(&mut journal, 2, Effect::Some);
    journal.index_not_proven(Some(stocks(&[4]))).unwrap();
    assert_eq!(owed_for(&journal), Some(stocks(&[2, 4])));
    journal.index_not_proven(None).unwrap();
    journal.index_proven_of(stocks(&[2, 4])).unwrap();
    assert_eq!(owed_for(&journal), None, "it may be any");
    journal.index_proven().unwrap();
    assert!(!journal.owed());
}

#[tokio::test]
async fn no_proof_pays_while_a_write_is_in_doubt() {
    let (_dir, mut journal) = fresh().await;
    creates_a_link(&mut journal, 2, Effect::Some);
    creates_a_link(&mut journal, 3, Effect::Unknown);
    journal.index_proven_of(stocks(&[2, 3])).unwrap();
    assert_eq!(owed_for(&journal), Some(stocks(&[2, 3])));
    let began = journal.open_writes()[0].began;
    journal.write_settled(began, true).unwrap();
    assert_eq!(owed_for(&journal), Some(stocks(&[2, 3])));
    journal.index_proven_of(stocks(&[2, 3])).unwrap();
    assert!(!journal.owed());
}
