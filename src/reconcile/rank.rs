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
/// ```
/// // The last link moves to the front: one move, not three.
/// assert_eq!(stocktake::reconcile::assign(&[Some(4), Some(2), Some(3)], 65535), Ok(vec![1, 2, 3]));
/// ```
pub fn assign(live: &[Option<u16>], highest: u16) -> Result<Vec<u16>, TooManyLinks> {
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
    let mut before = 0_u16;
    let numbers = live.iter().zip(stays).map(|(priority, stays)| {
        // `before + 1` cannot overflow: a staying link leaves room for all links after it.
        before = priority.filter(|_| stays).unwrap_or(before.saturating_add(1));
        before
    });
    Ok(numbers.collect())
}

/// Marks the members of the longest non-decreasing subsequence with the lexicographically smallest positions.
fn longest_non_decreasing(values: &[Option<i64>]) -> Vec<bool> {
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
    use super::TooManyLinks;

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
}
