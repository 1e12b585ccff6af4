//! Orders the write batches that wait, and decides which may go beside others. Pure.
//!
//! Writers of the same links of a stock deadlock on the server (17 of 100 refused, step 078 of recording 08). Eight writers
//! over all stocks had no refusal in 120 (step 080), but no recording shows whether inserts or deletes of one stock can
//! deadlock. So two saves go at once only when they share no stock. Deletes wait for the last save and go alone, and batches
//! of one stock keep their order.

use std::collections::{HashSet, VecDeque};

use crate::model::StockId;
use crate::reconcile::WriteBatch;

/// The most batches under way at once. The recorded server, on two cores, answers 1.8 times as many small requests two at a
/// time as one by one, and no more four at a time (steps 073 to 075 of recording 08).
const AT_ONCE: usize = 2;

/// The number of batches that must succeed one after another before two go at once: a short run would gain nothing, and a
/// long one first learns what the shop takes.
const ALONE: usize = 4;

/// A batch that waits or is under way.
#[derive(Debug)]
pub(super) struct Batch {
    pub links: WriteBatch,
    /// True if it is a part of a batch that was refused.
    pub is_refused_part: bool,
    /// True if the server may still apply it, or the batch that it is a part of.
    pub in_doubt: bool,
    /// The stocks that it writes to.
    stocks: Vec<StockId>,
}

impl Batch {
    fn whole(links: WriteBatch) -> Self {
        let mut stocks: Vec<StockId> = links.links().map(|(stock, _, _)| stock).collect();
        stocks.dedup();
        Self {
            links,
            is_refused_part: false,
            in_doubt: false,
            stocks,
        }
    }

    fn is_save(&self) -> bool {
        matches!(self.links, WriteBatch::Save(_))
    }
}

/// The batches that wait, in order, and what those under way forbid.
#[derive(Debug)]
pub(super) struct Queue {
    waiting: VecDeque<Batch>,
    under_way: usize,
    /// True if those under way are saves. A delete goes alone.
    saving: bool,
    /// The stocks of those under way.
    busy: HashSet<StockId>,
    /// The number of batches that still go alone.
    alone: usize,
}

impl Queue {
    pub(super) fn new(batches: Vec<WriteBatch>) -> Self {
        Self {
            waiting: batches.into_iter().map(Batch::whole).collect(),
            under_way: 0,
            saving: false,
            busy: HashSet::new(),
            alone: ALONE,
        }
    }

    /// The number of links that wait.
    pub(super) fn links(&self) -> usize {
        self.waiting.iter().map(|batch| batch.links.len()).sum()
    }

    /// Takes the first batch that may begin beside those under way. It counts as under way from then on.
    pub(super) fn next(&mut self) -> Option<Batch> {
        let at_once = if self.alone > 0 { 1 } else { AT_ONCE };
        if self.under_way >= at_once {
            return None;
        }
        let batch = self.waiting.remove(self.first_beside()?)?;
        self.under_way += 1;
        self.saving = batch.is_save();
        self.busy.extend(&batch.stocks);
        Some(batch)
    }

    /// The position of the first batch that shares no stock with one under way, nor with one before it.
    fn first_beside(&self) -> Option<usize> {
        if self.under_way == 0 {
            return (!self.waiting.is_empty()).then_some(0);
        }
        let mut taken = self.busy.clone();
        self.waiting
            .iter()
            .take_while(|batch| self.saving && batch.is_save())
            .position(|batch| {
                let is_free = batch.stocks.iter().all(|stock| !taken.contains(stock));
                taken.extend(&batch.stocks);
                is_free
            })
    }

    /// Ends a batch that was under way.
    pub(super) fn ends(&mut self, batch: &Batch) {
        self.under_way -= 1;
        for stock in &batch.stocks {
            self.busy.remove(stock);
        }
    }

    /// Counts a batch that the server confirmed.
    pub(super) fn goes_well(&mut self) {
        self.alone = self.alone.saturating_sub(1);
    }

    /// Sends one batch after another from now on.
    pub(super) fn slow_down(&mut self) {
        self.alone = usize::MAX;
    }

    /// Splits this batch and all that wait: the server takes at most `limit` links at once.
    pub(super) fn split(&mut self, batch: Batch, limit: usize) {
        self.waiting.push_front(batch);
        let batches = std::mem::take(&mut self.waiting).into_iter();
        self.waiting = batches
            .flat_map(|batch| {
                let parts = batch.links.cut(limit).into_iter();
                parts.map(move |links| Batch {
                    is_refused_part: batch.is_refused_part,
                    in_doubt: batch.in_doubt,
                    ..Batch::whole(links)
                })
            })
            .collect();
    }

