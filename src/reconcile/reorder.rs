//! Tells the sources of a stock that change their place among the others from those that only get another number.

use super::rank::longest_non_decreasing;

/// Marks the links that change their place among those that are there before and after the plan.
///
/// `live` and `numbers` have one entry for each wanted link, in the wanted order: its live priority, or `None` for a new
/// link, and its priority after the plan, which never decreases. The links that are not marked are the longest common order of both: no two of
/// them have one order before and the other after. Equal priorities are no order, and agree with any. Of several longest
/// ones it is the one with the latest wanted places, so of two swapped neighbours the one that rises is marked.
/// Takes O(n log n).
pub(super) fn reordered(live: &[Option<u16>], numbers: &[u16]) -> Vec<bool> {
    let mut both = live.iter().zip(numbers);
    if both.all(|(live, number)| live.is_none_or(|live| live == *number)) {
        return vec![false; live.len()];
    }
    let mut order: Vec<usize> = (0..live.len().min(numbers.len())).collect();
    order.sort_by_key(|&at| (numbers[at], live[at]));
    // From the last to the first, and with the opposite sign, the smallest positions are the latest places.
    order.reverse();
    let descending: Vec<Option<i64>> = order
        .iter()
        .map(|&at| live[at].map(|priority| -i64::from(priority)))
        .collect();
    let common = longest_non_decreasing(&descending);
    let mut reordered = vec![false; live.len()];
    for (at, common) in order.into_iter().zip(common) {
        reordered[at] = live[at].is_some() && !common;
    }
    reordered
}

#[cfg(test)]
mod tests {
    use super::reordered;

    /// The links outside a longest common order, by trying every set of links. Links of equal numbers must stand by live priority.
    fn by_trying_all(live: &[Option<u16>], numbers: &[u16]) -> Vec<bool> {
        let links: Vec<usize> = (0..live.len()).filter(|at| live[*at].is_some()).collect();
        let agree = |one: usize, other: usize| {
            let (before, after) = (live[one].cmp(&live[other]), numbers[one].cmp(&numbers[other]));
            before.is_eq() || after.is_eq() || before == after
        };
        let sets = (0..1_usize << links.len()).map(|set| {
            let members = links.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1);
            // The latest place first, so that the greatest list is the one with the latest places.
            members.map(|(_, at)| *at).rev().collect::<Vec<usize>>()
        });
        let common = sets.filter(|set| {
            let later = |at: usize| &set[at + 1..];
            (0..set.len()).all(|at| later(at).iter().all(|other| agree(set[at], *other)))
        });
        let longest = common.max_by_key(|set| (set.len(), set.clone())).unwrap();
        let outside = |at: usize| live[at].is_some() && !longest.contains(&at);
        (0..live.len()).map(outside).collect()
    }

    fn check(live: &[Option<u16>], numbers: &[u16]) {
        assert_eq!(
            reordered(live, numbers),
            by_trying_all(live, numbers),
            "{live:?} as {numbers:?}"
        );
    }

    /// Every list of so many values below `values`.
    fn lists(length: u32, values: usize) -> impl Iterator<Item = Vec<usize>> {
        (0..values.pow(length))
            .map(move |code| (0..length).map(|at| code / values.pow(at) % values).collect())
    }

    /// Every order of so many links, as the live priority of each wanted place.
    fn permutations(length: u16) -> Vec<Vec<u16>> {
        if length == 0 {
            return vec![Vec::new()];
        }
        let shorter = permutations(length - 1);
        let with = |list: &Vec<u16>, at: usize| {
            let mut list = list.clone();
            list.insert(at, length);
            list
        };
        let longer = shorter
            .iter()
            .flat_map(|list| (0..=list.len()).map(move |at| with(list, at)));
        longer.collect()
    }

    fn rising(length: usize) -> Vec<u16> {
        (1..).take(length).collect()
    }

    #[test]
    fn of_two_swapped_neighbours_the_one_that_rises_is_reordered() {
        assert_eq!(reordered(&[Some(2), Some(1)], &[1, 2]), [true, false]);
        assert_eq!(
            reordered(&[Some(1), Some(3), Some(2), Some(4)], &[1, 2, 3, 4]),
            [false, true, false, false]
        );
    }

    #[test]
    fn a_link_that_leads_without_a_write_is_reordered() {
        assert_eq!(
            reordered(&[Some(3), Some(1), Some(2)], &[3, 4, 5]),
            [true, false, false]
        );
    }

    #[test]
    fn one_link_that_passes_140_is_one_reorder() {
        let moved = (1..=200).filter(|priority| *priority != 151);
        let mut live: Vec<Option<u16>> = moved.map(Some).collect();
        live.insert(10, Some(151));
        let marked = reordered(&live, &rising(200));
        assert_eq!(marked.iter().filter(|marked| **marked).count(), 1);
        assert!(marked[10]);
    }

    #[test]
    fn all_orders_of_up_to_seven_links_and_of_six_with_ties_and_new_ones() {
        for length in 0..=7 {
            let wanted = rising(usize::from(length));
            for order in permutations(length) {
                let live: Vec<Option<u16>> = order.iter().copied().map(Some).collect();
                check(&live, &wanted);
                if length == 7 {
                    continue;
                }
                // Pairs of live priorities are ties.
                let tied: Vec<Option<u16>> = order.iter().map(|p| Some(p.div_ceil(2))).collect();
                check(&tied, &wanted);
                // One link of each order is new.
                let new: Vec<Option<u16>> = order.iter().map(|p| Some(*p).filter(|p| *p != 2)).collect();
                check(&new, &wanted);
            }
        }
    }

    #[test]
    fn all_lists_of_up_to_five_links_with_ties_and_new_ones() {
        for length in 0..=5 {
            for list in lists(length, 6) {
                let live: Vec<Option<u16>> = list
                    .iter()
                    .map(|value| u16::try_from(*value).unwrap().checked_sub(1))
                    .collect();
                check(&live, &rising(live.len()));
            }
        }
    }

    #[test]
    fn wanted_ties_agree_with_any_live_order() {
        for length in 0..=4 {
            for wanted in lists(length, 4).filter(|wanted| wanted.is_sorted()) {
                for list in lists(length, 5) {
                    let mut links: Vec<(usize, usize)> = wanted.iter().copied().zip(list).collect();
                    links.sort_unstable();
                    let live: Vec<Option<u16>> = links
                        .iter()
                        .map(|link| u16::try_from(link.1).unwrap().checked_sub(1))
                        .collect();
                    let numbers: Vec<u16> = links.iter().map(|link| u16::try_from(link.0).unwrap()).collect();
                    check(&live, &numbers);
                }
            }
        }
        assert_eq!(reordered(&[Some(9), Some(1)], &[4, 4]), [false, false]);
    }
}
