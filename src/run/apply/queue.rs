//! The calls of a run that wait for their turn, and which of them may be under way beside one another. Pure.
//!
//! Writers of the same links of a stock deadlock on the server (17 of 100 refused, step 078 of recording 08). Eight writers over
//! all stocks had no refusal in 120 (step 080), but whether inserts, or deletes, of one stock can deadlock is not recorded:
//! saves go beside one another only when they share no stock. Deletes wait for the last save and go alone, and calls of one
//! stock keep their order.

use std::collections::{HashSet, VecDeque};

use crate::model::StockId;
use crate::reconcile::WriteBatch;

/// How many calls are under way at once: the recorded server, on two cores, answers 1.8 times as many small requests two at a
/// time as one by one, and no more four at a time (steps 073 to 075 of recording 08).
const AT_ONCE: usize = 2;

/// How many calls have to go well one after another before two go at once: a short run would gain nothing, and a long one
/// finds out first what the shop takes.
const ALONE: usize = 4;

/// A call that waits for its turn, or is under way.
#[derive(Debug)]
pub(super) struct Batch {
    pub call: WriteBatch,
    /// Whether it is a part of a call that was refused.
    pub suspect: bool,
    /// Whether it is a part of a call that the server may still be at work on.
    pub late: bool,
    /// The stocks that it may write to.
    stocks: Vec<StockId>,
}

impl Batch {
    fn whole(call: WriteBatch) -> Self {
        let mut stocks: Vec<StockId> = call.keys().map(|(stock, _)| stock).collect();
        stocks.dedup();
        Self {
            call,
            suspect: false,
            late: false,
            stocks,
        }
    }

    fn is_save(&self) -> bool {
        matches!(self.call, WriteBatch::Save(_))
    }
}

/// The calls that wait, in order, and what those under way forbid.
#[derive(Debug)]
pub(super) struct Queue {
    waiting: VecDeque<Batch>,
    under_way: usize,
    /// Whether those under way are saves; a delete goes alone.
    saving: bool,
    /// The stocks of those under way.
    busy: HashSet<StockId>,
    /// How many more calls go alone.
    alone: usize,
}

impl Queue {
    pub(super) fn new(calls: Vec<WriteBatch>) -> Self {
        Self {
            waiting: calls.into_iter().map(Batch::whole).collect(),
            under_way: 0,
            saving: false,
            busy: HashSet::new(),
            alone: ALONE,
        }
    }

    /// How many links wait.
    pub(super) fn links(&self) -> usize {
        self.waiting.iter().map(|part| part.call.len()).sum()
    }

    /// Takes the first call that may begin beside those under way, of which it is one from then on.
    pub(super) fn next(&mut self) -> Option<Batch> {
        let at_once = if self.alone > 0 { 1 } else { AT_ONCE };
        if self.under_way >= at_once {
            return None;
        }
        let part = self.waiting.remove(self.first_beside()?)?;
        self.under_way += 1;
        self.saving = part.is_save();
        self.busy.extend(&part.stocks);
        Some(part)
    }

    /// Where the first call stands that shares no stock with one under way, nor with one before it.
    fn first_beside(&self) -> Option<usize> {
        if self.under_way == 0 {
            return (!self.waiting.is_empty()).then_some(0);
        }
        let mut taken = self.busy.clone();
        self.waiting
            .iter()
            .take_while(|part| self.saving && part.is_save())
            .position(|part| {
                let is_free = part.stocks.iter().all(|stock| !taken.contains(stock));
                taken.extend(&part.stocks);
                is_free
            })
    }

    /// A call is no longer under way.
    pub(super) fn ends(&mut self, part: &Batch) {
        self.under_way -= 1;
        for stock in &part.stocks {
            self.busy.remove(stock);
        }
    }

    /// A call took effect by the server's own word.
    pub(super) fn goes_well(&mut self) {
        self.alone = self.alone.saturating_sub(1);
    }

