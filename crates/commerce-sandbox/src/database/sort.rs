//! The database's sort: an unstable quicksort, which decides the order of rows that tie.
//!
//! The recordings have lists sorted by priority alone. Only this algorithm explains their order.

use std::cmp::Ordering;

/// Ranges with at most this distance between first and last row are sorted by insertion.
const SHORT: usize = 10;

/// Sorts rows in place.
pub fn sort<T>(rows: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut open = vec![rows];
    while let Some(range) = open.pop() {
        if range.len() <= SHORT + 1 {
            insert_each(range, &compare);
        } else {
            let (lower, upper) = partition(range, &compare);
            open.push(lower);
            open.push(upper);
        }
    }
}

/// Sorts a short range by insertion.
fn insert_each<T>(range: &mut [T], compare: &impl Fn(&T, &T) -> Ordering) {
    for end in 1..range.len() {
        let mut place = end;
        while place > 0 && compare(&range[place - 1], &range[place]).is_gt() {
            range.swap(place - 1, place);
            place -= 1;
        }
    }
}

/// Partitions a range around the median of its first, middle and last row. Rows equal to it may go to either side.
fn partition<'a, T>(range: &'a mut [T], compare: &impl Fn(&T, &T) -> Ordering) -> (&'a mut [T], &'a mut [T]) {
    let last = range.len() - 1;
    let mut pivot = last / 2;
    order_pair(range, 0, pivot, compare);
    if order_pair(range, pivot, last, compare) {
        order_pair(range, 0, pivot, compare);
    }
    let (mut left, mut right) = (1, last - 1);
    loop {
        while compare(&range[left], &range[pivot]).is_lt() {
            left += 1;
        }
        while compare(&range[pivot], &range[right]).is_lt() {
            right -= 1;
        }
        match left.cmp(&right) {
            Ordering::Less => {
                range.swap(left, right);
                pivot = if pivot == left {
                    right
                } else if pivot == right {
                    left
                } else {
                    pivot
                };
            }
            Ordering::Equal => {
                let (lower, rest) = range.split_at_mut(right);
                return (lower, &mut rest[1..]);
            }
            Ordering::Greater => return range.split_at_mut(left),
        }
        left += 1;
        right -= 1;
        if left > right {
            return range.split_at_mut(left);
        }
    }
}

/// Orders two rows and tells whether it swapped them.
fn order_pair<T>(range: &mut [T], a: usize, b: usize, compare: &impl Fn(&T, &T) -> Ordering) -> bool {
    let wrong = compare(&range[a], &range[b]).is_gt();
    if wrong {
        range.swap(a, b);
    }
    wrong
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ties_come_as_the_database_was_seen_to_give_them() {
        let mut rows = vec![
            ("default", 1),
            ("baltimore_wh", 1),
            ("austin_wh", 2),
            ("reno_wh", 3),
            ("ne_wh", 4),
            ("west_wh", 5),
            ("manhattan", 6),
            ("brooklyn", 7),
            ("huntington", 8),
            ("berkeley", 9),
            ("sausalito", 10),
            ("berlin", 2),
            ("leipzig", 1),
            ("frankfurt", 3),
        ];
        let mut descending = rows.clone();
        sort(&mut rows, |a, b| a.1.cmp(&b.1));
        let first: Vec<&str> = rows.iter().take(7).map(|row| row.0).collect();
        assert_eq!(
            first,
            [
                "default",
                "baltimore_wh",
                "leipzig",
                "austin_wh",
                "berlin",
                "frankfurt",
                "reno_wh"
            ]
        );
        sort(&mut descending, |a, b| b.1.cmp(&a.1));
        let last: Vec<&str> = descending.iter().skip(9).map(|row| row.0).collect();
        assert_eq!(
            last,
            ["austin_wh", "berlin", "baltimore_wh", "leipzig", "default"]
        );
    }

    proptest! {
        #[test]
        fn everything_is_sorted_and_nothing_lost(rows in prop::collection::vec(0_u8..20, 0..200)) {
            let mut sorted = rows.clone();
            sort(&mut sorted, Ord::cmp);
            let mut expected = rows;
            expected.sort_unstable();
            prop_assert_eq!(sorted, expected);
        }
    }
}
