//! Order semantics against brute force: the fewest new numbers, and exactly the links that design says stay.

use proptest::prelude::*;
use stocktake::reconcile::{TooManyLinks, assign};

/// The priorities of a list so short that all its numberings can be tried.
const HIGHEST: u16 = 9;

/// The fewest links that get a new number, found by trying every strictly increasing numbering in 1..=`highest`.
fn fewest_by_trying_all(live: &[Option<u16>], highest: u16) -> Option<usize> {
    fn search(live: &[Option<u16>], above: u16, highest: u16) -> Option<usize> {
        let Some((first, rest)) = live.split_first() else {
            return Some(0);
        };
        (above + 1..=highest)
            .filter_map(|number| {
                let changed = usize::from(*first != Some(number));
                search(rest, number, highest).map(|others| others + changed)
            })
            .min()
    }
    search(live, 0, highest)
}

/// The fewest new numbers for any range: a link keeps its number or takes the lowest free one, which leaves the most room.
pub fn fewest_changes(live: &[Option<u16>], highest: u16) -> usize {
    fn search(live: &[Option<u16>], lowest: u32, highest: u32) -> Option<usize> {
        let Some((first, rest)) = live.split_first() else {
            return Some(0);
        };
        if lowest > highest {
            return None;
        }
        let keeps = first.map(u32::from).filter(|p| (lowest..=highest).contains(p));
        let retained = keeps.and_then(|p| search(rest, p + 1, highest));
        let changed = search(rest, lowest + 1, highest).map(|others| others + 1);
        retained.into_iter().chain(changed).min()
    }
    search(live, 1, u32::from(highest)).unwrap()
}

/// The links that stay, by the words of the design: of all sets of positions with 0 ≤ q ≤ highest − n and q never
/// falling the largest, and of several the one with the lexicographically smallest positions.
fn stays_by_trying_all(live: &[Option<u16>], highest: u16) -> Vec<usize> {
    let n = live.len();
    let q: Vec<Option<i64>> = (1_i64..)
        .zip(live)
        .map(|(i, p)| p.map(|p| i64::from(p) - i))
        .collect();
    let room = i64::from(highest) - i64::try_from(n).unwrap();
    let candidates = (0..1_usize << n).filter_map(|set| {
        let positions: Vec<usize> = (0..n).filter(|at| set >> at & 1 == 1).collect();
        let values: Option<Vec<i64>> = positions.iter().map(|at| q[*at]).collect();
        let values = values?;
        (values.is_sorted() && values.iter().all(|q| (0..=room).contains(q))).then_some(positions)
    });
    candidates
        .min_by_key(|positions| (n - positions.len(), positions.clone()))
        .unwrap()
}

/// How many links can stay in a list of any length: the longest run of q that never falls, by comparing all pairs.
fn most_that_stay(live: &[Option<u16>], highest: u16) -> usize {
    let room = i64::from(highest) - i64::try_from(live.len()).unwrap();
    let candidates = (1_i64..)
        .zip(live)
        .filter_map(|(i, p)| p.map(|p| i64::from(p) - i));
    let mut longest: Vec<(i64, usize)> = Vec::new();
    for q in candidates.filter(|q| (0..=room).contains(q)) {
        let before = longest.iter().filter(|(earlier, _)| *earlier <= q);
        let length = before.map(|(_, length)| *length).max().unwrap_or(0) + 1;
        longest.push((q, length));
    }
    longest.into_iter().map(|(_, length)| length).max().unwrap_or(0)
}

fn check_numbers(live: &[Option<u16>], numbers: &[u16], highest: u16) {
    assert_eq!(numbers.len(), live.len());
    assert!(
        numbers.is_sorted_by(|a, b| a < b),
        "not strictly increasing: {numbers:?}"
    );
    assert!(
        numbers.iter().all(|number| (1..=highest).contains(number)),
        "out of range: {numbers:?}"
    );
}

/// Everything that the design says of the answer, for lists short enough to try all.
fn check_against_brute_force(live: &[Option<u16>], highest: u16) {
    let numbers = assign(live, highest).unwrap();
    check_numbers(live, &numbers, highest);
    let stays = stays_by_trying_all(live, highest);
    for (at, number) in numbers.iter().enumerate() {
        if stays.contains(&at) {
            assert_eq!(Some(*number), live[at], "position {at} of {live:?} stays");
        } else {
            let before = if at == 0 { 0 } else { numbers[at - 1] };
            assert_eq!(
                *number,
                before + 1,
                "position {at} of {live:?} follows the one before"
            );
            assert_ne!(Some(*number), live[at], "position {at} of {live:?} does not stay");
        }
    }
    let changed = live.len() - stays.len();
    assert_eq!(Some(changed), fewest_by_trying_all(live, highest), "{live:?}");
    assert_eq!(changed, fewest_changes(live, highest), "{live:?}");
}