    /// From now on one call goes after another.
    pub(super) fn slow_down(&mut self) {
        self.alone = usize::MAX;
    }

    /// The server takes fewer links at once: this call and all that wait are cut.
    pub(super) fn cut(&mut self, part: Batch, limit: usize) {
        self.waiting.push_front(part);
        let parts = std::mem::take(&mut self.waiting).into_iter();
        self.waiting = parts
            .flat_map(
                |Batch {
                     call, suspect, late, ..
                 }| {
                    let calls = call.cut(limit).into_iter();
                    calls.map(move |call| Batch {
                        suspect,
                        late,
                        ..Batch::whole(call)
                    })
                },
            )
            .collect();
    }

    /// The server refused this call: its halves come next.
    pub(super) fn halve(&mut self, call: &WriteBatch) {
        for call in call.halves().into_iter().rev() {
            self.waiting.push_front(Batch {
                suspect: true,
                ..Batch::whole(call)
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

    /// The order in which calls begin when each under way ends as soon as nothing can begin beside it, oldest first; those
    /// that begin together stand together.
    fn course_of(calls: Vec<WriteBatch>) -> Vec<Vec<WriteBatch>> {
        let mut queue = Queue::new(calls);
        (0..ALONE).for_each(|_| queue.goes_well());
        course(queue)
    }

    fn course(mut queue: Queue) -> Vec<Vec<WriteBatch>> {
        let mut under_way = VecDeque::new();
        let mut course = Vec::new();
        loop {
            let mut begun = Vec::new();
            while let Some(part) = queue.next() {
                begun.push(part.call.clone());
                under_way.push_back(part);
            }
            if !begun.is_empty() {
                course.push(begun);
            }
            match under_way.pop_front() {
                Some(part) => queue.ends(&part),
                None => return course,
            }
        }
    }

    #[test]
    fn two_calls_are_under_way_that_share_no_stock() {
        let calls = vec![save(&[2]), save(&[2, 3]), save(&[3]), save(&[4]), save(&[4])];
        assert_eq!(
            course_of(calls),
            [
                vec![save(&[2]), save(&[4])],
                vec![save(&[2, 3])],
                vec![save(&[4])],
                vec![save(&[3])],
            ]
        );
    }

    #[test]
    fn calls_of_one_stock_keep_their_order() {
        let calls = vec![save(&[2]), save(&[2, 3]), save(&[3]), save(&[3, 4])];
        let one_by_one: Vec<_> = calls.iter().map(|call| vec![call.clone()]).collect();
        assert_eq!(course_of(calls), one_by_one);
    }

    #[test]
    fn deletes_wait_for_the_last_save_and_go_alone() {
        let calls = vec![save(&[2]), delete(&[3]), delete(&[4])];
        let one_by_one: Vec<_> = calls.iter().map(|call| vec![call.clone()]).collect();
        assert_eq!(course_of(calls), one_by_one);
    }

    #[test]
    fn the_first_calls_go_alone() {
        let mut queue = Queue::new((2..9).map(|stock| save(&[stock])).collect());
        for _ in 0..ALONE {
            let part = queue.next().unwrap();
            assert!(queue.next().is_none());
            queue.ends(&part);
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
        assert_eq!(queue.next().unwrap().call, save(&[4]));
        assert!(queue.next().is_none());
    }

    #[test]
    fn halves_and_cuts_come_before_all_others() {
        let mut queue = Queue::new(vec![save(&[2, 3]), save(&[4, 5])]);
        let part = queue.next().unwrap();
        queue.ends(&part);
        queue.halve(&part.call);
        let half = queue.next().unwrap();
        assert_eq!((&half.call, half.suspect), (&save(&[2]), true));
        queue.ends(&half);
        queue.cut(half, 1);
        let calls: Vec<WriteBatch> = course(queue).concat();
        assert_eq!(calls, [2, 3, 4, 5].map(|stock| save(&[stock])));
    }
}
