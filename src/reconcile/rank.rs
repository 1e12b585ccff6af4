//! Assigns priorities to an ordered list of links, changing as few live ones as possible.

/// Reports more links than priorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stock holds at most {highest} ordered links, not {links}")]
pub struct TooManyLinks {
    /// The number of wanted links.
    pub links: usize,
    /// The highest priority.
    pub highest: u16,
}

/// Assigns a priority to every link of an ordered list, changing as few live ones as possible.
///
/// The priorities are 1..=`highest`; Commerce's highest is 65535. `live` has one entry for each wanted link, in the wanted
/// order: its live priority, or `None` for a new link. The result has one number for each. For position i (1..n) of a link with live priority p let q = p − i: only links with
/// 0 ≤ q ≤ `highest` − n can stay, and those that stay are a longest non-decreasing subsequence of q, of several the one whose
/// positions are lexicographically smallest. Every other link gets the number of the link before it plus 1, the first
/// one gets 1. A link stays exactly if its result equals its live priority.
///
/// In a list of more than 100 links, more than 20 links behind the last one that stays are spaced by up to 10, so that
/// the next insertion is one write. The number of writes is the same.
///
/// ```
/// // The last link moves to the front: one move, not three.
/// assert_eq!(stocktake::reconcile::assign(&[Some(4), Some(2), Some(3)], 65535), Ok(vec![1, 2, 3]));
/// ```
pub fn assign(live: &[Option<u16>], highest: u16) -> Result<Vec<u16>, TooManyLinks> {
    assign_spaced(live, highest, SPACING)
}

/// When the new numbers at the end of a list are spaced, and how far.
#[derive(Debug, Clone, Copy)]
struct Spacing {
    /// Only lists of more links than this are spaced.
    links: usize,
    /// Only more links than this behind the last one that stays are spaced.
    tail: usize,
    /// The greatest distance between two of them.
    step: u16,
}

const SPACING: Spacing = Spacing {
    links: 100,
    tail: 20,
    step: 10,
};

fn assign_spaced(live: &[Option<u16>], highest: u16, spacing: Spacing) -> Result<Vec<u16>, TooManyLinks> {
    let room = i64::try_from(live.len()).map_or(-1, |n| i64::from(highest) - n);
    if room < 0 {
        return Err(TooManyLinks {
            links: live.len(),
            highest,
        });
    }
    let slack: Vec<Option<i64>> = (1..)
        .zip(live)
        .map(|(position, priority)| {
            priority
                .map(|p| i64::from(p) - position)
                .filter(|q| (0..=room).contains(q))
        })
        .collect();
    let stays = longest_non_decreasing(&slack);
    let tail = stays.iter().rposition(|stays| *stays).map_or(0, |last| last + 1);
    let mut before = 0_u16;
    let mut step = 1;
    let numbers = live.iter().zip(stays).enumerate().map(|(at, (priority, stays))| {
        if at == tail {
            step = tail_step(live.len(), live.len() - tail, highest - before, spacing);
        }
        // The sum cannot overflow: a staying link leaves room for all links after it.
        before = priority.filter(|_| stays).unwrap_or(before.saturating_add(step));
        before
    });
    Ok(numbers.collect())
}

/// The distance between the numbers of the last `tail` links, none of which stays, with so much `room` above them.
fn tail_step(links: usize, tail: usize, room: u16, spacing: Spacing) -> u16 {
    if links <= spacing.links || tail <= spacing.tail {
        return 1;
    }
    let widest = u16::try_from(tail).ok().and_then(|tail| room.checked_div(tail));
    widest.unwrap_or(1).min(spacing.step)
}

/// Marks the members of the longest non-decreasing subsequence with the lexicographically smallest positions.
pub(super) fn longest_non_decreasing(values: &[Option<i64>]) -> Vec<bool> {
    let lengths = lengths_from_here(values);
    let mut missing = lengths.iter().copied().max().unwrap_or(0);
    let mut floor = i64::MIN;
    let mut chosen = vec![false; values.len()];
    for (at, value) in values.iter().enumerate() {
        let Some(value) = *value else { continue };
        if missing > 0 && lengths[at] == missing && value >= floor {
            chosen[at] = true;
            floor = value;
            missing -= 1;
        }
    }
    chosen
}