/// Every list of up to that many links whose live priorities are none, 0 or up to one above the highest.
#[test]
fn every_short_list_is_numbered_as_designed() {
    for (longest, highest) in [(4_u32, 5_u16), (3, 3), (2, HIGHEST)] {
        let choices = usize::from(highest) + 3;
        for length in 0..=longest {
            for code in 0..choices.pow(length) {
                let live: Vec<Option<u16>> = (0..length)
                    .map(|at| code / choices.pow(at) % choices)
                    .map(|choice| u16::try_from(choice).unwrap().checked_sub(1))
                    .collect();
                check_against_brute_force(&live, highest);
            }
        }
    }
}

#[test]
fn more_links_than_numbers_are_an_error() {
    for highest in 0..=HIGHEST {
        for links in 0..=12_usize {
            let answer = assign(&vec![None; links], highest);
            if links <= usize::from(highest) {
                assert_eq!(answer, Ok((1..=u16::try_from(links).unwrap()).collect()));
            } else {
                assert_eq!(answer, Err(TooManyLinks { links, highest }));
            }
        }
    }
}

fn live_priority(highest: u16) -> impl Strategy<Value = Option<u16>> {
    prop_oneof![1 => Just(None), 5 => (0..=highest + 1).prop_map(Some)]
}

/// Any number, often a small one or one at an end of the range.
fn any_priority() -> impl Strategy<Value = Option<u16>> {
    prop_oneof![
        1 => Just(None),
        1 => Just(Some(0)),
        1 => Just(Some(65535)),
        2 => (65300..=65535_u16).prop_map(Some),
        4 => (0..=300_u16).prop_map(Some),
        2 => any::<u16>().prop_map(Some),
    ]
}

/// Long lists: all random, or rising with a few links out of place.
fn long_list() -> impl Strategy<Value = Vec<Option<u16>>> {
    let rising = prop::collection::vec(any::<u16>(), 0..=200).prop_flat_map(|mut numbers| {
        numbers.sort_unstable();
        let places = 0..numbers.len().max(1);
        prop::collection::vec((places, any_priority()), 0..=5).prop_map(move |tweaks| {
            let mut list: Vec<Option<u16>> = numbers.iter().copied().map(Some).collect();
            for (at, priority) in tweaks {
                if let Some(slot) = list.get_mut(at) {
                    *slot = priority;
                }
            }
            list
        })
    });
    prop_oneof![prop::collection::vec(any_priority(), 0..=200), rising]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn up_to_six_links_are_numbered_as_designed(live in prop::collection::vec(live_priority(HIGHEST), 5..=6)) {
        check_against_brute_force(&live, HIGHEST);
    }

    #[test]
    fn in_sync_is_when_all_stay(live in prop::collection::vec(live_priority(HIGHEST), 0..=6)) {
        let rises = live.iter().all(Option::is_some) && live.is_sorted_by(|a, b| a < b);
        let in_range = live.iter().flatten().all(|p| (1..=HIGHEST).contains(p));
        let retained = assign(&live, HIGHEST).unwrap().into_iter().map(Some).collect::<Vec<_>>() == live;
        prop_assert_eq!(retained, rises && in_range);
    }

    #[test]
    fn a_long_list_rises_and_stays_so(live in long_list()) {
        let numbers = assign(&live, u16::MAX).unwrap();
        check_numbers(&live, &numbers, u16::MAX);
        let stays = |at: usize| live[at] == Some(numbers[at]);
        let tail = (0..live.len()).rev().take_while(|at| !stays(*at)).count();
        let head = live.len() - tail;
        let last = if head == 0 { 0 } else { numbers[head - 1] };
        let spaced = live.len() > 100 && tail > 20;
        let step = if spaced { (65535 - usize::from(last)).checked_div(tail).unwrap_or(1).min(10) } else { 1 };
        for (at, number) in numbers.iter().enumerate() {
            let before = if at == 0 { 0 } else { usize::from(numbers[at - 1]) };
            let step = if at < head { 1 } else { step };
            prop_assert!(stays(at) || usize::from(*number) == before + step, "position {} of {:?}", at, live);
        }
        let stay = numbers.iter().zip(&live).filter(|(number, live)| Some(**number) == **live);
        prop_assert_eq!(stay.count(), most_that_stay(&live, u16::MAX));
        let written: Vec<Option<u16>> = numbers.iter().copied().map(Some).collect();
        prop_assert_eq!(assign(&written, u16::MAX), Ok(numbers));
    }
}