    /// Puts the halves of a refused batch in front.
    pub(super) fn halve(&mut self, batch: &WriteBatch) {
        for links in batch.halves().into_iter().rev() {
            self.waiting.push_front(Batch {
                is_refused_part: true,
                ..Batch::whole(links)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceCode;
    use crate::reconcile::{LinkKey, LinkWrite};

    fn save(stocks: &[u32]) -> WriteBatch {
        let link = |stock: &u32| LinkWrite {
            stock: StockId(*stock),
            source: SourceCode::from_server("a"),
            priority: 1,
            is_new: true,
        };
        WriteBatch::Save(stocks.iter().map(link).collect())
    }

    fn delete(stocks: &[u32]) -> WriteBatch {
        let link = |stock: &u32| LinkKey {
            stock: StockId(*stock),
            source: SourceCode::from_server("a"),
        };
        WriteBatch::Delete(stocks.iter().map(link).collect())
    }

    /// The order in which batches begin when each ends as soon as nothing can begin beside it, the oldest first. Those that
    /// begin together stand together.
    fn course_of(batches: Vec<WriteBatch>) -> Vec<Vec<WriteBatch>> {
        let mut queue = Queue::new(batches);
        (0..ALONE).for_each(|_| queue.goes_well());
        course(queue)
    }

    fn course(mut queue: Queue) -> Vec<Vec<WriteBatch>> {
        let mut under_way = VecDeque::new();
        let mut course = Vec::new();
        loop {
            let mut begun = Vec::new();
            while let Some(batch) = queue.next() {
                begun.push(batch.links.clone());
                under_way.push_back(batch);
            }
            if !begun.is_empty() {
                course.push(begun);
            }
            match under_way.pop_front() {
                Some(batch) => queue.ends(&batch),
                None => return course,
            }
        }
    }

    #[test]
    fn two_batches_are_under_way_that_share_no_stock() {
        let batches = vec![save(&[2]), save(&[2, 3]), save(&[3]), save(&[4]), save(&[4])];
        assert_eq!(
            course_of(batches),
            [
                vec![save(&[2]), save(&[4])],
                vec![save(&[2, 3])],
                vec![save(&[4])],
                vec![save(&[3])],
            ]
        );
    }

    #[test]
    fn batches_of_one_stock_keep_their_order() {
        let batches = vec![save(&[2]), save(&[2, 3]), save(&[3]), save(&[3, 4])];
        let one_by_one: Vec<_> = batches.iter().map(|batch| vec![batch.clone()]).collect();
        assert_eq!(course_of(batches), one_by_one);
    }

    #[test]
    fn deletes_wait_for_the_last_save_and_go_alone() {
        let batches = vec![save(&[2]), delete(&[3]), delete(&[4])];
        let one_by_one: Vec<_> = batches.iter().map(|batch| vec![batch.clone()]).collect();
        assert_eq!(course_of(batches), one_by_one);
    }

    #[test]
    fn the_first_batches_go_alone() {
        let mut queue = Queue::new((2..9).map(|stock| save(&[stock])).collect());
        for _ in 0..ALONE {
            let batch = queue.next().unwrap();
            assert!(queue.next().is_none());
            queue.ends(&batch);
            queue.goes_well();
        }
        assert!(queue.next().is_some());
        assert!(queue.next().is_some());
        assert!(queue.next().is_none(), "two, and no more");
    }

    #[test]
    fn after_a_failure_one_goes_after_another() {
        let mut queue = Queue::new(vec![save(&[2]), save(&[3]), save(&[4]), save(&[5])]);
        (0..ALONE).for_each(|_| queue.goes_well());
        let [first, second] = [queue.next().unwrap(), queue.next().unwrap()];
        queue.slow_down();
        queue.ends(&first);
        assert!(queue.next().is_none());
        queue.ends(&second);
        (0..ALONE).for_each(|_| queue.goes_well());
        assert_eq!(queue.next().unwrap().links, save(&[4]));
        assert!(queue.next().is_none());
    }

    #[test]
    fn halves_and_cuts_come_before_all_others() {
        let mut queue = Queue::new(vec![save(&[2, 3]), save(&[4, 5])]);
        let batch = queue.next().unwrap();
        queue.ends(&batch);
        queue.halve(&batch.links);
        let half = queue.next().unwrap();
        assert_eq!((&half.links, half.is_refused_part), (&save(&[2]), true));
        queue.ends(&half);
        queue.split(half, 1);
        let batches: Vec<WriteBatch> = course(queue).concat();
        assert_eq!(batches, [2, 3, 4, 5].map(|stock| save(&[stock])));
    }
}