/// The length of the longest non-decreasing subsequence from each position; 0 for a position without a value.
fn lengths_from_here(values: &[Option<i64>]) -> Vec<usize> {
    let mut lengths = vec![0; values.len()];
    // From the right: `tops[k]` is the greatest first value of a subsequence of k + 1 members. It never increases with k.
    let mut tops: Vec<i64> = Vec::new();
    for (at, value) in values.iter().enumerate().rev() {
        let Some(value) = *value else { continue };
        let length = tops.partition_point(|top| *top >= value);
        match tops.get_mut(length) {
            Some(top) => *top = value,
            None => tops.push(value),
        }
        lengths[at] = length + 1;
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::{Spacing, TooManyLinks, assign_spaced};

    fn assign(live: &[Option<u16>]) -> Result<Vec<u16>, TooManyLinks> {
        super::assign(live, u16::MAX)
    }

    #[test]
    fn a_fresh_stock_is_numbered_from_one() {
        assert_eq!(assign(&[None, None, None]), Ok(vec![1, 2, 3]));
        assert_eq!(assign(&[]), Ok(vec![]));
    }

    #[test]
    fn gaps_are_in_sync() {
        assert_eq!(assign(&[Some(2), Some(5), Some(65535)]), Ok(vec![2, 5, 65535]));
    }

    #[test]
    fn a_tie_is_drift_and_costs_one_move() {
        assert_eq!(assign(&[Some(1), Some(1), Some(2)]), Ok(vec![1, 2, 3]));
        assert_eq!(assign(&[Some(1), Some(1), Some(3)]), Ok(vec![1, 2, 3]));
    }

    #[test]
    fn a_new_link_fits_into_a_gap() {
        assert_eq!(assign(&[Some(1), None, Some(5)]), Ok(vec![1, 2, 5]));
        assert_eq!(assign(&[Some(1), None, Some(2)]), Ok(vec![1, 2, 3]));
    }

    #[test]
    fn zero_and_the_upper_end_cannot_stay() {
        assert_eq!(assign(&[Some(0), Some(1)]), Ok(vec![1, 2]));
        assert_eq!(assign(&[Some(65535), None]), Ok(vec![1, 2]));
        assert_eq!(super::assign(&[Some(8), Some(9)], 9), Ok(vec![8, 9]));
        assert_eq!(super::assign(&[Some(8), Some(9), None], 9), Ok(vec![1, 2, 3]));
    }

    #[test]
    fn the_priorities_run_out() {
        assert_eq!(
            assign(&vec![None; 65535]).map(|numbers| numbers[65534]),
            Ok(65535)
        );
        assert_eq!(
            assign(&vec![None; 65536]),
            Err(TooManyLinks {
                links: 65536,
                highest: 65535
            })
        );
    }

    /// Numbers all new links of a list: `stay` links that stay first, then `tail` that are new.
    fn tail_of(stay: u16, tail: usize) -> Vec<u16> {
        let new = std::iter::repeat_n(None, tail);
        let live: Vec<Option<u16>> = (1..=stay).map(Some).chain(new).collect();
        assign(&live).unwrap().split_off(usize::from(stay))
    }

    #[test]
    fn a_fresh_stock_of_more_than_a_hundred_links_is_spaced() {
        assert_eq!(tail_of(0, 100), (1..=100).collect::<Vec<u16>>());
        assert_eq!(tail_of(0, 101), (1..=101).map(|at| at * 10).collect::<Vec<u16>>());
    }

    #[test]
    fn more_than_twenty_links_behind_the_last_that_stays_are_spaced() {
        assert_eq!(tail_of(100, 20), (101..=120).collect::<Vec<u16>>());
        assert_eq!(
            tail_of(100, 21),
            (1..=21).map(|at| 100 + at * 10).collect::<Vec<u16>>()
        );
        // All together are no more than a hundred.
        assert_eq!(tail_of(79, 21), (80..=100).collect::<Vec<u16>>());
        assert_eq!(
            tail_of(80, 21),
            (1..=21).map(|at| 80 + at * 10).collect::<Vec<u16>>()
        );
    }

    #[test]
    fn an_insertion_into_a_spaced_stock_is_one_write() {
        let mut live: Vec<Option<u16>> = tail_of(0, 200).into_iter().map(Some).collect();
        live.insert(1, None);
        let numbers = assign(&live).unwrap();
        assert_eq!(numbers[..3], [10, 11, 20]);
        let written = live
            .iter()
            .zip(&numbers)
            .filter(|(live, number)| **live != Some(**number));
        assert_eq!(written.count(), 1);
    }

    #[test]
    fn the_step_shrinks_to_the_room_at_the_upper_end() {
        for (last, step) in [
            (65535 - 210, 10),
            (65535 - 209, 9),
            (65535 - 42, 2),
            (65535 - 41, 1),
            (65535 - 21, 1),
        ] {
            let mut live: Vec<Option<u16>> = (last - 99..=last).map(Some).collect();
            live.extend([None; 21]);
            let numbers = assign(&live).unwrap().split_off(100);
            assert_eq!(numbers, (1..=21).map(|at| last + at * step).collect::<Vec<u16>>());
        }
        assert_eq!(tail_of(0, 65535)[65534], 65535);
        assert_eq!(tail_of(0, 32768)[32767], 32768);
        assert_eq!(tail_of(0, 32767)[32766], 65534);
    }

    /// Every short list with low thresholds: the same links stay, the tail is spaced as wide as the room allows, and a
    /// second run changes nothing.
    #[test]
    fn spaced_numbers_cost_no_write_and_last() {
        const HIGHEST: u16 = 8;
        let plain = Spacing {
            links: usize::MAX,
            tail: 0,
            step: 1,
        };
        for (links, tail, step) in
            (0..5).flat_map(|links| (0..4).flat_map(move |tail| (1..4).map(move |step| (links, tail, step))))
        {
            let spacing = Spacing { links, tail, step };
            for length in 0..=4_u32 {
                for code in 0..10_usize.pow(length) {
                    let digit = |at| u16::try_from(code / 10_usize.pow(at) % 10).unwrap();
                    let live: Vec<Option<u16>> = (0..length).map(|at| digit(at).checked_sub(1)).collect();
                    check_spaced(
                        &live,
                        HIGHEST,
                        spacing,
                        &assign_spaced(&live, HIGHEST, plain).unwrap(),
                    );
                }
            }
        }
    }

    fn check_spaced(live: &[Option<u16>], highest: u16, spacing: Spacing, plain: &[u16]) {
        let numbers = assign_spaced(live, highest, spacing).unwrap();
        let stays = |numbers: &[u16]| -> Vec<bool> {
            live.iter()
                .zip(numbers)
                .map(|(live, number)| *live == Some(*number))
                .collect()
        };
        assert_eq!(stays(&numbers), stays(plain), "{live:?} with {spacing:?}");
        let head = stays(plain)
            .iter()
            .rposition(|stays| *stays)
            .map_or(0, |last| last + 1);
        assert_eq!(numbers[..head], plain[..head], "{live:?} with {spacing:?}");
        let tail = live.len() - head;
        let last = head.checked_sub(1).map_or(0, |at| numbers[at]);
        let step = if live.len() > spacing.links && tail > spacing.tail {
            // The widest step that leaves every number in range.
            let fits = |step: &u16| usize::from(last) + tail * usize::from(*step) <= usize::from(highest);
            (1..=spacing.step).rev().find(fits).unwrap()
        } else {
            1
        };
        let expected: Vec<u16> = (1..).take(tail).map(|at: u16| last + at * step).collect();
        assert_eq!(numbers[head..], expected, "{live:?} with {spacing:?}");
        let written: Vec<Option<u16>> = numbers.iter().copied().map(Some).collect();
        assert_eq!(assign_spaced(&written, highest, spacing), Ok(numbers));
    }
}
